# SPDX-License-Identifier: Apache-2.0
"""Well-formed archives by size. Everything comes from one seeded generator."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .layout import MICRO, SCHEMA, payload_path
from .rows import RunRows, points_batch, whole_steps
from .writer import ArchiveWriter

START_MS = 1_736_150_400_000  # 2025-01-06 08:00:00 UTC
ROWS_PER_GROUP = 1_000_000


def small(out: ArchiveWriter, rng: np.random.Generator, prefix: str) -> None:
    """Two projects, seven runs, every attribute type, a fork: what a demonstration shows."""
    for run_number in range(5):
        _small_run(
            out, rng, f"{prefix}demo/vision", f"VIS-{run_number + 1}", "resnet" if run_number < 3 else "vit"
        )
    _small_run(out, rng, f"{prefix}demo/vision", "VIS-6", "resnet", parent="VIS-1", fork_step=100.0)
    # Without `sys/name` a run may land among those of other archives: its id has the prefix too.
    _small_run(out, rng, f"{prefix}demo/text", f"{prefix}TXT-1", None, failed=True)


def _small_run(out, rng, project: str, run: str, experiment: str | None, **system) -> None:
    created = START_MS + int(rng.integers(0, 10**9))
    rows = RunRows(project, run).system(experiment, created, **system)
    rows.param("config/lr", "float", float(rng.uniform(1e-5, 1e-1)))
    rows.param("config/layers", "int", int(rng.integers(1, 2**62)))
    rows.param("config/optimizer", "string", "adam").param("config/amp", "bool", bool(rng.integers(0, 2)))
    rows.param("sys/tags", "string_set", ["prod", "naïve", f"n{rng.integers(9)}"])
    for name in ("train/loss", "train/accuracy", "val/loss"):
        for step in range(120):
            rows.point(name, step, created + step * 1000 + int(rng.integers(0, 999)), float(rng.normal()))
    rows.point("train/loss", 120, created + 121_000, None)
    for step in range(20):
        rows.line("logs/stdout", step, created + step * 1500, f"epoch {step}: loss {rng.normal():.4f}")
    for step in (0, 10):
        edges = [float(e) for e in np.linspace(-1.0, 1.0, 11)]
        rows.histogram(
            "weights/layer1", step, created + step, edges, [float(v) for v in rng.integers(0, 99, 10)]
        )
    _small_files(out, rng, rows, created)
    out.part(project, run, [rows.batch()])


def _small_files(out: ArchiveWriter, rng, rows: RunRows, created: int) -> None:
    def put(path: str, size: int, leaf: str = "", extension: str = ".bin") -> str:
        return out.payload(rows.project, payload_path(rows.run, path, leaf, extension), rng.bytes(size))

    rows.file("artifacts/model", put("artifacts/model", 20_000))
    rows.file("artifacts/empty", put("artifacts/empty", 0, extension=".txt"))
    for step in (0, 1, 2):
        stored = put("images/samples", 3_000, f"step_{step}_000000", ".png")
        rows.file("images/samples", stored, "file_series", step=step, time_ms=created + step)


def many(out: ArchiveWriter, rng: np.random.Generator, prefix: str) -> None:
    """40 small runs in two experiments, every tenth forked from the one before it."""
    for number in range(40):
        system = {"parent": f"RUN-{number - 1}", "fork_step": 10.0} if number % 10 == 9 else {}
        _small_run(out, rng, f"{prefix}demo/many", f"RUN-{number}", f"group-{number % 2}", **system)


def medium(out: ArchiveWriter, rng: np.random.Generator, prefix: str) -> None:
    """400,000 points: 8 runs of 50 metrics with 1,000 points each."""
    _points_runs(out, rng, f"{prefix}bench/medium", runs=8, metrics=50, points=1_000)


def summary7m(out: ArchiveWriter, rng: np.random.Generator, prefix: str) -> None:
    """7,000,000 points over 50 runs."""
    _points_runs(out, rng, f"{prefix}bench/summary", runs=50, metrics=140, points=1_000)


def _points_runs(out, rng, project: str, runs: int, metrics: int, points: int) -> None:
    names = pa.array([f"metrics/group_{m % 7}/value_{m:03d}" for m in range(metrics)])
    order = np.tile(np.arange(metrics, dtype=np.int32), points)  # as exported: by step, then path
    steps = np.repeat(whole_steps(points), metrics)
    for number in range(runs):
        run = f"run-{number:03d}"
        created = START_MS + number * 60_000
        head = RunRows(project, run).system("bench", created).param("config/lr", "float", 0.1 / (number + 1))
        times = created + steps // 1000 + rng.integers(0, 900, len(steps))
        paths = pa.DictionaryArray.from_arrays(pa.array(order), names).cast(pa.string())
        values = pa.array(rng.normal(size=len(steps)))
        out.part(project, run, [head.batch(), points_batch(project, run, paths, steps, times, values)])


def big20m(out: ArchiveWriter, rng: np.random.Generator, prefix: str, groups: int = 20) -> None:
    """One run with 20 metrics interleaved, a million rows a row group."""
    project, run = f"{prefix}bench/big", "big-run"
    names = pa.array([f"metrics/value_{m:02d}" for m in range(20)])
    order = pa.array(np.tile(np.arange(20, dtype=np.int32), ROWS_PER_GROUP // 20))
    paths = pa.DictionaryArray.from_arrays(order, names).cast(pa.string())

    def batches():
        yield RunRows(project, run).system("bench", START_MS).batch()
        for group in range(groups):
            steps = np.repeat(whole_steps(ROWS_PER_GROUP // 20, group * ROWS_PER_GROUP // 20), 20)
            values = pa.array(rng.normal(size=ROWS_PER_GROUP))
            yield points_batch(project, run, paths, steps, START_MS + steps // MICRO * 10, values)

    out.part(project, run, batches())


def big20m_one_group(out: ArchiveWriter, rng: np.random.Generator, prefix: str, groups: int = 20) -> None:
    """The same number of rows in one row group, metric after metric. The chunks share all columns but the
    path, so the writer holds a million rows, not twenty."""
    project, run = f"{prefix}bench/big-group", "big-run"
    steps = whole_steps(ROWS_PER_GROUP)
    values = pa.array(rng.normal(size=ROWS_PER_GROUP))
    shared = points_batch(
        project, run, pa.repeat("m", ROWS_PER_GROUP), steps, START_MS + steps // 1000, values
    )
    chunks = [RunRows(project, run).system("bench", START_MS).batch()]
    where = SCHEMA.get_field_index("attribute_path")
    for metric in range(groups):
        paths = pa.repeat(pa.scalar(f"m{metric:02d}"), ROWS_PER_GROUP)
        chunks.append(shared.set_column(where, SCHEMA.field(where), paths))
    out.one_row_group(project, run, pa.Table.from_batches(chunks, schema=SCHEMA))


PROFILES = {
    "small": small,
    "many": many,
    "medium": medium,
    "summary7m": summary7m,
    "big20m": big20m,
    "big20m-one-group": big20m_one_group,
}
