# SPDX-License-Identifier: Apache-2.0
"""`host summary` counts what pyarrow counts."""

from __future__ import annotations

import json

import pytest
from archive_counts import archive_counts
from checks import assert_exit


def summary_of(host, data) -> dict:
    return json.loads(assert_exit(host("summary", f"parquet:{data}", "--json", limit=300), 0).out)


@pytest.mark.parametrize("generation", ["neptune3", "neptune2"])
def test_fixture(fixtures, host, generation):
    data = fixtures / generation / "data"
    check(summary_of(host, data), archive_counts(data))


@pytest.mark.parametrize("profile", ["small", "many", "medium"])
def test_made_archive(archive, host, profile):
    data = archive(profile)
    check(summary_of(host, data), archive_counts(data))


@pytest.mark.parametrize(
    "name", ["padding_rows", "odd_steps", "several_parts", "part_in_id", "shuffled_row_groups"]
)
def test_case(archive, host, name):
    data = archive("hostile", only=[name])
    check(summary_of(host, data), archive_counts(data))


def check(shown: dict, counted: dict) -> None:
    projects = {p["project"]: p for p in shown["projects"]}
    assert projects.keys() == counted.keys()
    for name, mine in counted.items():
        for what in ("runs", "records"):
            assert projects[name][what] == mine[what], f"{name}: {what}"
