# SPDX-License-Identifier: Apache-2.0
"""Models of an experiment, and the registry of them."""

from __future__ import annotations

import io
import uuid
import zipfile

from ..answers import Refusal, saved
from ..experiment import Experiment
from ..request import Request
from ..routing import route
from ..store import Store
from .reads import read


def zipped(experiment: Experiment, model: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for asset in experiment.assets.values():
            if asset.group == model and asset.link is None:
                archive.writestr(asset.name, asset.content())
    return kept.getvalue()


def registered(store: Store, request: Request) -> dict:
    name = request.query.get("modelName") or request.text("registryModelName")
    found = store.models.get((request.text("workspaceName"), name))
    if found is None:
        raise Refusal(f"no such registered model: {name}")
    return found


@route("GET", "rest:experiment/model")
def models(store: Store, request: Request) -> dict:
    experiment = read(store, request)
    return {
        "models": [
            {
                "experimentModelId": experiment.model_key(experiment.key, name),
                "experimentKey": experiment.key,
                "modelName": name,
                "registryRecords": [r for r in experiment.registered_models if r["modelName"] == name],
            }
            for name in experiment.models()
        ]
    }


@route("GET", "rest:experiment/model/asset/list")
def model_assets(store: Store, request: Request) -> dict:
    experiment, name = read(store, request), request.text("modelName")
    return {"assets": [a.row(request.base) for a in experiment.assets.values() if a.group == name]}


@route("GET", "rest:experiment/model/download")
def download(store: Store, request: Request) -> bytes:
    return zipped(read(store, request), request.text("modelName"))


@route("POST", "rest:write/registry-model/item/create")
def register(store: Store, request: Request) -> dict:
    body = request.json
    experiment = store.experiment(request, body.get("experimentKey"), "other")
    model, name = body.get("experimentModelName"), body.get("registryModelName")
    if model not in experiment.models():
        raise Refusal(f"the experiment has no model {model!r}")
    workspace, version = experiment.project.workspace, body.get("version") or "1.0.0"
    held = store.models.setdefault(
        (workspace, name),
        {
            "registryModelId": uuid.uuid4().hex,
            "modelName": name,
            "description": body.get("registryModelDescription"),
            "isPublic": body.get("publicModel") is True,
            "notes": "",
            "versions": [],
        },
    )
    if any(v["version"] == version for v in held["versions"]):
        raise Refusal(f"version {version} of {name} exists")
    item = {
        "registryModelItemId": uuid.uuid4().hex,
        "version": version,
        "comment": body.get("versionComment"),
        "tags": body.get("tags") or [],
        "status": body.get("status"),
        "stages": [],
        "experimentKey": experiment.key,
        "experimentModel": {"experimentKey": experiment.key, "modelName": model},
    }
    held["versions"].append(item)
    experiment.registered_models.append({"modelName": model, "registryModelName": name, "version": version})
    return {
        "registryModelId": held["registryModelId"],
        "registryModelItemId": item["registryModelItemId"],
    }


@route("GET", "rest:registry-model")
def registry(store: Store, request: Request) -> dict:
    workspace = store.workspace(request.text("workspaceName"))
    return {"registryModels": [m for (place, _), m in store.models.items() if place == workspace]}


@route("GET", "rest:registry-model/count")
def count(store: Store, request: Request) -> dict:
    return {"registryModelCount": len(registry(store, request)["registryModels"])}


@route("GET", "rest:registry-model/details")
def registry_details(store: Store, request: Request) -> dict:
    return registered(store, request)


@route("GET", "rest:registry-model/notes")
def registry_notes(store: Store, request: Request) -> dict:
    return {"notes": registered(store, request)["notes"]}


@route("POST", "rest:write/registry-model/notes")
def write_notes(store: Store, request: Request) -> dict:
    held = store.models.get((request.json.get("workspaceName"), request.json.get("registryModelName")))
    if held is None:
        raise Refusal("no such registered model")
    held["notes"] = request.json.get("notes") or ""
    return saved()


@route("GET", "rest:registry-model/item/download")
def registry_download(store: Store, request: Request) -> bytes:
    held, wanted = registered(store, request), request.query.get("version")
    for item in reversed(held["versions"]):
        if wanted in (None, item["version"]):
            experiment = store.experiment(request, item["experimentKey"])
            return zipped(experiment, item["experimentModel"]["modelName"])
    raise Refusal(f"no such version: {wanted}")
