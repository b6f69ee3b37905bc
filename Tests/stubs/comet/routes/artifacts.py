# SPDX-License-Identifier: Apache-2.0
"""Artifacts: versioned sets of files, closed before they can be read."""

from __future__ import annotations

import json
import uuid

from ..answers import Code, Refusal, saved
from ..experiment import now
from ..request import Request
from ..routing import route
from ..store import Store
from .asset_uploads import described, truth


@route("POST", "rest:write/artifacts/upsert")
def upsert(store: Store, request: Request) -> dict:
    body = request.json
    experiment = store.experiment(request, body.get("experimentKey"), "other")
    workspace, name = experiment.project.workspace, body.get("artifactName")
    if not isinstance(name, str) or not name:
        raise Refusal("the artifact has no name")
    artifact = store.artifacts.setdefault(
        (workspace, name),
        {
            "artifactId": str(uuid.uuid4()),
            "artifactName": name,
            "artifactType": body.get("artifactType"),
            "workspaceName": workspace,
            "projectName": experiment.project.name,
            "tags": [],
            "description": None,
            "isPublic": False,
            "versions": [],
        },
    )
    versions = artifact["versions"]
    previous = versions[-1]["version"] if versions else None
    version = body.get("version") or _next(previous)
    if any(v["version"] == version for v in versions):
        raise Refusal(f"version {version} exists", code=Code.ARTIFACT_VERSION_EXISTS)
    aliases = body.get("alias") or []
    for other in versions:
        other["alias"] = [a for a in other["alias"] if a not in aliases]
    made = {
        "artifactVersionId": str(uuid.uuid4()),
        "version": version,
        "alias": list(aliases),
        "tags": body.get("versionTags") or [],
        "metadata": body.get("versionMetadata"),
        "state": "OPEN",
        "added": now(),
        "experimentKey": experiment.key,
        "consumers": [],
    }
    versions.append(made)
    return {
        "artifactId": artifact["artifactId"],
        "artifactVersionId": made["artifactVersionId"],
        "previousVersion": previous,
        "currentVersion": version,
    }


def _next(previous: str | None) -> str:
    if previous is None:
        return "1.0.0"
    major = previous.split(".", 1)[0]
    return f"{int(major) + 1}.0.0" if major.isdigit() else f"{previous}.1"


@route("POST", "rest:write/artifact/assets/remote/batch")
def remote_files(store: Store, request: Request) -> dict:
    experiment = store.experiment(request, request.text("experimentKey"), "other")
    for entry in request.json.get("remoteArtifactAssetRequests") or []:
        asset = described(store, request, experiment, entry, image=False)
        asset.link = entry.get("link")
        store.add_asset(experiment, asset, None, truth(entry.get("overwrite")))
    return saved()


@route("POST", "rest:write/artifacts/state")
def state(store: Store, request: Request) -> dict:
    store.experiment(request, request.json.get("experimentKey"), "other")
    _, version = by_version_key(store, request.json.get("artifactVersionId"))
    if request.json.get("state") not in ("CLOSED", "ERROR"):
        raise Refusal(f"no such state: {request.json.get('state')!r}")
    version["state"] = request.json["state"]
    return saved()


@route("POST", "rest:write/artifacts/details")
def update(store: Store, request: Request) -> dict:
    for artifact in store.artifacts.values():
        if artifact["artifactId"] == request.json.get("artifactId"):
            artifact["tags"] = request.json.get("tags") or artifact["tags"]
            return saved()
    raise Refusal("no such artifact", code=Code.ARTIFACT_NOT_FOUND)


@route("POST", "rest:write/artifacts/version/labels")
def update_version(store: Store, request: Request) -> dict:
    _, version = by_version_key(store, request.json.get("artifactVersionId"))
    version["alias"] = request.json.get("aliases") or version["alias"]
    version["tags"] = request.json.get("versionTags") or version["tags"]
    return saved()


@route("GET", "rest:artifacts/get-all")
def all_artifacts(store: Store, request: Request) -> dict:
    workspace, kind = store.workspace(request.text("workspace")), request.query.get("type")
    found = [a for (place, _), a in store.artifacts.items() if place == workspace]
    return {
        "artifacts": [
            {
                "artifactId": a["artifactId"],
                "name": a["artifactName"],
                "type": a["artifactType"],
                "workspace": workspace,
                "project": a["projectName"],
                "description": a["description"],
                "tags": a["tags"],
                "isPublic": a["isPublic"],
                "emoji": None,
                "latestVersion": a["versions"][-1]["version"],
            }
            for a in found
            if kind in (None, a["artifactType"])
        ]
    }


@route("GET", "rest:artifacts/get")
def details(store: Store, request: Request) -> dict:
    artifact = by_name(store, request)
    shown = {k: v for k, v in artifact.items() if k not in ("versions", "artifactName")}
    versions = [_version(store, version) for version in artifact["versions"]]
    return {**shown, "name": artifact["artifactName"], "type": artifact["artifactType"], "versions": versions}


@route("GET", "rest:artifacts/version")
def version_details(store: Store, request: Request) -> dict:
    artifact, version = _asked(store, request)
    consumer = request.query.get("consumerExperimentKey")
    if consumer:
        if version["state"] != "CLOSED":
            raise Refusal("the version is not closed", code=Code.ARTIFACT_VERSION_NOT_CLOSED)
        version["consumers"].append(consumer)
    about = {k: v for k, v in artifact.items() if k != "versions"}
    shown = _version(store, version)
    return {**shown, "artifactVersion": version["version"], "artifact": about}


@route("GET", "rest:artifacts/version/files")
def files(store: Store, request: Request) -> dict:
    artifact, version = _asked(store, request)
    key = version["artifactVersionId"]
    return {
        "files": [
            {
                "artifactId": artifact["artifactId"],
                "artifactVersionId": key,
                "assetId": asset.key,
                "fileName": asset.name,
                "fileSize": asset.size,
                "link": asset.link,
                "dir": None,
                "type": asset.type,
                "metadata": None if asset.metadata is None else json.dumps(asset.metadata),
                "remote": asset.link is not None,
            }
            for asset in _files(store, key)
        ]
    }


@route("GET", "rest:get/artifacts")
def lineage(store: Store, request: Request) -> dict:
    key, wanted = request.text("experimentKey"), request.query.get("filter", "all")
    found = []
    for artifact in store.artifacts.values():
        for version in artifact["versions"]:
            made, used = version["experimentKey"] == key, key in version["consumers"]
            if (made and wanted in ("all", "output")) or (used and wanted in ("all", "input")):
                found.append({**_version(store, version), "artifact": artifact["artifactName"]})
    return {"artifacts": found}


def by_name(store: Store, request: Request) -> dict:
    workspace = request.query.get("workspace")
    if workspace is None and "experimentKey" in request.query:
        workspace = store.experiment(request, request.text("experimentKey")).project.workspace
    workspace = store.workspace(workspace)
    name = request.query.get("artifactName") or request.text("artifactId")
    for (place, held), artifact in store.artifacts.items():
        if place == workspace and name in (held, artifact["artifactId"]):
            return artifact
    raise Refusal(f"no such artifact: {workspace}/{name}", code=Code.ARTIFACT_NOT_FOUND)


def by_version_key(store: Store, key: str | None) -> tuple[dict, dict]:
    for artifact in store.artifacts.values():
        for version in artifact["versions"]:
            if version["artifactVersionId"] == key:
                return artifact, version
    raise Refusal(f"no such artifact version: {key}", code=Code.ARTIFACT_NOT_FOUND)


def _asked(store: Store, request: Request) -> tuple[dict, dict]:
    key = request.query.get("versionId") or request.query.get("artifactVersionId")
    if key:
        return by_version_key(store, key)
    artifact = by_name(store, request)
    wanted = next((v for k in ("versionOrAlias", "version", "alias") if (v := request.query.get(k))), None)
    if wanted is None:
        return artifact, artifact["versions"][-1]
    for version in artifact["versions"]:
        if wanted == version["version"] or wanted in version["alias"]:
            return artifact, version
    raise Refusal(f"no such version: {wanted}", code=Code.ARTIFACT_NOT_FOUND)


def _files(store: Store, key: str):
    return [a for e in store.experiments.values() for a in e.assets.values() if a.artifact_version == key]


def _version(store: Store, version: dict) -> dict:
    shown = {k: v for k, v in version.items() if k != "consumers"}
    size = sum(asset.size for asset in _files(store, version["artifactVersionId"]))
    return {**shown, "sizeInBytes": size, "owner": store.settings.user, "note": None, "createdFrom": None}
