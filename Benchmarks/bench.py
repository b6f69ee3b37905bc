#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the built command: bench.py [start|read|memory|load|worker]... [--json FILE].

Prints a table and the ratios that matter: a ratio says more than seconds, for both sides ran on one
machine."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path

import bench_context
import bench_load
import bench_memory
import bench_read
import bench_start
import bench_worker

BENCHMARKS = {
    "start": bench_start,
    "read": bench_read,
    "memory": bench_memory,
    "load": bench_load,
    "worker": bench_worker,
}


def table(name: str, result: dict) -> str:
    columns = list(dict.fromkeys(c for row in result["rows"].values() for c in row))
    width = max(len(r) for r in [name, *result["rows"]])
    lines = [f"{name:<{width}}" + "".join(f"{c:>18}" for c in columns)]
    for title, row in result["rows"].items():
        lines.append(f"{title:<{width}}" + "".join(f"{_number(row.get(c)):>18}" for c in columns))
    return "\n".join([*lines, *(f"  {ratio:6.2f}  {what}" for what, ratio in result["ratios"].items())])


def _number(value) -> str:
    if value is None:
        return ""
    return f"{value:,.3f}" if isinstance(value, float) and value < 1000 else f"{value:,.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: all of {', '.join(BENCHMARKS)}")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--quick", action="store_true", help="smaller archives: shows that it works, measures little"
    )
    parser.add_argument("--archives", type=Path, help="folder that keeps made archives")
    parser.add_argument("--workers", type=int, default=1, help="workers of the MLflow server")
    parser.add_argument("--transfers", type=int, default=4)
    parser.add_argument(
        "--no-check", action="store_true", help="do not compare what was loaded with the archive"
    )
    given = parser.parse_args()
    if unknown := set(given.names) - BENCHMARKS.keys():
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    results = {}
    print(f"seed {given.seed}, {os.cpu_count()} cores, {platform.machine()}, {bench_context.binary()}")
    with tempfile.TemporaryDirectory(prefix="host-bench-") as scratch:
        context = bench_context.Context(
            Path(scratch), given.archives or Path(scratch) / "archives", given.seed, given.quick,
            given.workers, given.transfers, not given.no_check,
        )  # fmt: skip
        for name in given.names or BENCHMARKS:
            results[name] = BENCHMARKS[name].bench(context)
            print("\n" + table(name, results[name]), flush=True)
    if given.json:
        whole = {"seed": given.seed, "cores": os.cpu_count(), "quick": given.quick, "results": results}
        given.json.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
