# SPDX-License-Identifier: Apache-2.0
"""Reads a whole Neptune 3 workspace with neptune-query and writes what it got, as JSON lines of table and row
in the form of expected.py. Runs in an environment of its own; NEPTUNE_API_TOKEN says where.

Values and points are taken where the client has decoded them and before pandas gets them, which holds neither
a NaN apart from a gap nor an integer beside one. The tables it makes of them are read too, in `frames`."""

from __future__ import annotations

import hashlib
import json
import sys
import warnings
from pathlib import Path

import neptune_query as nq
import neptune_query.runs as nq_runs
from complaints import Complaints
from neptune_query.filters import Attribute, Filter
from neptune_query.internal import client as nq_client
from neptune_query.internal.context import get_context
from neptune_query.internal.filters import _AttributeFilter
from neptune_query.internal.identifiers import AttributeDefinition, RunAttributeDefinition, RunIdentifier
from neptune_query.internal.retrieval import (
    attribute_definitions,
    attribute_types,
    attribute_values,
    metrics,
    series,
)
from neptune_query.internal.retrieval.search import ContainerType, fetch_run_sys_attrs
from neptune_query.types import File
from row_forms import bits, millionths

FIELDS = {
    "float": "float",
    "int": "int",
    "string": "text",
    "bool": "bool",
    "datetime": "time",
    "string_set": "set",
}
TABLE = {"string_series": "series", "histogram_series": "histograms", "file_series": "files"}
RUNS_AT_ONCE = 256
# With their types, or the client looks for them first and warns of a project without runs.
ARCHIVED, RATE = Attribute("sys/archived", type="bool"), Attribute("config/lr", type="float")


class Reader:
    def __init__(self, out, scratch: Path):
        self.out, self.scratch = out, scratch
        self.client = nq_client.get_client(context=get_context())
        self.files: list[tuple[dict, File]] = []

    def row(self, table: str, row: dict) -> None:
        self.out.write(json.dumps([table, row], ensure_ascii=False) + "\n")

    def project(self, project: str) -> None:
        # What every run has by which it is found; the one without a custom run id is found by no such
        # listing.
        has_id = Filter.matches(Attribute("sys/custom_run_id", type="string"), ".+")
        found = fetch_run_sys_attrs(self.client, project, filter_=has_id._to_internal())
        runs = {item.sys_id: item.sys_custom_run_id for page in found for item in page.items}
        listed = nq_runs.list_runs(project=project, runs=".+")
        assert sorted(listed) == sorted(runs.values()), "two ways of listing give two lists"
        for sys_id, unit in runs.items():
            self.row("units", {"project": project, "unit": unit, "sys_id": sys_id})
        ids = list(runs)
        for at in range(0, len(ids), RUNS_AT_ONCE):
            self._runs(project, {sys_id: runs[sys_id] for sys_id in ids[at : at + RUNS_AT_ONCE]})
        self._download(project)

    def _runs(self, project: str, runs: dict[str, str]) -> None:
        identifiers = [RunIdentifier(project, sys_id) for sys_id in runs]
        pages = attribute_definitions.fetch_attribute_definitions_single_filter(
            self.client, [project], identifiers, _AttributeFilter(type_in=list(attribute_types.ALL_TYPES))
        )
        definitions = sorted(
            {item for page in pages for item in page.items}, key=lambda one: (one.name, one.type)
        )
        owners = {
            sys_id: {"project": project, "unit": unit, "sys_id": sys_id} for sys_id, unit in runs.items()
        }
        held: dict[str, list] = {"float_series": [], "other": []}
        for page in attribute_values.fetch_attribute_values(self.client, project, identifiers, definitions):
            for item in page.items:
                definition, sys_id = item.attribute_definition, item.run_identifier.sys_id
                row = owners[sys_id] | {"path": definition.name}
                if definition.type in FIELDS:
                    self.row(
                        "fields",
                        row | {"type": FIELDS[definition.type], "value": _value(definition, item.value)},
                    )
                elif definition.type == "file":
                    self._file(row | {"role": "file", "step": None, "time": None, "own": True}, item.value)
                else:
                    key = "float_series" if definition.type == "float_series" else "other"
                    held[key].append(RunAttributeDefinition(item.run_identifier, definition))
        self._floats(owners, held["float_series"])
        self._objects(owners, held["other"])

    def _floats(self, owners: dict, asked: list[RunAttributeDefinition]) -> None:
        own, all_points = (
            metrics.fetch_multiple_series_values(
                self.client, asked, inherited, ContainerType.RUN, include_preview=True
            )
            for inherited in (False, True)
        )
        for one in asked:
            behind = len(all_points[one]) - len(own[one])
            assert [bits(p[2]) for p in all_points[one][behind:]] == [bits(p[2]) for p in own[one]], one
            for i, (time, step, value, preview, _) in enumerate(all_points[one]):
                row = owners[one.run_identifier.sys_id] | {"path": one.attribute_definition.name}
                row |= {"step": millionths(step), "time": time, "bits": bits(value), "preview": preview}
                self.row("points", row | {"own": i >= behind})

    def _objects(self, owners: dict, asked: list[RunAttributeDefinition]) -> None:
        own, all_points = (
            series.fetch_series_values(self.client, asked, inherited, ContainerType.RUN)
            for inherited in (False, True)
        )
        for one in asked:
            behind = len(all_points[one]) - len(own[one])
            for i, point in enumerate(all_points[one]):
                row = owners[one.run_identifier.sys_id] | {"path": one.attribute_definition.name}
                row |= {"step": millionths(point.step), "time": point.timestamp_millis, "own": i >= behind}
                kind = one.attribute_definition.type
                if kind == "string_series":
                    self.row("series", row | {"text": point.value})
                elif kind == "histogram_series":
                    edges, counts = [bits(x) for x in point.value.edges], [
                        bits(x) for x in point.value.values
                    ]
                    self.row("histograms", row | {"kind": point.value.type, "edges": edges, "values": counts})
                else:
                    self._file(row | {"role": "series"}, point.value)

    def _file(self, row: dict, value: attribute_types.File) -> None:
        # Names of its own, so that no two files meet in one place.
        unit = f"u{len(self.files)}"
        asked = File(row["project"], None, unit, "f", None, value.path, value.size_bytes, value.mime_type)
        self.files.append((row | {"size": value.size_bytes, "media_type": value.mime_type}, asked))

    def _download(self, project: str) -> None:
        folder = self.scratch / project.replace("/", "_")
        folder.mkdir(parents=True)
        if self.files:
            nq_runs.download_files(files=[file for _, file in self.files], destination=folder)
        for row, file in self.files:
            found = [one for one in (folder / file.run_id).rglob("*") if one.is_file()]
            assert len(found) <= 1, found
            content = found[0].read_bytes() if found else None
            digest = None if content is None else hashlib.sha256(content).hexdigest()
            self.row("files", row | {"gone": content is None, "sha256": digest})
        self.files = []

    def frames(self, project: str) -> None:
        """The public calls that make tables: they must come to an end, with as many rows as the points ask
        for."""
        nq_runs.list_attributes(project=project, runs=".+")
        nq_runs.list_attributes(project=project, runs=".+", attributes=r"^metrics/ & !special | logs")
        table = nq_runs.fetch_runs_table(
            project=project, runs=".+", attributes=["config/lr", "sys/creation_time"]
        )
        self.row("frames", {"project": project, "call": "fetch_runs_table", "rows": len(table)})
        values = nq_runs.fetch_metrics(
            project=project,
            runs=".+",
            attributes="^metrics/",
            include_time="absolute",
            lineage_to_the_root=False,
        )
        self.row("frames", {"project": project, "call": "fetch_metrics", "rows": len(values)})
        texts = nq_runs.fetch_series(
            project=project, runs=".+", attributes="^logs/", lineage_to_the_root=False
        )
        self.row("frames", {"project": project, "call": "fetch_series", "rows": len(texts)})
        kept = nq_runs.list_runs(project=project, runs=~Filter.eq(ARCHIVED, True) & Filter.exists(RATE))
        self.row("frames", {"project": project, "call": "list_runs not archived", "rows": len(kept)})
        heads = nq.list_experiments(project=project)
        self.row("frames", {"project": project, "call": "list_experiments", "rows": len(heads)})


def _value(definition: AttributeDefinition, value: object) -> object:
    if definition.type == "float":
        return bits(value)
    if definition.type == "datetime":
        return round(value.timestamp() * 1000)
    return sorted(value) if definition.type == "string_set" else value


def main() -> None:
    out, scratch, points, *projects = sys.argv[1:]
    # The client divides a million by the number of series. Fewer let small data come in pages as large data
    # do.
    metrics.TOTAL_POINT_LIMIT = int(points)
    with open(out, "w", encoding="utf-8") as lines, Complaints("neptune", "neptune_query") as complaints:
        reader = Reader(lines, Path(scratch))
        for project in projects:
            reader.project(project)
            if not project.endswith("/hostile"):
                reader.frames(project)
        for text in complaints.texts:
            reader.row("complaints", {"text": text})


if __name__ == "__main__":
    warnings.simplefilter("always")
    main()
