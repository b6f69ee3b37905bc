# SPDX-License-Identifier: Apache-2.0
"""What a reader of the data set must arrive at, by table: rows as plain values that JSON can hold.

Floats are 16 hex digits of their bits, steps are whole numbers of millionths, times are milliseconds since
the epoch. `unit` is the custom run id in Neptune 3 (null when there is none) and the sys id in Neptune 2;
`sys_id` is there in both. A fork's own points are marked `own`; the others are its ancestors'."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Iterator

from .data import Dataset, Head, Project
from .values import Attribute, Histogram, Payload, Points, Series, bits

FIELD_TYPES = {
    "float": "float",
    "int": "int",
    "string": "text",
    "bool": "bool",
    "datetime": "time",
    "stringSet": "set",
}
SERIES_TABLES = {
    "floatSeries": "points",
    "stringSeries": "series",
    "histogramSeries": "histograms",
    "fileRefSeries": "files",
    "imageSeries": "files",
}
TABLES = ("projects", "units", "fields", "points", "series", "histograms", "files", "unreadable")

Row = tuple[str, dict]


def rows(data: Dataset, project: str | None = None, sys_id: str | None = None) -> Iterator[Row]:
    """Table and row, unit by unit; of one project or one unit if asked."""
    for one in data.projects:
        if project in (None, one.identifier):
            if sys_id is None:
                yield "projects", {
                    "id": one.identifier,
                    "uuid": one.uuid,
                    "key": one.key,
                    "units": len(one.heads),
                }
            for head in one.heads:
                if sys_id in (None, head.sys_id):
                    yield from unit_rows(one, head)


def tables(data: Dataset, project: str | None = None) -> dict[str, list[dict]]:
    made: dict[str, list[dict]] = {name: [] for name in TABLES}
    for table, row in rows(data, project):
        made[table].append(row)
    return made


def write(data: Dataset, folder: Path) -> Path:
    """`<table>.jsonl` for each table, one row a line."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: open(folder / f"{name}.jsonl", "w", encoding="utf-8") for name in TABLES}
    try:
        for table, row in rows(data):
            files[table].write(json.dumps(row, ensure_ascii=False) + "\n")
    finally:
        for file in files.values():
            file.close()
    return folder


def unit_rows(project: Project, head: Head) -> Iterator[Row]:
    owner = unit_key(project, head)
    parent = None if head.fork_parent is None else project.heads[head.fork_parent]
    yield "units", owner | {
        "kind": {"modelVersion": "model-version"}.get(head.container, head.container),
        "created": head.created,
        "archived": head.archived,
        "trashed": head.trashed,
        "parent": head.parent_id,
        "fork_parent": parent and parent.custom_id,
        "fork_step": head.fork_step if parent else None,
    }
    own = project.own_attributes(head)
    for one in project.attributes(head).values():
        row = owner | {"path": one.name}
        if one.type in FIELD_TYPES:
            yield "fields", row | {"type": FIELD_TYPES[one.type], "value": field_value(one)}
        elif isinstance(one.value, Series):
            points = project.points(head, one.name, inherited=True)
            count = len(own[one.name].value.points) if one.name in own else 0
            for position, made in enumerate(_series_rows(one, points)):
                yield SERIES_TABLES[one.type], row | made | {"own": position >= len(points) - count}
        elif isinstance(one.value, Payload):
            yield "files", row | {"role": "file", "step": None, "time": None, "own": True} | file_row(
                one.value
            )
        elif one.value is not None and hasattr(one.value, "expected_files"):
            for made in one.value.expected_files():
                yield "files", row | {"step": None, "time": None, "own": True} | made
        else:
            properties = getattr(one.value, "properties", None)
            yield "unreadable", row | {"type": one.type, "properties": properties}


def unit_key(project: Project, head: Head) -> dict:
    unit = head.custom_id if project.data.generation == 3 else head.sys_id
    return {"project": project.identifier, "unit": unit, "sys_id": head.sys_id}


def field_value(one: Attribute) -> object:
    if one.type == "float":
        return bits(one.value)
    return sorted(one.value) if one.type == "stringSet" else one.value


def _series_rows(one: Attribute, points: Points) -> Iterator[dict]:
    for i, (step, time, value) in enumerate(zip(points.steps, points.times, points.values)):
        row: dict = {"step": step, "time": time}
        if one.type == "floatSeries":
            yield row | {"bits": bits(value), "preview": i in points.previews}
        elif isinstance(value, Histogram):
            edges, counts = [bits(edge) for edge in value.edges], [bits(count) for count in value.values]
            yield row | {"kind": value.kind, "edges": edges, "values": counts}
        elif isinstance(value, Payload):
            yield row | {"role": "series"} | file_row(value)
        else:
            yield row | {"text": value}


def file_row(payload: Payload) -> dict:
    """Of a payload that the store has lost, only what the service says about it."""
    known = {"size": payload.size, "media_type": payload.media_type, "gone": payload.gone}
    return known | {"sha256": None if payload.gone else payload.sha256}
