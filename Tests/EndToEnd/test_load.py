# SPDX-License-Identifier: Apache-2.0
"""Archives arrive in MLflow as they are, and the same command again writes nothing."""

from __future__ import annotations

import pytest
from checks import assert_balanced, assert_equal, assert_exit, beside_notes, describe_writes
from fault_proxy import FaultProxy
from host_command import HostCommand


@pytest.mark.parametrize("generation", ["neptune3", "neptune2"])
def test_fixture_arrives_and_stays(fixtures, own_server, host, generation):
    data = fixtures / generation / "data"
    with FaultProxy(own_server.url) as proxy:
        target = f"mlflow:{proxy.url}"
        first = assert_exit(host.run(data, target), 0)
        assert_balanced(first.summary)
        assert_equal(data, own_server.url, first.losses)
        units = first.summary["units"]
        assert units["complete"] == units["seen"] > 20 and units["failed"] == 0
        before = len(proxy.entries)
        again = assert_exit(host.run(data, target), 0)
        assert not proxy.writes(before), describe_writes(proxy.writes(before))
        assert again.summary["units"]["skipped"] == units["seen"]


def test_small_arrives_without_loss(archive, server, host):
    data = archive("small")
    done = assert_exit(host.run(data, f"mlflow:{server.url}"), 0)
    assert beside_notes(done.losses) == {}
    assert_equal(data, server.url, {})
    records = done.summary["records"]
    for table in ("points", "fields", "series", "histograms", "files"):
        assert records[table]["read"] == records[table]["written"] > 0, table


@pytest.mark.parametrize("transfers", ["1", "4"])
def test_number_of_transfers_changes_nothing(archive, server, host, transfers):
    data = archive("small")
    done = assert_exit(host.run(data, f"mlflow:{server.url}", "--transfers", transfers), 0)
    assert_equal(data, server.url, done.losses)


@pytest.mark.parametrize("multiplier", [1, 10, 1_000_000])
def test_steps_are_scaled_exactly(archive, server, host, multiplier):
    data = archive("hostile", only=["odd_steps", "deep_forks"])
    done = assert_exit(host.run(data, f"mlflow:{server.url}", "--step-multiplier", str(multiplier)), 0)
    assert ("step.rounded" in done.losses) == (multiplier < 1_000_000)
    assert_equal(data, server.url, done.losses, multiplier=multiplier)


def test_lost_job_folder_makes_no_duplicates(archive, server, proxy, tmp_path):
    """The marks in the target are enough to know what is there."""
    data = archive("small")
    for attempt in ("first", "second"):
        before = len(proxy.entries)
        command = HostCommand(tmp_path / attempt)
        done = assert_exit(command.run(data, f"mlflow:{proxy.url}"), 0)
        assert_equal(data, server.url, done.losses)
    assert not proxy.writes(before), describe_writes(proxy.writes(before))


def test_new_runs_join_what_is_there(archive, server, host, tmp_path):
    """An archive that grew between two commands: only what is new is written."""
    data = archive("small")
    project = next(p for p in data.iterdir() if "vision" in p.name)
    late = sorted(project.glob("VIS-2*"))[0]
    parked = tmp_path / late.name
    late.rename(parked)
    assert_exit(host.run(data, f"mlflow:{server.url}"), 0)
    parked.rename(late)
    done = assert_exit(host.run(data, f"mlflow:{server.url}"), 0)
    assert done.summary["units"]["complete"] == 1 or done.summary["units"]["skipped"] == 6
    assert_equal(data, server.url, done.losses)


def test_files_path_option(archive, server, host, tmp_path):
    data = archive("small")
    elsewhere = tmp_path / "payloads"
    (data.parent / "files").rename(elsewhere)
    arguments = ["--from-opt", f"files-path={elsewhere}"]
    done = assert_exit(host.run(data, f"mlflow:{server.url}", *arguments), 0)
    assert_equal(data, server.url, done.losses, files=elsewhere)


@pytest.mark.slow
def test_medium_archive_arrives(archive, own_server, host):
    data = archive("medium")
    done = assert_exit(host.run(data, f"mlflow:{own_server.url}", limit=1800), 0)
    assert done.summary["records"]["points"] == {"read": 400_000, "written": 400_000}
    assert_equal(data, own_server.url, done.losses)
