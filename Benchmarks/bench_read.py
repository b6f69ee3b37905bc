# SPDX-License-Identifier: Apache-2.0
"""Reading archives: a summary of 7,000,000 rows, and parquet → null against pyarrow's own batches."""

from __future__ import annotations

import sys
from pathlib import Path

import measure
from bench_context import TOOLS, Context

_PYARROW_READ = """
import sys, time
from pathlib import Path
import pyarrow.parquet as pq
begun, rows = time.perf_counter(), 0
for file in sorted(Path(sys.argv[1]).rglob("*.parquet")):
    for batch in pq.ParquetFile(file).iter_batches(batch_size=65_536):
        rows += batch.num_rows
print(rows, time.perf_counter() - begun)
"""
_PYARROW_COUNT = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from archive_counts import archive_counts
begun = time.perf_counter()
found = archive_counts(Path(sys.argv[1]))
print(sum(p["records"] for p in found.values()), time.perf_counter() - begun)
"""
ROUNDS = 3


def bench(context: Context) -> dict:
    data = context.archive("summary7m" if not context.quick else "medium")
    rows = {
        "pyarrow iter_batches": _python(context, _PYARROW_READ, data),
        "pyarrow counts": _python(context, _PYARROW_COUNT, data, str(TOOLS)),
        "host archive → null": _host(context, data, ["run", "--to", "null:"]),
        "host summary": _host(context, data, ["summary"]),
    }
    return {
        "rows": rows,
        "ratios": {
            "host archive → null : pyarrow (at most 1.2)": rows["host archive → null"]["wall"]
            / rows["pyarrow iter_batches"]["wall"],
            "host summary : pyarrow counts": rows["host summary"]["wall"] / rows["pyarrow counts"]["wall"],
        },
    }


def _python(context: Context, script: str, data: Path, *more: str) -> dict:
    """`wall` is the reading alone: starting Python and importing are not counted against pyarrow."""
    found = []
    for _ in range(ROUNDS):
        usage = measure.run([sys.executable, "-c", script, str(data), *more], context.folder("python"))
        count, seconds = usage.out.split()
        found.append(usage.numbers() | {"wall": float(seconds), "records": int(count)})
    return min(found, key=lambda one: one["wall"])


def _host(context: Context, data: Path, verb: list[str]) -> dict:
    found = []
    for _ in range(ROUNDS):
        host = context.host()
        if verb[0] == "run":
            command = host.run_arguments(data, "null:", "--transfers", "1")
        else:
            command = ["summary", f"parquet:{data}", "--json"]
        found.append(measure.run([str(context.binary), *command], host.folder / "use", host.env()).numbers())
    return min(found, key=lambda one: one["wall"])
