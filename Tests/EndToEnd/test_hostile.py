# SPDX-License-Identifier: Apache-2.0
"""Each hostile case by itself, then all in one archive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from archive.hostile import CASES
from archive.hostile.payloads import outside_mark
from checks import assert_equal, assert_exit, beside_notes
from compare_mlflow import compare
from target.rest import MlflowReader, tags_of

TIME_LIMIT = 120.0


@pytest.mark.parametrize("name", CASES)
def test_case(archive, server, host, name):
    data = archive("hostile", only=[name])
    expected = expectations(data)[name]
    done = host.run(data, f"mlflow:{server.url}", limit=TIME_LIMIT)
    check_case(expected, data, server.url, done)
    assert_nothing_from_outside(data, server.artifacts)


def test_all_cases_in_one_archive(archive, own_server, host):
    data = archive("hostile")
    done = assert_exit(host.run(data, f"mlflow:{own_server.url}", "--transfers", "4", limit=600), 65)
    assert done.summary["units"]["failed"] >= 1
    for name, expected in expectations(data).items():
        if expected["outcome"] == "arrives":
            assert_equal(data, own_server.url, done.losses, projects=[expected["project"]])
        elif expected["outcome"] in ("fails", "absent"):
            assert not complete_runs(own_server.url, expected["project"]), name
    assert_nothing_from_outside(data, own_server.artifacts)


def check_case(expected: dict, data: Path, url: str, done) -> None:
    outcome, project = expected["outcome"], expected["project"]
    if outcome == "arrives":
        assert_exit(done, 0)
        assert_equal(data, url, done.losses, projects=[project])
        if expected["silent"]:
            assert beside_notes(done.losses) == {}
        elif expected["losses_any"]:
            assert told(expected, done.losses), done.told()
    elif outcome == "fails":
        assert_exit(done, 65)
        assert done.summary["units"]["failed"] >= 1, done.told()
        assert not complete_runs(url, project)
    elif outcome == "absent":
        assert_exit(done, 0, 65)
        assert not complete_runs(url, project)
    else:
        check_not_silent(expected, data, url, done)


def check_not_silent(expected: dict, data: Path, url: str, done) -> None:
    assert_exit(done, 0, 65)
    failed = done.summary["units"]["failed"]
    loud = failed or told(expected, done.losses) or done.code == 65
    assert loud or expected["silent"], "lost in silence: " + done.told()
    bad = compare(data, url, projects=[expected["project"]]).unexplained(done.losses)
    # A failed unit may be absent or unfinished, but what is marked complete has to be right.
    unfinished = {"run.missing", "run.incomplete", "status.different", "run.time"} if failed else set()
    if not (failed and "run.incomplete" in bad):
        assert not bad.keys() - unfinished, bad


def told(expected: dict, losses: dict) -> bool:
    return any(code.startswith(tuple(expected["losses_any"])) for code in losses)


def expectations(data: Path) -> dict:
    return json.loads((data.parent / "expect.json").read_text())["cases"]


def complete_runs(url: str, project: str) -> list[str]:
    reader = MlflowReader(url)
    mine = [i for name, i in reader.experiments().items() if name.startswith(project + "/")]
    runs = [run for identity in mine for run in reader.runs(identity)]
    return [run["info"]["run_name"] for run in runs if "host.incomplete" not in tags_of(run)]


def assert_nothing_from_outside(data: Path, artifacts: Path) -> None:
    mark = outside_mark(data.parent)
    for file in artifacts.rglob("*") if artifacts.exists() else []:
        if file.is_file() and file.stat().st_size < 1 << 20:
            assert mark not in file.read_bytes(), f"{file} came from outside the archive"
