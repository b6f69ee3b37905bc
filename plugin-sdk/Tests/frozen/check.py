# SPDX-License-Identifier: Apache-2.0
"""Today's host runs the plugin that was compiled from the headers of ABI 0.1.

    HOST_BIN=…/host python3 plugin-sdk/Tests/frozen/check.py

Three moves: frozen → frozen, frozen → parquet, parquet → frozen. The sums that the loader writes are compared with
sums that are made here from what frozen.c says its records are.
"""

import hashlib
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOST = os.environ.get("HOST_BIN", "host")
SHA256 = "6ebf07598665afceebe911d6044a0f88338facf3895f9c679615670e742e2991"
POINTS = 200
FILE = b"frozen bytes\n"


def fnv(data):
    value = 14695981039346656037
    for byte in data:
        value = (value ^ byte) * 1099511628211 % 2**64
    return value


def bits(number):
    return struct.unpack("<Q", struct.pack("<d", number))[0]


def line(table, rows, names, values, steps=0, times=0):
    words = " ".join(f"{word} {value % 2**64:016x}" for word, value in
                     (("names", names), ("values", values), ("steps", steps), ("times", times)))
    return f"{table} rows {rows} {words}"


def expected():
    names = [fnv(name) for name in (b"loss", b"val/acc")]
    odd = POINTS // 2
    return [
        line("fields/1", 3, fnv(b"seed") + fnv(b"lr") + fnv(b"note"),
             2**63 - 1 + bits(0.1) + fnv("grüß".encode())),
        line("points/1", POINTS, odd * sum(names),
             sum(bits(-0.0 if n % 7 == 3 else 1.0 / (n + 1)) for n in range(POINTS)),
             sum(n // 2 for n in range(POINTS)) + odd * 500000 * 31,
             sum(1700000000000000 + n * 1000000 for n in range(POINTS))),
        line("series/1", 1, fnv(b"log"), fnv(b"began"), steps=1),
        # The size, each byte times its place, and the digest: the file's value.
        line("files/1", 1, fnv(b"model"), len(FILE) + sum(byte * (at + 1) for at, byte in enumerate(FILE))
             + fnv(hashlib.sha256(FILE).digest())),
    ]


def move(folder, source, target, job):
    environment = dict(os.environ, HOST_PLUGIN_PATH=str(HERE), HOST_STATE_DIR=f"{folder}/state")
    command = [HOST, "run", "--from", source, "--to", target, "--job", job, "--progress", "none"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"frozen: {' '.join(command)} ended with {done.returncode}:\n{done.stdout}")


def compare(folder, tables, where):
    for run in ("F-1", "F-2"):
        found = [row for row in (Path(folder) / f"{run}.txt").read_text().splitlines() if row.startswith(tables)]
        wanted = [row for row in expected() if row.startswith(tables)]
        if found != wanted:
            sys.exit("\n".join([f"frozen: {where}: {run} differs", *found, "instead of", *wanted]))


def main():
    library = HERE / "libhost-plugin-frozen.so"
    if hashlib.sha256(library.read_bytes()).hexdigest() != SHA256:
        sys.exit("frozen: the binary is not the one that was compiled from ABI 0.1. It never changes.")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("direct", "back"):
            os.mkdir(f"{folder}/{name}")
        move(folder, "frozen:", f"frozen:{folder}/direct", "direct")
        compare(f"{folder}/direct", ("fields", "points", "series", "files"), "frozen to frozen")
        # An archive gives each run fields of its own, so those are not compared on this way.
        move(folder, "frozen:", f"parquet:{folder}/archive/data", "there")
        move(folder, f"parquet:{folder}/archive/data", f"frozen:{folder}/back", "back")
        compare(f"{folder}/back", ("points", "series", "files"), "frozen to parquet to frozen")
    print("frozen: the plugin of ABI 0.1 reads and writes with this host")


main()
