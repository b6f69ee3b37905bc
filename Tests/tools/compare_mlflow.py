#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares an archive with what an MLflow server holds: compare_mlflow.py DATA_DIR URL [--files DIR]
[--step-multiplier N] [--losses JSON|FILE] [--report FILE] [--project ID]...

Every parameter, point, line, histogram, file, relation, name, time and status. Exit 1 when something differs
that no loss names. Credentials: MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import pyarrow as pa
from archive.reader import Run, read_stem, stems
from target.differences import Differences
from target.pairing import pair_runs
from target.rest import MlflowReader
from target.run_compare import compare_relations, compare_run


def compare(
    data: Path,
    url: str,
    files: Path | None = None,
    multiplier: int = 1,
    projects: list[str] | None = None,
) -> Differences:
    """`projects` limits to these ids. Runs that cannot be read are differences of their own."""
    out = Differences()
    server = MlflowReader(url)
    files = files or Path(data).parent / "files"
    runs = archive_runs(data, out, projects)
    pairs = pair_runs(server, runs, out)
    for run, target in pairs:
        compare_run(server, run, target, files, multiplier, out)
    compare_relations(pairs, out)
    return out


def archive_runs(data: Path, out: Differences, projects: list[str] | None = None) -> list[Run]:
    found: list[Run] = []
    for stem in stems(data):
        if not stem.complete:
            continue
        try:
            found += [r for r in read_stem(stem) if not projects or r.project in projects]
        except (pa.ArrowException, OSError) as error:
            if not projects:
                out.add("archive.unreadable", stem.stem, str(error))
    return found


def losses_of(given: str | None) -> dict[str, int]:
    """Losses from a JSON text or file: a table of codes, or the command's last line that holds one."""
    if not given:
        return {}
    text = given if given.lstrip().startswith("{") else Path(given).read_text()
    value = json.loads(text.strip().splitlines()[-1] if "\n{" in text.strip() else text)
    return value.get("losses", value) if isinstance(value.get("losses", {}), dict) else {}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("url")
    parser.add_argument("--files", type=Path)
    parser.add_argument("--step-multiplier", type=int, default=1)
    parser.add_argument("--losses")
    parser.add_argument("--report", type=Path)
    parser.add_argument("--project", action="append")
    given = parser.parse_args()
    found = compare(given.data, given.url, given.files, given.step_multiplier, given.project)
    report = found.report(losses_of(given.losses))
    if given.report:
        given.report.write_text(json.dumps(report, indent=1))
    print("compared: " + ", ".join(f"{count} {what}" for what, count in report["compared"].items()))
    for kind, one in report["differences"].items():
        print(f"{'~' if one['explained'] else '*'} {kind}: {one['count']}")
        for example in one["examples"]:
            print(f"    {example}")
    print("equal" if report["equal"] else "DIFFERENT")
    return 0 if report["equal"] else 1


if __name__ == "__main__":
    sys.exit(main())
