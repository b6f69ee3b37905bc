# SPDX-License-Identifier: Apache-2.0
"""Reads an archive into plain values, run by run. Ids come from the columns, never from file names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .layout import FILE_TYPES, MICRO, PARAMETER_COLUMN, SCHEMA, split_part_name
from .rows import EPOCH

NO_TIME = np.iinfo(np.int64).min  # stands for a null timestamp
NO_STEP = np.iinfo(np.int64).min  # stands for a null step


@dataclass
class Points:
    step_micro: np.ndarray
    times_ms: np.ndarray
    values: np.ndarray


@dataclass
class Payload:
    path: str
    kind: str
    step: Decimal | None
    stored: str


@dataclass
class Run:
    project: str
    run: str
    params: dict[str, list[tuple[str, object]]] = field(default_factory=dict)
    points: dict[str, Points] = field(default_factory=dict)
    lines: dict[str, list[tuple[Decimal | None, int | None, str]]] = field(default_factory=dict)
    histograms: dict[str, list[tuple[Decimal | None, int | None, dict]]] = field(default_factory=dict)
    payloads: list[Payload] = field(default_factory=list)
    unknown_rows: int = 0
    padding_rows: int = 0
    rows: int = 0

    def single(self, path: str, kind: str):
        return next((value for one, value in self.params.get(path, []) if one == kind), None)

    @property
    def name(self) -> str:
        return self.single("sys/custom_run_id", "string") or self.run

    @property
    def experiment(self) -> str | None:
        name = self.single("sys/name", "string")
        return None if name is None else f"{self.project}/{name}"


@dataclass(frozen=True)
class Stem:
    folder: Path
    stem: str
    parts: dict[int, Path]

    @property
    def complete(self) -> bool:
        return 0 in self.parts


def stems(data: Path, recursive: bool = False) -> Iterator[Stem]:
    """Every run file group of every project, in order of names."""
    for folder in sorted(p for p in Path(data).iterdir() if p.is_dir() and not p.name.startswith(".")):
        found: dict[tuple[Path, str], dict[int, Path]] = {}
        for file in folder.rglob("*.parquet") if recursive else folder.glob("*.parquet"):
            if named := split_part_name(file.name):
                found.setdefault((file.parent, named[0]), {})[named[1]] = file
        for (where, stem), parts in sorted(found.items()):
            yield Stem(where, stem, parts)


def read_stem(stem: Stem) -> list[Run]:
    """The runs of one file group: one, unless ids are mixed. Raises what pyarrow raises on damage."""
    runs: dict[tuple[str, str], Run] = {}
    for _, file in sorted(stem.parts.items()):
        table = fitted(pq.read_table(file, partitioning=None))
        keys = (
            list(zip(table["project_id"].to_pylist(), table["run_id"].to_pylist())) if _mixed(table) else None
        )
        if keys is None and table.num_rows:
            _add(_run(runs, table["project_id"][0].as_py(), table["run_id"][0].as_py()), table)
        for key in dict.fromkeys(keys or []):
            mask = pa.array([k == key for k in keys])
            _add(_run(runs, *key), table.filter(mask))
    return list(runs.values())


def fitted(table: pa.Table) -> pa.Table:
    """The schema's columns in its order: absent ones null, unknown ones dropped, wrong types an error."""
    columns = []
    for one in SCHEMA:
        here = table.schema.get_field_index(one.name)
        column = pa.nulls(table.num_rows, one.type) if here < 0 else table.column(here)
        if column.type != one.type:
            raise pa.ArrowTypeError(f"column {one.name} is {column.type}, not {one.type}")
        columns.append(column)
    return pa.table(columns, schema=SCHEMA)


def _mixed(table: pa.Table) -> bool:
    return any(pc.count_distinct(table[c], mode="all").as_py() > 1 for c in ("project_id", "run_id"))


def _run(runs: dict, project: str, run: str) -> Run:
    return runs.setdefault((project, run), Run(project, run))


def _add(run: Run, table: pa.Table) -> None:
    run.rows += table.num_rows
    kinds = table["attribute_type"]
    known = ("float_series", "string_series", "histogram_series", *PARAMETER_COLUMN, *FILE_TYPES)
    _add_points(run, table.filter(pc.equal(kinds, "float_series")))
    others = table.filter(pc.fill_null(pc.not_equal(kinds, "float_series"), True))
    for row in others.to_pylist():
        kind = row["attribute_type"]
        if kind not in known:
            run.unknown_rows += 1
        elif not _add_row(run, kind, row["attribute_path"], row):
            run.padding_rows += 1


def _add_row(run: Run, kind: str, path: str, row: dict) -> bool:
    if kind in PARAMETER_COLUMN:
        value = row[PARAMETER_COLUMN[kind]]
        if value is not None:
            run.params.setdefault(path, []).append((kind, value))
        return value is not None
    if kind in FILE_TYPES:
        stored = (row["file_value"] or {}).get("path")
        if stored is not None:
            run.payloads.append(Payload(path, kind, row["step"], stored))
        return stored is not None
    column, into = (
        ("string_value", run.lines) if kind == "string_series" else ("histogram_value", run.histograms)
    )
    if row[column] is None:
        return False
    into.setdefault(path, []).append((row["step"], milliseconds(row["timestamp"]), row[column]))
    return True


def _add_points(run: Run, table: pa.Table) -> None:
    # Without step and value a row is padding; with a step a null value is a NaN that was logged.
    data = pc.or_(pc.is_valid(table["step"]), pc.is_valid(table["float_value"]))
    run.padding_rows += table.num_rows - (pc.sum(data).as_py() or 0)
    table = table.filter(data)
    if table.num_rows == 0:
        return
    steps = micro(table["step"])
    times = pc.fill_null(table["timestamp"].cast(pa.int64()), NO_TIME).to_numpy()
    values = pc.fill_null(table["float_value"], float("nan")).to_numpy()
    encoded = table["attribute_path"].combine_chunks().dictionary_encode()
    indices = encoded.indices.to_numpy()
    order = np.argsort(indices, kind="stable")
    borders = np.searchsorted(indices[order], np.arange(len(encoded.dictionary) + 1))
    for number, path in enumerate(encoded.dictionary.to_pylist()):
        rows = order[borders[number] : borders[number + 1]]
        new = Points(steps[rows], times[rows], values[rows])
        old = run.points.get(path)
        run.points[path] = new if old is None else _joined(old, new)


def _joined(a: Points, b: Points) -> Points:
    return Points(
        np.concatenate([a.step_micro, b.step_micro]),
        np.concatenate([a.times_ms, b.times_ms]),
        np.concatenate([a.values, b.values]),
    )


def micro(steps: pa.ChunkedArray) -> np.ndarray:
    """Unscaled values of a decimal128(18, 6) column: 18 digits fit the low 64 bits."""
    out = []
    for chunk in steps.chunks:
        words = np.frombuffer(chunk.buffers()[1], dtype="<i8")[::2][chunk.offset : chunk.offset + len(chunk)]
        out.append(np.where(chunk.is_valid().to_numpy(zero_copy_only=False), words, NO_STEP))
    return np.concatenate(out) if out else np.empty(0, np.int64)


def milliseconds(time) -> int | None:
    if time is None:
        return None
    gone = time - EPOCH
    return (gone.days * 86_400 + gone.seconds) * 1000 + gone.microseconds // 1000


def step_decimal(step_micro: int) -> Decimal:
    return Decimal(int(step_micro)) / MICRO
