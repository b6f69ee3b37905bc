# SPDX-License-Identifier: Apache-2.0
"""The three doors of an asset, one form: parts `file` or `link`, `metadata`; all else in the query."""

from __future__ import annotations

import json
import uuid

from ..answers import Refusal, saved
from ..asset import Asset
from ..checks import Checks
from ..experiment import Experiment
from ..request import Request
from ..routing import route
from ..store import Store
from .session import NAME_LENGTH_LIMIT

NAMED_BY_SERVER = "auto-generated-in-the-backend"


def described(store: Store, request: Request, experiment: Experiment, about: dict, image: bool) -> Asset:
    """An asset of the fields of a query or, for a direct upload, of a JSON body."""
    kind = "image" if image else about.get("type") or "asset"
    key = about.get("imageId" if image else "assetId") or about.get("assetId") or uuid.uuid4().hex
    name = about.get("figName" if image else "fileName") or about.get("fileName") or key
    if name == NAMED_BY_SERVER:
        name = f"{kind}-{experiment.count(kind) + 1}.txt"
    if len(name) > NAME_LENGTH_LIMIT:
        store.problem(request, f"the asset's name is longer than {NAME_LENGTH_LIMIT} characters")
    if kind == "histogram3d" and about.get("step") is None:
        store.problem(request, f"histogram {name!r} has no step")
    checks = Checks(store, request)
    step, epoch = (_integer(about, field) for field in ("step", "epoch"))
    checks.integer(step, "step")
    checks.integer(epoch, "epoch")
    return Asset(
        key=key,
        experiment=experiment.key,
        name=name,
        type=kind,
        step=step,
        epoch=epoch,
        context=about.get("context"),
        metadata=read_metadata(store, request, about.get("metadata")),
        extension=(about.get("extension") or "").removeprefix("."),
        group=about.get("groupingName"),
        artifact_version=about.get("artifactVersionId"),
    )


def _integer(about: dict, name: str) -> int | None:
    value = about.get(name)
    try:
        return None if value is None else int(value)
    except (TypeError, ValueError):
        raise Refusal(f"{name}={value!r} is not an integer") from None


def read_metadata(store: Store, request: Request, text: str | None) -> dict | None:
    if text is None:
        return None
    try:
        value = json.loads(text)
    except ValueError as error:
        store.problem(request, f"metadata is not JSON: {error}")
        return None
    if value is not None and not isinstance(value, dict):
        store.problem(request, "metadata is not a JSON object")
        return None
    return value


def truth(value) -> bool:
    return str(value).lower() == "true"


def upload(store: Store, request: Request, key: str, image: bool) -> Asset:
    experiment = store.experiment(request, key, "other")
    parts = request.parts
    about = {k: v for k, v in request.query.items() if k != "metadata"}
    if "metadata" in parts:
        about["metadata"] = parts["metadata"].content.decode("utf-8")
    asset = described(store, request, experiment, about, image)
    if ("link" in parts) == ("file" in parts):
        raise Refusal("an asset has one part named file, or one named link")
    if "link" in parts:
        if not truth(about.get("isRemote")):
            store.problem(request, "a part named link goes with isRemote=True")
        asset.link = parts["link"].content.decode("utf-8")
        return store.add_asset(experiment, asset, None, truth(about.get("overwrite")))
    return store.add_asset(experiment, asset, parts["file"].content, truth(about.get("overwrite")))


@route("POST", "sdk:asset/upload")
def sdk_asset(store: Store, request: Request) -> dict:
    asset = upload(store, request, request.text("experimentId"), image=False)
    return saved(assetId=asset.key, link=None, previewUrl=None)


@route("POST", "sdk:visualizations/upload")
def sdk_image(store: Store, request: Request) -> dict:
    asset = upload(store, request, request.text("experimentId"), image=True)
    return saved(imageId=asset.key, link=None)


@route("POST", "rest:write/experiment/upload-asset")
def rest_asset(store: Store, request: Request) -> dict:
    image = request.query.get("type") == "image"
    asset = upload(store, request, request.text("experimentKey"), image)
    return saved(assetId=asset.key, link=asset.row(request.base)["link"])


@route("GET", "rest:write/experiment/asset/delete")
def delete(store: Store, request: Request) -> dict:
    experiment = store.experiment(request, request.text("experimentKey"), "other")
    if experiment.assets.pop(request.text("assetId"), None) is None:
        raise Refusal("no such asset")
    return saved()


@route("POST", "sdk:asset/log-remote-model")
def remote_model(store: Store, request: Request) -> dict:
    experiment = store.experiment(request, request.json.get("experimentKey"), "other")
    for entry in request.json.get("remoteEntities") or []:
        about = {**entry, "type": "model-element", "groupingName": request.json.get("modelName")}
        asset = described(store, request, experiment, about, image=False)
        asset.link = entry.get("remoteUrl")
        store.add_asset(experiment, asset, None, overwrite=False)
    return saved()
