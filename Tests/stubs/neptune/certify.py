#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Certifies the stub by the vendor's own clients: what they read of it must be what the data set holds.

certify.py CACHE [--profile small] [--seed 1] [--generation 2 3]

CACHE is a folder that is kept: the clients are installed there once, each in an environment of its own. The
exit code is 1 when anything differs, when a client warns or logs an error, or when the stub itself failed."""

from __future__ import annotations

import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from certification import frames
from neptune_stub import Dataset, NeptuneServer, PageCaps, expected

HERE = Path(__file__).resolve().parent
# The newest releases; the last that there will be.
CLIENTS = {3: "neptune-query==1.14.1", 2: "neptune==1.14.0.post2"}
READERS = {3: "read_query.py", 2: "read_legacy.py"}
READ_LIMIT_SECONDS = 1_500
COMPARED = ("units", "fields", "points", "series", "histograms", "files", "unreadable")


def environment(cache: Path, client: str) -> Path:
    """The Python of an environment in which the client is installed."""
    folder = cache / client.replace("==", "-")
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        venv.create(folder, with_pip=True, clear=True)
        # The 1.x client asks pkg_resources, which newer setuptools no longer bring.
        wanted = [client, "pandas", "setuptools<81"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True, timeout=1_200)
        (folder / "installed").touch()
    return python


def read(
    python: Path, generation: int, server: NeptuneServer, folder: Path, points: int
) -> list[tuple[str, dict]]:
    projects = [one.identifier for one in server.data.projects]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEPTUNE_")}
    kept |= {"NEPTUNE_API_TOKEN": server.api_token, "TZ": "UTC", "PYTHONPATH": str(HERE / "certification")}
    # The 1.x client's OAuth library refuses to refresh a token over plain http.
    kept |= {"OAUTHLIB_INSECURE_TRANSPORT": "1", "NO_PROXY": "127.0.0.1"}
    # Nothing here is meant to be tried again for half an hour.
    kept |= {"NEPTUNE_QUERY_RETRY_SOFT_TIMEOUT": "20", "NEPTUNE_RETRIES_TIMEOUT": "20"}
    out = folder / "read.jsonl"
    command = [
        python,
        HERE / "certification" / READERS[generation],
        out,
        folder / "files",
        str(points),
        *projects,
    ]
    # The 1.x client greets on standard output for every run it opens.
    subprocess.run(
        command, check=True, env=kept, cwd=folder, timeout=READ_LIMIT_SECONDS, stdout=subprocess.DEVNULL
    )
    return [tuple(json.loads(line)) for line in open(out, encoding="utf-8")]


def compare(data: Dataset, found: list[tuple[str, dict]]) -> list[str]:
    """What differs, in words. Rows are compared as multisets, by table."""
    wanted = list(expected.rows(data))
    if data.generation == 3:
        # No call of the client finds a run without a custom id, nor gives it values of other types.
        wanted = [
            (table, row) for table, row in wanted if row.get("unit") is not None and table != "unreadable"
        ]
    else:
        wanted = [(table, _legacy(table, row)) for table, row in wanted]
        wanted = [(table, row) for table, row in wanted if row]
    keys = ("project", "unit", "sys_id")
    wanted_rows = [(one, {key: row[key] for key in keys} if one == "units" else row) for one, row in wanted]
    differences = []
    for table in COMPARED:
        right = collections.Counter(_key(row) for one, row in wanted_rows if one == table)
        read_rows = collections.Counter(_key(row) for one, row in found if one == table)
        for word, rows in (("missing", right - read_rows), ("not in the data set", read_rows - right)):
            if rows:
                examples = "\n    ".join(str(one)[:400] for one in list(rows)[:3])
                differences.append(f"{table}: {rows.total()} rows {word}:\n    {examples}")
    differences += frames.differences(wanted, found, data)
    return differences + [
        f"complaint of the client: {row['text']}" for one, row in found if one == "complaints"
    ]


def _legacy(table: str, row: dict) -> dict | None:
    """A row without what the 1.x client keeps to itself or never asks for."""
    hidden = ("properties", "gone") if row.get("role") != "file" else ("properties", "gone", "media_type")
    trashed_version = table != "projects" and row["sys_id"].endswith("-DET-3")
    # The client lists no version in the trash, and cannot fetch this set alone.
    if trashed_version or row.get("path") == "sys/group_tags":
        return None
    return {key: value for key, value in row.items() if key not in hidden}


def _key(row: dict) -> str:
    return json.dumps(row, sort_keys=True, ensure_ascii=False)


def certify(python: Path, generation: int, given: argparse.Namespace) -> bool:
    caps = PageCaps(objects=given.objects)
    with tempfile.TemporaryDirectory(prefix="certify-") as scratch:
        folder = Path(scratch)
        with NeptuneServer(
            folder, given.profile, given.seed, generation, token_seconds=40, caps=caps
        ) as server:
            began = time.monotonic()
            found = read(python, generation, server, folder, given.points)
            seconds = time.monotonic() - began
            requests = collections.Counter(one["endpoint"] for one in server.requests())
            errors = [one for one in server.requests() if one["status"] >= 400 and not _allowed(one)]
            differences = compare(server.data, found)
    differences += [
        f"{one['endpoint']} was answered {one['status']}: {one['path']} {one['query']}" for one in errors
    ]
    counts = collections.Counter(table for table, _ in found)
    print(f"Neptune {generation}, {CLIENTS[generation]}, {given.profile}, seed {given.seed}: {seconds:.1f} s")
    print(
        "  rows equal: "
        + ", ".join(f"{counts[name]} {name}" for name in (*COMPARED, "frames") if counts[name])
    )
    print("  requests: " + ", ".join(f"{count} {name}" for name, count in sorted(requests.items())))
    for text in differences:
        print(f"  DIFFERS {text}")
    return not differences


def _allowed(entry: dict) -> bool:
    """Errors that belong to the data set: a file that its store has lost, sets that are listed and not
    there."""
    return entry["status"] == 404 and entry["endpoint"] in ("storage_get", "attribute_stringSet")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--profile", default="small")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--generation", type=int, nargs="+", default=[3, 2], choices=(2, 3))
    parser.add_argument("--objects", type=int, default=500, help="points of object series in one page")
    parser.add_argument(
        "--points", type=int, default=None, help="points of float series that are asked for at once"
    )
    parser.add_argument("--python", type=Path, help="an environment that has both clients, instead of CACHE")
    given = parser.parse_args()
    given.points = given.points or (3_000 if given.profile == "small" else 1_000_000)
    results = []
    for generation in given.generation:
        python = given.python or environment(given.cache, CLIENTS[generation])
        results.append(certify(python, generation, given))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
