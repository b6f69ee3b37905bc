# SPDX-License-Identifier: Apache-2.0
"""Nothing is lost and nothing is there twice, whenever the process is killed.

    HOST_BIN=…/host HOST_PLUGIN_PATH=… python3 tests/kill.py [SEED]

Moves one long run into a folder of lines, kills the host with SIGKILL each time some more batches are durable, goes
on, and compares what is there with a move that nobody disturbed.
"""

import glob
import os
import random
import subprocess
import sys
import tempfile
import time

host = os.environ.get("HOST_BIN", "host")
seed = int(sys.argv[1]) if len(sys.argv) > 1 else int(time.time())
random.seed(seed)
POINTS = 1_000_000


def command(target, state):
    return [host, "run", "--from", f"null:?runs=1&series=3&points={POINTS}", "--to", f"jsonl:{target}",
            "--job", "kill", "--job-dir", state, "--progress", "none"]


def marks(target):
    found = glob.glob(f"{target}/*/*.marks")
    return open(found[0]).read().count("\n") if found else 0


def records(target):
    """The lines of the one unit without its first and last one, which name job and time."""
    (path,) = glob.glob(f"{target}/*/*.jsonl")
    with open(path) as lines:
        return [line for line in lines if line.startswith('{"table"')], open(path).readlines()[-1]


with tempfile.TemporaryDirectory() as folder:
    whole, killed = f"{folder}/whole", f"{folder}/killed"
    subprocess.run(command(whole, f"{folder}/state-whole"), check=True, stdout=subprocess.DEVNULL)

    kills = resumed = 0
    while True:
        before = marks(killed)
        process = subprocess.Popen(command(killed, f"{folder}/state-killed"), stdout=subprocess.DEVNULL)
        wanted = before + random.randint(1, 6)
        while process.poll() is None and marks(killed) < wanted:
            time.sleep(0.002)
        if process.poll() is not None:
            break
        process.kill()
        process.wait()
        kills += 1
        resumed += before > 1
    if process.returncode != 0:
        sys.exit(f"kill: the last run ended with {process.returncode} (seed {seed})")
    expected, last = records(whole)
    got, end = records(killed)
    if len(expected) != 3 * POINTS or expected != got or last != end:
        sys.exit(f"kill: {len(got)} records instead of {len(expected)}, or others (seed {seed})")
    if glob.glob(f"{killed}/*/*.part") or glob.glob(f"{killed}/*/*.marks"):
        sys.exit("kill: something incomplete was left")
    if kills < 3 or resumed < 1:
        sys.exit(f"kill: only {kills} kills, {resumed} of them behind a durable batch: nothing was tested (seed {seed})")
    print(f"kill: {kills} kills, {resumed} behind a durable batch; {len(got)} records, the same (seed {seed})")
