# SPDX-License-Identifier: Apache-2.0
"""Reads a whole Neptune 2 workspace with the 1.x client and writes what it got, as JSON lines of table and
row in the form of expected.py. Runs in an environment of its own; NEPTUNE_API_TOKEN says where, TZ must be
UTC since the client turns times into local ones."""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from datetime import timezone
from pathlib import Path
from typing import Any, Iterator

import neptune
from complaints import Complaints
from neptune import attributes as na
from neptune import management
from row_forms import bits, millionths

FIELDS = {
    na.Float: "float",
    na.Integer: "int",
    na.String: "text",
    na.Boolean: "bool",
    na.Datetime: "time",
    na.StringSet: "set",
}
UNREADABLE = {na.GitRef: "gitRef", na.NotebookRef: "notebookRef", na.RunState: "experimentState"}


class Reader:
    def __init__(self, out, scratch: Path):
        self.out, self.scratch = out, scratch
        scratch.mkdir(parents=True)

    def row(self, table: str, row: dict) -> None:
        self.out.write(json.dumps([table, row], ensure_ascii=False) + "\n")

    def project(self, project: str) -> None:
        with neptune.init_project(project=project, mode="read-only") as opened:
            runs = self._ids(lambda: opened.fetch_runs_table(**COLUMNS, trashed=None))
            models = self._ids(lambda: opened.fetch_models_table(**COLUMNS, trashed=None))
        for run in runs:
            with neptune.init_run(project=project, with_id=run, mode="read-only") as opened:
                self._container(project, run, "run", None, opened)
        for model in models:
            with neptune.init_model(project=project, with_id=model, mode="read-only") as opened:
                self._container(project, model, "model", None, opened)
                versions = self._ids(lambda: opened.fetch_model_versions_table(**COLUMNS))
            for version in versions:
                with neptune.init_model_version(project=project, with_id=version, mode="read-only") as opened:
                    self._container(project, version, "model-version", model, opened)

    @staticmethod
    def _ids(fetch) -> list[str]:
        try:
            table = fetch().to_pandas()
        except ValueError as nothing:
            # The client looks for the type of the sort column, and a project without rows has no columns.
            if "not present in the table" in str(nothing):
                return []
            raise
        return list(table["sys/id"]) if len(table) else []

    def _container(self, project: str, sys_id: str, kind: str, parent: str | None, opened) -> None:
        owner = {"project": project, "unit": sys_id, "sys_id": sys_id}
        self.row("units", owner)
        attributes = list(_leaves(opened.get_structure()))
        # The client's bulk answer breaks off at a notebook reference: such a run is read one by one.
        whole = not any(isinstance(one, na.NotebookRef) for one in attributes)
        values = opened.fetch() if whole else None
        for attribute in attributes:
            row = owner | {"path": "/".join(attribute._path)}
            if type(attribute) in FIELDS:
                self._field(row, attribute, values)
            elif isinstance(attribute, (na.FloatSeries, na.StringSeries)):
                self._series(row, attribute)
            elif type(attribute) in UNREADABLE:
                self.row("unreadable", row | {"type": UNREADABLE[type(attribute)]})
            else:
                self._files(row | {"step": None, "time": None, "own": True}, attribute)

    def _field(self, row: dict, attribute, values: dict | None) -> None:
        kind = FIELDS[type(attribute)]
        # Sets are left out of the bulk answer by the client, and this one cannot be fetched alone.
        if kind == "set" and row["path"] == "sys/group_tags":
            return
        alone = kind == "set" or values is None
        value: Any = attribute.fetch() if alone else values
        if not alone:
            for part in attribute._path:
                value = value[part]
        if kind == "time":
            value = round(value.replace(tzinfo=value.tzinfo or timezone.utc).timestamp() * 1000)
        value = sorted(value) if kind == "set" else bits(value) if kind == "float" else value
        self.row("fields", row | {"type": kind, "value": value})

    def _series(self, row: dict, attribute) -> None:
        table = attribute.fetch_values(progress_bar=False)
        for step, value, time in (
            zip(*(table[name] for name in ("step", "value", "timestamp"))) if len(table) else ()
        ):
            made = {
                "step": millionths(step),
                "time": round(time.replace(tzinfo=timezone.utc).timestamp() * 1000),
            }
            if isinstance(attribute, na.FloatSeries):
                self.row("points", row | made | {"bits": bits(value), "preview": False, "own": True})
            else:
                self.row("series", row | made | {"text": value, "own": True})

    def _files(self, row: dict, attribute) -> None:
        place = self.scratch / hashlib.sha1(json.dumps(row).encode()).hexdigest()
        if isinstance(attribute, na.File):
            attribute.download(str(place), progress_bar=False)
            self.row("files", row | {"role": "file"} | _content(place.read_bytes()))
        elif isinstance(attribute, na.FileSeries):
            place.mkdir()
            attribute.download(str(place), progress_bar=False)
            for file in place.iterdir():
                known = {
                    "role": "series",
                    "step": int(file.stem) * 1_000_000,
                    "media_type": f"image/{file.suffix[1:]}",
                }
                self.row("files", row | known | _content(file.read_bytes()))
        elif isinstance(attribute, na.FileSet):
            place.mkdir()
            attribute.download(str(place), progress_bar=False)
            (archive,) = place.iterdir()
            with zipfile.ZipFile(archive) as opened:
                for name in opened.namelist():
                    self.row("files", row | {"role": "member", "name": name} | _content(opened.read(name)))
        elif isinstance(attribute, na.Artifact):
            files = [one.to_dto() for one in attribute.fetch_files_list()]
            self.row("files", row | {"role": "listing", "hash": attribute.fetch_hash(), "files": files})
        else:
            raise TypeError(f"{row['path']}: {type(attribute)}")


COLUMNS = {"columns": ["sys/id"], "ascending": True, "progress_bar": False}


def _content(content: bytes) -> dict:
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _leaves(structure: dict) -> Iterator[Any]:
    for value in structure.values():
        if isinstance(value, dict):
            yield from _leaves(value)
        else:
            yield value


def main() -> None:
    out, scratch, _, *projects = sys.argv[1:]
    with open(out, "w", encoding="utf-8") as lines, Complaints("neptune") as complaints:
        reader = Reader(lines, Path(scratch))
        listed = management.get_project_list()
        assert sorted(listed) == sorted(projects), listed
        for project in projects:
            reader.project(project)
        for text in complaints.texts:
            reader.row("complaints", {"text": text})


if __name__ == "__main__":
    main()
