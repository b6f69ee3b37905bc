# SPDX-License-Identifier: Apache-2.0
"""The comparison must be able to fail: what the plain client loaded is damaged in one way."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from archive.reader import read_stem, stems
from compare_mlflow import compare
from fault_proxy import is_write
from proxy.faults import Fault
from reference_load import load
from target.differences import Differences
from target.pairing import pair_runs
from target.rest import MlflowReader

pytestmark = pytest.mark.tools


def reference_load(data: Path, url: str, multiplier: int = 1) -> dict[str, int]:
    return load(data, url, multiplier=multiplier)["losses"]


def first_run(data: Path, url: str) -> tuple[MlflowReader, str]:
    reader = MlflowReader(url)
    runs = [run for stem in stems(data) for run in read_stem(stem)]
    pairs = pair_runs(reader, runs, Differences())
    return reader, next(t["info"]["run_id"] for r, t in pairs if r.run == "VIS-6")


@pytest.mark.parametrize("generation", ["neptune3", "neptune2"])
def test_reference_load_of_fixtures_is_equal(fixtures, own_server, generation):
    data = fixtures / generation / "data"
    losses = reference_load(data, own_server.url)
    assert compare(data, own_server.url).unexplained(losses) == {}
    assert compare(data, own_server.url).unexplained({}) != {}, "changes without a loss must be differences"


@pytest.mark.parametrize("multiplier", [1, 100])
def test_reference_load_of_steps(archive, server, multiplier):
    data = archive(
        "hostile", only=["odd_steps", "special_points", "equal_points", "colliding_keys", "series_text"]
    )
    losses = reference_load(data, server.url, multiplier)
    found = compare(data, server.url, multiplier=multiplier)
    assert found.unexplained(losses) == {}, found.examples
    other = compare(data, server.url, multiplier=multiplier * 10)
    assert "point.missing" in other.counts


def _add_point(reader, run):
    reader.post(
        "runs/log-batch", run_id=run, metrics=[{"key": "val/loss", "value": 1.0, "timestamp": 5, "step": 7}]
    )


def _next_double(reader, run):
    step, time, value = reader.points(run, "val/loss")[0]
    point = {"key": "val/loss", "value": value * (1 + 2**-52), "timestamp": time, "step": step}
    reader.post("runs/log-batch", run_id=run, metrics=[point])


def _other_metric(reader, run):
    reader.post(
        "runs/log-batch", run_id=run, metrics=[{"key": "new", "value": 1.0, "timestamp": 5, "step": 7}]
    )


def _add_param(reader, run):
    reader.post("runs/log-batch", run_id=run, params=[{"key": "more", "value": "1"}])


def _status(reader, run):
    reader.post("runs/update", run_id=run, status="FAILED")


def _end(reader, run):
    reader.post("runs/update", run_id=run, end_time=5)


def _parent(reader, run):
    reader.post("runs/delete-tag", run_id=run, key="mlflow.parentRunId")


def _incomplete(reader, run):
    reader.post("runs/set-tag", run_id=run, key="host.incomplete", value="1")


def _delete(reader, run):
    reader.post("runs/delete", run_id=run)


def _copy(reader, run):
    info = reader.get("runs/get", run_id=run)["run"]["info"]
    reader.post("runs/create", experiment_id=info["experiment_id"], run_name=info["run_name"], start_time=1)


def _rename(reader, run):
    reader.post("runs/update", run_id=run, run_name="another")


def _put(reader, run, path: str, content: bytes):
    uri = reader.get("runs/get", run_id=run)["run"]["info"]["artifact_uri"].removeprefix("mlflow-artifacts:/")
    answer = requests.put(
        f"{reader.url}/api/2.0/mlflow-artifacts/artifacts/{uri}/{path}", data=content, timeout=30
    )
    answer.raise_for_status()


def _one_byte(reader, run):
    content = bytearray(reader.artifact(run, "artifacts/model/model.bin"))
    content[-1] ^= 1
    _put(reader, run, "artifacts/model/model.bin", bytes(content))


def _one_line(reader, run):
    content = reader.artifact(run, "logs/stdout/series.txt")
    _put(reader, run, "logs/stdout/series.txt", content.replace(b"epoch 3", b"epoch 4"))


def _drop_line(reader, run):
    content = reader.artifact(run, "logs/stdout/series.txt")
    _put(reader, run, "logs/stdout/series.txt", content.split(b"\n", 1)[1])


def _histogram(reader, run):
    content = reader.artifact(run, "weights/layer1/histograms.json")
    _put(reader, run, "weights/layer1/histograms.json", content.replace(b"-0.8", b"-0.80000000000000004", 1)
         .replace(b"-0.6", b"-0.6000000000000002", 1))  # fmt: skip


def _printed_arrays(reader, run):
    _put(reader, run, "weights/layer1/histograms.json", b'{"histograms": [{"step": 0, "edges": "[-1. 1.]"}]}')


def _more_artifacts(reader, run):
    _put(reader, run, "left/over.txt", b"x")


DAMAGES = {
    "point.extra": [_add_point, _next_double, _other_metric],
    "param.extra": [_add_param],
    "status.different": [_status],
    "run.time": [_end],
    "relation.different": [_parent],
    "run.incomplete": [_incomplete],
    "run.missing": [_delete, _rename],
    "run.extra": [_copy],
    "file.different": [_one_byte],
    "series.extra": [_one_line],
    "series.missing": [_drop_line],
    "histogram.missing": [_histogram, _printed_arrays],
    "artifact.extra": [_more_artifacts],
}


@pytest.mark.parametrize(
    ("kind", "damage"),
    [pytest.param(kind, one, id=one.__name__) for kind, several in DAMAGES.items() for one in several],
)
def test_damage_is_found(archive, server, kind, damage):
    data = archive("small")
    losses = reference_load(data, server.url)
    assert compare(data, server.url).unexplained(losses) == {}
    damage(*first_run(data, server.url))
    assert kind in compare(data, server.url).unexplained(losses)


def test_proxy_faults(server, proxy):
    health = proxy.url + "/health"
    assert requests.get(health, timeout=5).text == "OK"
    proxy.plan.set(Fault("status", status=429, retry_after="1"))
    answer = requests.get(health, timeout=5)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    for kind in ("reset_before", "reset_middle", "reset_after"):
        proxy.plan.set(Fault(kind))
        with pytest.raises(requests.ConnectionError):
            requests.post(
                proxy.url + "/api/2.0/mlflow/experiments/search", json={"max_results": 5}, timeout=5
            )
        assert proxy.entries[-1]["fault"] == kind
    assert proxy.entries[-1]["status"] == 200, "the upstream has handled what reset_after loses"
    proxy.plan.set(Fault("cut_answer"))
    with pytest.raises(requests.RequestException):
        requests.get(health, timeout=5)
    proxy.plan.set(Fault("stall", seconds=3))
    with pytest.raises(requests.Timeout):
        requests.get(health, timeout=0.5)
    proxy.plan.set(Fault("slow_body", seconds=0.4))
    assert requests.get(health, timeout=5).text == "OK"
    assert requests.get(health, timeout=5).status_code == 200


def test_proxy_tells_reads_from_writes(server, proxy):
    base = proxy.url + "/api/2.0/mlflow"
    requests.post(base + "/runs/search", json={"experiment_ids": ["0"]}, timeout=10)
    requests.get(base + "/experiments/get?experiment_id=0", timeout=10)
    assert proxy.writes() == []
    requests.post(
        base + "/experiments/set-experiment-tag",
        json={"experiment_id": "0", "key": "a", "value": "b"},
        timeout=10,
    )
    assert [is_write(e) for e in proxy.entries] == [False, False, True]
