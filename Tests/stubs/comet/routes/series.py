# SPDX-License-Identifier: Apache-2.0
"""Writes of metrics, parameters and others, in batches and one by one."""

from __future__ import annotations

from ..answers import saved
from ..checks import Checks
from ..experiment import Experiment
from ..request import Request
from ..routing import route
from ..store import Store


def add_metric(experiment: Experiment, row: dict) -> None:
    experiment.add_point(
        row["metricName"],
        row["metricValue"],
        row.get("step"),
        row.get("epoch"),
        row.get("timestamp"),
        row.get("context"),
    )


def set_parameter(experiment: Experiment, row: dict) -> None:
    name, value = row["parameterName"], row["parameterValue"]
    experiment.set_parameter(name, value, row.get("step"), row.get("timestamp"), row.get("context"))


@route("POST", "sdk:batch/logger/experiment/metric")
def metric_batch(store: Store, request: Request) -> dict:
    checks = Checks(store, request)
    rows = checks.rows(request.json)
    experiment = store.experiment(request, request.json.get("experimentKey"), "metrics", len(rows))
    # All are judged before one is kept: a refused batch leaves nothing.
    for row in rows:
        checks.metric(row, batch=True)
    for row in rows:
        add_metric(experiment, row)
    return saved()


@route("POST", "rest:write/experiment/metric")
def metric(store: Store, request: Request) -> dict:
    experiment = store.experiment(request, request.json.get("experimentKey"), "metrics")
    Checks(store, request).metric(request.json, batch=False)
    add_metric(experiment, request.json)
    return saved()


@route("POST", "sdk:batch/logger/experiment/parameter")
def parameter_batch(store: Store, request: Request) -> dict:
    checks = Checks(store, request)
    rows = checks.rows(request.json)
    experiment = store.experiment(request, request.json.get("experimentKey"), "parameters", len(rows))
    for row in rows:
        checks.parameter(row)
    for row in rows:
        set_parameter(experiment, row)
    return saved()


@route("POST", "rest:write/experiment/parameter")
def parameter(store: Store, request: Request) -> dict:
    experiment = store.experiment(request, request.json.get("experimentKey"), "parameters")
    Checks(store, request).parameter(request.json)
    set_parameter(experiment, request.json)
    return saved()


@route("POST", "rest:write/experiment/parameter/delete", "rest:write/experiments/parameters/delete")
def delete_parameters(store: Store, request: Request) -> dict:
    rows = request.json_value if isinstance(request.json_value, list) else [request.json]
    for row in rows:
        store.experiment(request, row.get("experimentKey"), "other").forget_parameter(
            row.get("parameterName")
        )
    return saved()


@route("POST", "rest:write/experiment/log-other")
def log_other(store: Store, request: Request) -> dict:
    body, checks = request.json, Checks(store, request)
    experiment = store.experiment(request, body.get("experimentKey"), "other")
    checks.name(body.get("key"), "key")
    if isinstance(body.get("value"), (dict, list)):
        checks.refuse(f"the value of other {body.get('key')!r} is not a single value")
    checks.text_length(body.get("value"), f"other {body.get('key')!r}")
    checks.timestamp(body.get("timestamp"), f"other {body.get('key')!r}")
    experiment.set_other(body["key"], body.get("value"), body.get("timestamp"))
    return saved()


@route("POST", "rest:write/experiment/cpu-metrics")
def cpu(store: Store, request: Request) -> dict:
    loads = request.json.get("cpuPercentUtilization") or []
    return _system(store, request, {f"sys.cpu.percent.{i + 1:02d}": load for i, load in enumerate(loads)})


@route("POST", "rest:write/experiment/gpu-metrics")
def gpu(store: Store, request: Request) -> dict:
    named = {"freeMemory": "free_memory", "usedMemory": "used_memory", "gpuUtilization": "gpu_utilization"}
    named["totalMemory"] = "total_memory"
    values = {}
    for one in request.json.get("gpus") or []:
        for field, name in named.items():
            if one.get(field) is not None:
                values[f"sys.gpu.{one.get('gpuId')}.{name}"] = one[field]
    return _system(store, request, values)


@route("POST", "rest:write/experiment/ram-metrics")
def ram(store: Store, request: Request) -> dict:
    body = request.json
    return _system(
        store, request, {"sys.ram.total": body.get("totalRam"), "sys.ram.used": body.get("usedRam")}
    )


@route("POST", "rest:write/experiment/load-metrics")
def load(store: Store, request: Request) -> dict:
    return _system(store, request, {"sys.load.avg": request.json.get("loadAverage")})


def _system(store: Store, request: Request, values: dict) -> dict:
    body = request.json
    experiment = store.experiment(request, body.get("experimentKey"), "metrics", len(values))
    rows = [{**body, "metricName": name, "metricValue": value} for name, value in values.items()]
    for row in rows:
        Checks(store, request).metric(row, batch=False)
    for row in rows:
        add_metric(experiment, row)
    return saved()
