# SPDX-License-Identifier: Apache-2.0
"""The handshake of a run, its sign of life, and the small calls around them."""

from __future__ import annotations

from ..answers import Code, Refusal, saved
from ..experiment import Experiment, now
from ..request import Request
from ..routing import route
from ..store import Store

MIB_LIMIT = {"upload": 200, "asset": 102_400, "video": 200}
NAME_LENGTH_LIMIT = 256


@route("GET", "sdk:isAlive/ver")
def version(store: Store, request: Request) -> dict:
    return {"msg": "Healthy Server", "version": store.settings.version}


@route("GET", "sdk:health/ping")
def ping(store: Store, request: Request) -> dict:
    return saved()


@route("POST", "sdk:logger/add/run")
def add_run(store: Store, request: Request) -> dict:
    body = request.json
    key = body.get("experimentKey")
    if not isinstance(key, str):
        raise Refusal("the handshake has no experimentKey")
    request.experiment_key = key
    if not body.get("libVersion"):
        store.problem(request, "the handshake has no libVersion")
    held = store.experiments.get(key)
    if held and body.get("getOrCreateEnabled") is True:
        return handshake(store, request, held)
    if held:
        raise Refusal("Experiment already exists", code=Code.EXPERIMENT_EXISTS)
    project = store.project(body.get("teamName"), body.get("projectName"), create=True)
    return handshake(store, request, store.create(key, project, body.get("offline") is True))


@route("POST", "sdk:logger/get/run")
def get_run(store: Store, request: Request) -> dict:
    return handshake(store, request, store.experiment(request, request.json.get("previousExperiment")))


@route("POST", "sdk:logger/copy-steps-from-experiment")
def copy_steps(store: Store, request: Request) -> dict:
    body = request.json
    source = store.experiment(request, body.get("copiedExperimentKey"))
    made = store.create(body.get("newExperimentKey"), source.project, offline=False)
    last = body.get("stepToCopyTo")
    for name, points in source.metrics.items():
        made.metrics[name] = [p for p in points if last is None or p.step is None or p.step <= last]
    made.parameters = {name: list(points) for name, points in source.parameters.items()}
    made.parameter_values = dict(source.parameter_values)
    made.others = {name: list(points) for name, points in source.others.items()}
    made.other_values = dict(source.other_values)
    made.tags, made.counter = list(source.tags), source.counter
    return handshake(store, request, made)


def handshake(store: Store, request: Request, experiment: Experiment) -> dict:
    base, project = request.base, experiment.project
    content = f"{base}/api/rest/v2/experiment/asset/get-asset"
    return {
        "runId": experiment.run,
        "project_id": project.key,
        "githubEnabled": False,
        "focusUrl": f"{base}/{project.workspace}/{project.name}/",
        "lastOffset": max((line["offset"] for line in experiment.output), default=-1) + 1,
        "name": experiment.name,
        "s3DirectAccessEnabled": store.settings.direct_upload,
        "upload_file_size_limit_in_mb": MIB_LIMIT["upload"],
        "asset_upload_file_size_limit_in_mb": MIB_LIMIT["asset"],
        "uploadVideoMaxSizeMB": MIB_LIMIT["video"],
        "assetNameMaxLength": NAME_LENGTH_LIMIT,
        "imageNameMaxLength": NAME_LENGTH_LIMIT,
        "artifactNameMaxLength": NAME_LENGTH_LIMIT,
        "featureToggles": [{"name": "sdk_announcement", "enabled": False}],
        "cometWebAssetUrl": f"{base}/api/asset/download",
        "cometWebImageUrl": f"{base}/api/image/download",
        "cometRestApiAssetUrl": content,
        "cometRestApiImageUrl": content,
        "msg": None,
    }


@route("POST", "sdk:status-report/update")
def status(store: Store, request: Request) -> dict:
    experiment = own_run(store, request)
    experiment.running = request.json.get("is_alive") is True
    experiment.end = None if experiment.running else now()
    return saved(
        is_alive_beat_duration_millis=10_000,
        gpu_monitor_interval_millis=60_000,
        cpu_monitor_interval_millis=60_000,
        parameter_update_interval_millis=60_000,
        pending_rpcs=False,
    )


@route("POST", "sdk:status-report/offline-metadata")
def true_times(store: Store, request: Request) -> dict:
    experiment = own_run(store, request)
    start, end = request.json.get("startTimestamp"), request.json.get("endTimestamp")
    for value in (start, end):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            store.problem(request, f"a time is not integer milliseconds: {value!r}")
    experiment.start = experiment.start if start is None else start
    experiment.end = experiment.end if end is None else end
    return saved()


def own_run(store: Store, request: Request) -> Experiment:
    experiment = store.experiment(request, request.json.get("experimentKey"), "other")
    if request.json.get("runId") != experiment.run:
        raise Refusal(f"no such run: {request.json.get('runId')}", code=Code.NO_SUCH_RUN)
    return experiment


@route("POST", "sdk:tags/add-tags-to-experiment", "rest:write/experiment/tags")
def add_tags(store: Store, request: Request) -> dict:
    experiment = store.experiment(request, request.json.get("experimentKey"), "other")
    tags = request.json.get("addedTags")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise Refusal("addedTags is not a list of text")
    experiment.add_tags(tags)
    return saved()


@route("POST", "rest:write/experiment/tags/delete")
def delete_tags(store: Store, request: Request) -> dict:
    experiment = store.experiment(request, request.json.get("experimentKey"), "other")
    gone = request.json.get("tags") or []
    experiment.tags = [tag for tag in experiment.tags if tag not in gone]
    return saved()


@route("POST", "sdk:asset/3d-limits")
def scene_limits(store: Store, request: Request) -> dict:
    return {
        "maxPoints": 1_000_000,
        "maxPointsFileSizeInBytes": 0,
        "maxBoxes": 250_000,
        "maxBoxesFileSizeInBytes": 0,
    }


@route("POST", "sdk:notification/experiment", "sdk:notify/event", "sdk:log/add", "sdk:rpc/register-rpc")
def noted(store: Store, request: Request) -> dict:
    request.experiment_key = request.json.get("experiment_key") or request.json.get("experimentKey")
    return saved()


@route("GET", "sdk:rpc/get-pending-rpcs")
def pending(store: Store, request: Request) -> dict:
    return {"remoteProcedureCalls": []}


@route("GET", "sdk:symlink/new", "rest:write/project/symlink")
def symlink(store: Store, request: Request) -> dict:
    experiment = store.experiment(request, request.text("experimentKey"), "other")
    project = store.project(experiment.project.workspace, request.text("projectName"), create=True)
    if project.key not in experiment.symlinks:
        experiment.symlinks.append(project.key)
    return saved()
