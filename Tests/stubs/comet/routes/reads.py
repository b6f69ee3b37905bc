# SPDX-License-Identifier: Apache-2.0
"""Reading one experiment: metadata, values, pages, system details."""

from __future__ import annotations

from ..answers import Refusal
from ..experiment import Experiment
from ..java_text import number
from ..request import Request
from ..routing import route
from ..store import Store
from ..values import Point, sampled, summary
from .details import GIT_FIELDS, SYSTEM_FIELDS


def read(store: Store, request: Request) -> Experiment:
    return store.experiment(request, request.text("experimentKey"))


@route("GET", "rest:experiment/metadata")
def metadata(store: Store, request: Request) -> dict:
    return read(store, request).metadata()


@route("GET", "rest:experiment/metrics/summary")
def metric_summary(store: Store, request: Request) -> dict:
    return {"values": [summary(name, points) for name, points in read(store, request).metrics.items()]}


@route("GET", "rest:experiment/metrics/get-metric")
def one_metric(store: Store, request: Request) -> dict:
    name = request.text("metricName")
    return {"metrics": rows(store, name, read(store, request).metrics.get(name, []))}


@route("GET", "rest:experiment/metrics/get-all")
def all_metrics(store: Store, request: Request) -> dict:
    held = read(store, request).metrics
    return {"metrics": [row for name, points in held.items() for row in rows(store, name, points)]}


def rows(store: Store, name: str, points: list[Point]) -> list[dict]:
    return [point.row(name) for point in sampled(points, store.settings.sample)]


@route("POST", "rest:experiments/multi-metric-chart")
def chart(store: Store, request: Request) -> dict:
    body, found = request.json, {}
    for key in body.get("targetedExperiments") or []:
        experiment = store.experiment(request, key)
        lines = []
        for name in body.get("metrics") or []:
            points = sampled(experiment.metrics.get(name, []), store.settings.sample)
            if points:
                lines.append(_line(name, points, experiment.start))
        wanted = body.get("params") or []
        found[key] = {
            "experimentKey": key,
            "experimentName": experiment.name,
            "steps": None,
            "epochs": None,
            "metrics": lines,
            "params": {n: experiment.parameters[n][-1].text for n in wanted if n in experiment.parameters},
            "empty": not lines,
        }
    return {"experiments": found, "empty": not found}


def _line(name: str, points: list[Point], start: int) -> dict:
    return {
        "metricName": name,
        "values": [_chart_value(point.text) for point in points],
        "steps": [point.step for point in points],
        "epochs": [point.epoch for point in points],
        "timestamps": [point.timestamp for point in points],
        "durations": [point.timestamp - start for point in points],
    }


def _chart_value(text: str):
    value = number(text)
    return text if value is None or value != value or value in (float("inf"), float("-inf")) else value


@route("GET", "rest:experiment/parameters")
def parameters(store: Store, request: Request) -> dict:
    return {"values": [summary(name, points) for name, points in read(store, request).parameters.items()]}


@route("GET", "rest:experiment/log-other")
def others(store: Store, request: Request) -> dict:
    held = read(store, request).others
    # An other has one value, the last; only metrics and parameters have a history.
    return {"values": [summary(name, points[-1:]) for name, points in held.items()]}


@route("GET", "rest:experiment/tags", "sdk:experiment/tags")
def tags(store: Store, request: Request) -> dict:
    return {"tags": read(store, request).tags}


@route("GET", "rest:experiment/html")
def html(store: Store, request: Request) -> dict:
    return {"html": read(store, request).html}


@route("GET", "rest:experiment/graph")
def graph(store: Store, request: Request) -> dict:
    return {"graph": read(store, request).graph}


@route("GET", "rest:experiment/code")
def code(store: Store, request: Request) -> dict:
    return {"code": read(store, request).code}


@route("GET", "rest:experiment/output")
def output(store: Store, request: Request) -> dict:
    return {"output": "".join(line["text"] for line in read(store, request).output_in_order())}


@route("GET", "rest:experiment/system-details")
def system_details(store: Store, request: Request) -> dict:
    experiment = read(store, request)
    lists = ("gpuStaticInfoList", "logAdditionalSystemInfoList")
    held = {name: experiment.system.get(name, [] if name in lists else None) for name in SYSTEM_FIELDS}
    names = [name for name in experiment.metrics if name.startswith("sys.")]
    return {**held, "experimentKey": experiment.key, "systemMetricNames": names}


@route("GET", "rest:experiment/git/metadata")
def git(store: Store, request: Request) -> dict:
    held = read(store, request).git
    return {name: held.get(name) for name in GIT_FIELDS}


@route("GET", "rest:experiment/git/patch")
def git_patch(store: Store, request: Request):
    patch = read(store, request).git_patch
    # The client takes any body that begins so as "there is none".
    return {"msg": "No git patch found for experiment"} if patch is None else patch


@route("GET", "rest:experiments")
def experiments(store: Store, request: Request) -> dict:
    if "projectId" in request.query:
        project = store.project_by_key(request.query["projectId"])
    else:
        project = store.project(request.text("workspaceName"), request.query.get("projectName"))
    archived = request.flag("archived")
    listed = [e for e in store.of_project(project) if e.archived == archived]
    field = {"startTime": "startTimeMillis", "endTime": "endTimeMillis"}.get(request.query.get("sortBy", ""))
    found = [e.metadata() for e in listed]
    if field:
        found.sort(key=lambda row: row[field], reverse=request.query.get("sortOrder") == "desc")
    page, size = request.integer("page"), request.integer("size")
    if page is not None:
        if size is None or page < 1 or size < 1:
            raise Refusal("page counts from 1 and goes with a size")
        found = found[(page - 1) * size : page * size]
    return {"experiments": found}
