# SPDX-License-Identifier: Apache-2.0
"""Two archives hold the same rows, whatever their order, parts, padding and payload paths."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from archive.layout import FILE_TYPES, SCHEMA, project_folder, stored_name
from archive.reader import fitted, stems
from target.artifacts import readable

VALUE_COLUMNS = [f.name for f in SCHEMA][4:]


def archive_rows(data: Path, files: Path | None = None) -> Counter:
    """Rows as tuples; a payload is its digest, a double its bits. Rows without a value are padding."""
    files = files or data.parent / "files"
    found: Counter = Counter()
    for stem in stems(data, recursive=True):
        for _, file in sorted(stem.parts.items()):
            table = fitted(pq.read_table(file, partitioning=None))
            found.update(_rows(table, files))
    return found


def _rows(table: pa.Table, files: Path):
    floats = table["float_value"].combine_chunks()
    # NaN has two forms in an archive, null and NaN.
    raw = pc.fill_null(floats, float("nan")).to_numpy().view(np.int64).tolist()
    for position, row in enumerate(table.to_pylist()):
        kind = row["attribute_type"]
        if kind == "float_series" and row["step"] is not None:
            value = row["float_value"]
            row["float_value"] = None if value is None or value != value else raw[position]
        elif row["float_value"] is not None:
            row["float_value"] = raw[position]
        if all(row[c] is None for c in VALUE_COLUMNS):
            continue
        if kind in FILE_TYPES:
            if (row["file_value"] or {}).get("path") is None:
                continue
            row["file_value"] = _digest(
                project_folder(files, row["project_id"]), row["file_value"]["path"], kind
            )
        yield tuple(_frozen(row[f.name]) for f in SCHEMA)


def _digest(root: Path, stored: str, kind: str):
    source = readable(root, stored, directory=kind == "file_set")
    if source is None:
        return None
    if kind != "file_set":
        return hashlib.sha256(source.read_bytes()).hexdigest()
    members = sorted(p for p in source.rglob("*") if p.is_file())
    return tuple(
        (m.relative_to(source).as_posix(), hashlib.sha256(m.read_bytes()).hexdigest()) for m in members
    )


def _frozen(value):
    if isinstance(value, list):
        return tuple(_frozen(v) for v in value)
    if isinstance(value, dict):
        return tuple((k, _frozen(v)) for k, v in sorted(value.items()))
    return "NaN" if value != value else value


# Rows that a writer may add to a run that lacks them, so that the exporter's own loader takes the run.
_ADDED = ("sys/custom_run_id",)


def assert_same_archive(one: Path, other: Path) -> None:
    mine, theirs = archive_rows(one), archive_rows(other)
    missing, extra = mine - theirs, theirs - mine
    had = {row[:3] for row in mine}
    extra = Counter({row: n for row, n in extra.items() if row[2] not in _ADDED or row[:3] in had})
    assert not missing and not extra, (
        f"{sum(missing.values())} rows missing, {sum(extra.values())} extra\n"
        f"missing: {list(missing)[:3]}\nextra: {list(extra)[:3]}"
    )


def assert_layout(data: Path) -> None:
    """Names, schema and encoding as the exporter writes them."""
    for stem in stems(data):
        for number, file in stem.parts.items():
            parquet = pq.ParquetFile(file)
            assert parquet.schema_arrow.equals(SCHEMA), f"{file.name}: {parquet.schema_arrow}"
            if parquet.metadata.num_rows == 0:
                continue
            first = parquet.read_row_group(0, columns=["project_id", "run_id"]).slice(0, 1).to_pylist()[0]
            assert stem.folder.name == stored_name(first["project_id"])
            assert file.name == f"{stored_name(first['run_id'])}_part_{number}.parquet"
            column = parquet.metadata.row_group(0).column(0)
            assert column.compression == "SNAPPY" and parquet.metadata.format_version == "2.6"
        assert sorted(stem.parts) == list(range(len(stem.parts))), f"{stem.stem} has gaps"
