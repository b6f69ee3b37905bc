# SPDX-License-Identifier: Apache-2.0
"""`host summary` counts what pyarrow counts."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from archive_counts import archive_counts
from checks import assert_exit


def summary_of(host, data) -> dict:
    return json.loads(
        assert_exit(host("summary", f"parquet:{data}", "--json", limit=300), 0).out, parse_float=Decimal
    )


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
        theirs = projects[name]
        assert theirs["units"] == {"run": mine["runs"]}
        assert theirs["records"] == mine["records"]
        assert theirs["attribute_types"] == mine["types"]
        assert {r["id"]: r["records"] for r in theirs["runs"]} == mine["run_rows"]
        steps = theirs.get("steps") or {"total": 0}
        assert steps["total"] == mine["steps"]
        if mine["steps"]:
            assert steps["unique"] == mine["unique_steps"]
            assert (Decimal(steps["min"]), Decimal(steps["max"])) == (
                mine["lowest_step"],
                mine["highest_step"],
            )
