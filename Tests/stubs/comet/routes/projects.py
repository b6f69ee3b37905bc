# SPDX-License-Identifier: Apache-2.0
"""Account, workspaces and projects."""

from __future__ import annotations

from ..answers import Refusal, saved
from ..experiment import Project
from ..request import Request
from ..routing import route
from ..store import Store


def row(store: Store, project: Project) -> dict:
    return {
        "projectId": project.key,
        "projectName": project.name,
        "ownerUserName": store.settings.user,
        "projectDescription": project.description,
        "workspaceName": project.workspace,
        "lastUpdated": project.updated,
        "numberOfExperiments": len(store.of_project(project)),
        "public": project.public,
        "isPublic": project.public,
    }


@route("GET", "rest:account-details")
def account(store: Store, request: Request) -> dict:
    return {"userName": store.settings.user, "defaultWorkspaceName": store.workspace(None)}


@route("GET", "rest:workspaces")
def workspaces(store: Store, request: Request) -> dict:
    return {"workspaceNames": sorted(store.settings.workspaces)}


@route("POST", "rest:write/workspace/new")
def new_workspace(store: Store, request: Request) -> dict:
    name = request.json.get("name")
    if not isinstance(name, str) or not name or name in store.settings.workspaces:
        raise Refusal("the workspace has no name, or exists")
    store.settings.workspaces.append(name)
    return saved()


@route("GET", "rest:projects")
def projects(store: Store, request: Request) -> dict:
    workspace = store.workspace(request.text("workspaceName"))
    return {"projects": [row(store, p) for p in store.projects.values() if p.workspace == workspace]}


@route("GET", "rest:project")
def project(store: Store, request: Request) -> dict:
    if "projectId" in request.query:
        return row(store, store.project_by_key(request.query["projectId"]))
    return row(store, store.project(request.text("workspaceName"), request.text("projectName")))


@route("GET", "rest:project/notes")
def notes(store: Store, request: Request) -> dict:
    return {"notes": store.project_by_key(request.text("projectId")).notes}


@route("POST", "rest:write/project/notes")
def write_notes(store: Store, request: Request) -> dict:
    store.project_by_key(request.json.get("projectId")).notes = request.json.get("notes") or ""
    return saved()


def _named(store: Store, request: Request) -> Project:
    body = request.json
    if body.get("projectId"):
        return store.project_by_key(body["projectId"])
    return store.project(body.get("workspaceName"), body.get("projectName"))


@route("POST", "rest:write/project/create")
def create(store: Store, request: Request) -> dict:
    body = request.json
    made = store.project(body.get("workspaceName"), body.get("projectName"), create=True)
    made.description = body.get("projectDescription") or ""
    made.public = body.get("isPublic") is True
    return saved(projectId=made.key)


@route("POST", "rest:write/project/update")
def update(store: Store, request: Request) -> dict:
    body, held = request.json, _named(store, request)
    new = body.get("newProjectName")
    if new is not None and new != held.name:
        if (held.workspace, new) in store.projects:
            raise Refusal(f"a project named {new} exists")
        del store.projects[held.workspace, held.name]
        held.name = new
        store.projects[held.workspace, new] = held
    if body.get("newProjectDescription") is not None:
        held.description = body["newProjectDescription"]
    if body.get("isPublic") is not None:
        held.public = body["isPublic"]
    return saved(projectId=held.key)


@route("POST", "rest:write/project/delete")
def delete(store: Store, request: Request) -> dict:
    body, held = request.json, _named(store, request)
    inside = [e for e in store.experiments.values() if e.project is held]
    if inside and not body.get("deleteAllExperiments"):
        raise Refusal("the project holds experiments")
    for experiment in inside:
        store.delete(experiment.key)
    del store.projects[held.workspace, held.name]
    return saved()


@route("GET", "rest:project/column-names")
def columns(store: Store, request: Request) -> dict:
    held = store.project(request.text("workspaceName"), request.text("projectName"))
    found: dict[tuple[str, str], str] = {}
    for experiment in store.of_project(held):
        found |= {(name, "metrics"): "double" for name in experiment.metrics}
        found |= {(name, "params"): "string" for name in experiment.parameters}
        found |= {(name, "log_other"): "string" for name in experiment.others}
    return {"columns": [{"name": n, "source": s, "type": kind} for (n, s), kind in found.items()]}
