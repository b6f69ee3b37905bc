# SPDX-License-Identifier: Apache-2.0
"""Counts of an archive, by pyarrow: runs, rows with data, attribute types, steps of each project."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from archive.layout import FILE_TYPES, PARAMETER_COLUMN
from archive.reader import fitted, stems


def archive_counts(data: Path) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for stem in stems(data):
        if not stem.complete:
            continue
        for _, file in sorted(stem.parts.items()):
            _add(found, without_padding(fitted(pq.read_table(file, partitioning=None))))
    return {
        project: {
            "runs": len(one["run_rows"]),
            "records": sum(one["run_rows"].values()),
            "types": {kind: len(paths) for kind, paths in sorted(one["paths"].items())},
            "steps": one["steps"],
            "unique_steps": len(one["distinct"]),
            "lowest_step": min(one["distinct"], default=None),
            "highest_step": max(one["distinct"], default=None),
            "run_rows": one["run_rows"],
        }
        for project, one in found.items()
    }


def without_padding(table: pa.Table) -> pa.Table:
    """The exporter pads its tables with rows that hold no value."""
    kinds = table["attribute_type"]
    columns = dict(PARAMETER_COLUMN) | {
        "string_series": "string_value",
        "histogram_series": "histogram_value",
    }
    # Without value and step a point is padding; with a step its null is a NaN.
    point = pc.or_(pc.is_valid(table["float_value"]), pc.is_valid(table["step"]))
    data = pc.and_(pc.equal(kinds, "float_series"), point)
    for kind, column in columns.items():
        data = pc.or_(data, pc.and_(pc.equal(kinds, kind), pc.is_valid(table[column])))
    files = pc.is_in(kinds, value_set=pa.array(FILE_TYPES))
    stored = pc.is_valid(pc.struct_field(table["file_value"], "path"))
    return table.filter(pc.or_(data, pc.and_(files, stored)))


def _add(found: dict, table: pa.Table) -> None:
    groups = table.group_by(["project_id", "run_id"]).aggregate([([], "count_all")]).to_pylist()
    for group in groups:
        one = found.setdefault(
            group["project_id"], {"run_rows": {}, "paths": {}, "steps": 0, "distinct": set()}
        )
        rows = one["run_rows"]
        rows[group["run_id"]] = rows.get(group["run_id"], 0) + group["count_all"]
    for project in {g["project_id"] for g in groups}:
        mine = table.filter(pc.equal(table["project_id"], project))
        one = found[project]
        for pair in mine.group_by(["attribute_type", "attribute_path"]).aggregate([]).to_pylist():
            one["paths"].setdefault(pair["attribute_type"], set()).add(pair["attribute_path"])
        steps = mine["step"].drop_null()
        one["steps"] += len(steps)
        one["distinct"].update(steps.unique().to_pylist())
