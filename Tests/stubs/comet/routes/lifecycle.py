# SPDX-License-Identifier: Apache-2.0
"""Creating an experiment over REST, its state and times, and archiving, moving and deleting it."""

from __future__ import annotations

import uuid

from ..answers import Refusal, saved
from ..experiment import DISPLAY_NAME, now
from ..request import Request
from ..routing import route
from ..store import Store

SECOND = 1000


@route("POST", "rest:write/experiment/create")
def create(store: Store, request: Request) -> dict:
    body = request.json
    project = store.project(body.get("workspaceName"), body.get("projectName"), create=True)
    made = store.create(uuid.uuid4().hex, project, offline=False)
    request.experiment_key = made.key
    if body.get("experimentName") is not None:
        made.set_other(DISPLAY_NAME, body["experimentName"], None)
    return {
        "experimentKey": made.key,
        "workspaceName": project.workspace,
        "projectName": project.name,
        "name": made.name,
        "link": f"{request.base}/{project.workspace}/{project.name}/{made.key}",
    }


@route("POST", "rest:write/experiment/update-status")
def update_status(store: Store, request: Request) -> dict:
    body = request.json
    experiment = store.experiment(request, body.get("experimentKey"), "other")
    experiment.running = body.get("isAlive") is True
    experiment.end = None if experiment.running else experiment.end or now()
    experiment.error, experiment.crashed = body.get("error"), body.get("hasCrashed") is True
    return saved()


@route("POST", "rest:write/experiment/set-start-end-time")
def set_times(store: Store, request: Request) -> dict:
    body = request.json
    experiment = store.experiment(request, body.get("experimentKey"), "other")
    start, end = body.get("startTimeMillis"), body.get("endTimeMillis")
    if any(v is not None and (isinstance(v, bool) or not isinstance(v, int)) for v in (start, end)):
        raise Refusal("a time is not integer milliseconds")
    if start is not None:
        experiment.start = start
        if end is None and experiment.end is None and not experiment.running:
            experiment.end = start + SECOND
    if end is not None:
        experiment.end = end
    return saved()


@route("GET", "rest:write/experiment/archive")
def archive(store: Store, request: Request) -> dict:
    store.experiment(request, request.text("experimentKey"), "other").archived = True
    return saved()


@route("GET", "rest:write/experiment/restore")
def restore(store: Store, request: Request) -> dict:
    store.experiment(request, request.text("experimentKey"), "other").archived = False
    return saved()


@route("GET", "rest:write/experiment/delete")
def delete(store: Store, request: Request) -> dict:
    store.delete(store.experiment(request, request.text("experimentKey"), "other").key)
    return saved()


@route("GET", "rest:write/experiment/stop")
def stop(store: Store, request: Request) -> dict:
    experiment = store.experiment(request, request.text("experimentKey"), "other")
    experiment.running, experiment.end = False, now()
    return saved()


@route("GET", "rest:write/experiment/set-status")
def keep_alive(store: Store, request: Request) -> dict:
    store.experiment(request, request.text("experimentKey"), "other")
    return {"isAliveBeatDurationMillis": 10_000}


@route("POST", "rest:write/experiment/{key}/mark-not-throttled")
def not_throttled(store: Store, request: Request, key: str) -> dict:
    store.experiment(request, key).throttle_reasons.clear()
    return saved()


@route("POST", "rest:write/experiment/move")
def move(store: Store, request: Request) -> dict:
    body = request.json
    target = store.project(body.get("targetWorkspaceName"), body.get("targetProjectName"), create=True)
    for key in body.get("experimentKeys") or []:
        experiment = store.experiment(request, key, "other")
        if body.get("symlink"):
            experiment.symlinks.append(target.key)
        else:
            experiment.project = target
    return saved()
