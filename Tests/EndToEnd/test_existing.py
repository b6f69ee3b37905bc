# SPDX-License-Identifier: Apache-2.0
"""A run of that name is there already, half, made by another tool."""

from __future__ import annotations

import pytest
from archive.layout import MICRO
from archive.reader import read_stem, stems
from checks import assert_equal, assert_exit, describe_writes
from target.rest import MlflowReader, params_of

RUN = "VIS-2"


@pytest.fixture
def half_loaded(archive, server):
    """An archive, and on the server a run of the right name with some of its content and some of its own."""
    data = archive("small")
    return data, *half_load(server.url, data, with_foreign=True)


def half_load(url: str, data, with_foreign: bool) -> tuple[str, str]:
    """Returns the ids of the experiment and of the run."""
    run = next(r for stem in stems(data) for r in read_stem(stem) if r.run == RUN)
    points = run.points["train/loss"]
    reader = MlflowReader(url)
    experiment = reader.post("experiments/create", name=run.experiment)["experiment_id"]
    made = reader.post("runs/create", experiment_id=experiment, run_name=run.name, start_time=1)
    identity = made["run"]["info"]["run_id"]
    params = [{"key": "config/optimizer", "value": "adam"}]
    columns = zip(points.step_micro.tolist(), points.times_ms.tolist(), points.values.tolist())
    metrics = [
        {"key": "train/loss", "value": v, "timestamp": t, "step": s // MICRO}
        for s, t, v in list(columns)[:60]
    ]
    if with_foreign:
        params.append({"key": "foreign", "value": "mark"})
        metrics.append({"key": "train/loss", "value": 9.0, "timestamp": 1, "step": 0})
    reader.post("runs/log-batch", run_id=identity, params=params, metrics=metrics)
    reader.post("runs/update", run_id=identity, status="FINISHED", end_time=2)
    return experiment, identity


def runs_named(url: str, experiment: str) -> dict[str, dict]:
    runs = MlflowReader(url).runs(experiment)
    return {r["info"]["run_id"]: params_of(r) for r in runs if r["info"]["run_name"] == RUN}


def test_skip_leaves_it(half_loaded, server, host):
    data, experiment, identity = half_loaded
    done = host.run(data, f"mlflow:{server.url}", "--on-existing", "skip")
    assert_exit(done, 0)
    assert done.summary["units"]["skipped"] == 1
    assert runs_named(server.url, experiment) == {identity: {"config/optimizer": "adam", "foreign": "mark"}}


def test_fail_says_so(half_loaded, server, host):
    data, experiment, identity = half_loaded
    done = assert_exit(host.run(data, f"mlflow:{server.url}", "--on-existing", "fail"), 65)
    assert done.summary["units"]["failed"] >= 1
    assert list(runs_named(server.url, experiment)) == [identity]


def test_update_makes_it_right(half_loaded, server, host):
    data, _, _ = half_loaded
    done = assert_exit(host.run(data, f"mlflow:{server.url}", "--on-existing", "update"), 0)
    assert_equal(data, server.url, done.losses)


def test_resume_finishes_it(archive, server, host):
    """The default: what another tool left is completed in place."""
    data = archive("small")
    experiment, identity = half_load(server.url, data, with_foreign=False)
    done = assert_exit(host.run(data, f"mlflow:{server.url}"), 0)
    assert list(runs_named(server.url, experiment)) == [identity]
    assert_equal(data, server.url, done.losses)


def test_resume_does_not_hide_what_differs(half_loaded, server, host):
    """A parameter with another value cannot be changed: that is told, or the unit fails."""
    data, _, identity = half_loaded
    wrong = [{"key": "config/layers", "value": "471072.0"}]
    MlflowReader(server.url).post("runs/log-batch", run_id=identity, params=wrong)
    done = host.run(data, f"mlflow:{server.url}")
    assert_exit(done, 65)


@pytest.mark.parametrize("policy", ["resume", "skip"])
def test_own_complete_runs_are_skipped(archive, server, proxy, host, policy):
    data = archive("small")
    assert_exit(host.run(data, f"mlflow:{proxy.url}", job="one"), 0)
    before = len(proxy.entries)
    done = assert_exit(host.run(data, f"mlflow:{proxy.url}", "--on-existing", policy, job="two"), 0)
    assert done.summary["units"]["skipped"] == 7
    assert not proxy.writes(before), describe_writes(proxy.writes(before))
    assert_equal(data, server.url, done.losses)


def test_update_of_own_complete_runs(archive, server, host):
    """Loading anew with `update` leaves one run of each, and that one right."""
    data = archive("small")
    assert_exit(host.run(data, f"mlflow:{server.url}", job="one"), 0)
    done = assert_exit(host.run(data, f"mlflow:{server.url}", "--on-existing", "update", job="two"), 0)
    assert_equal(data, server.url, done.losses)
