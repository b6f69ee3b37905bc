# SPDX-License-Identifier: Apache-2.0
"""3D scenes: an asset made first, then its items and a preview."""

from __future__ import annotations

import hashlib
import json
import uuid

from ..answers import Refusal, saved
from ..asset import Asset
from ..request import Request
from ..routing import route
from ..store import Store
from .asset_uploads import read_metadata


@route("POST", "sdk:asset")
def create(store: Store, request: Request) -> dict:
    body = request.json
    experiment = store.experiment(request, body.get("experimentKey"), "other")
    asset = Asset(
        key=uuid.uuid4().hex,
        experiment=experiment.key,
        name=body.get("userFileName") or "",
        type=body.get("assetType") or "asset",
        step=body.get("step"),
        metadata=read_metadata(store, request, body.get("metadata")),
    )
    store.add_asset(experiment, asset, None, overwrite=False)
    return {"assetId": asset.key}


@route("POST", "sdk:asset/asset-item")
def item(store: Store, request: Request) -> dict:
    about, asset = _scene(store, request, None)
    content = request.parts["assetItemContent"].content
    asset.items.append(
        {
            "name": about.get("userFileName"),
            "type": about.get("assetItemType"),
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    )
    return saved()


@route("PUT", "sdk:asset/{key}/thumbnail")
def thumbnail(store: Store, request: Request, key: str) -> dict:
    _, asset = _scene(store, request, key)
    asset.thumbnail_sha256 = hashlib.sha256(request.parts["thumbnail"].content).hexdigest()
    return saved()


def _scene(store: Store, request: Request, key: str | None) -> tuple[dict, Asset]:
    if "requestParams" not in request.parts:
        raise Refusal("there is no part named requestParams")
    about = json.loads(request.parts["requestParams"].content)
    experiment = store.experiment(request, about.get("experimentKey"), "other")
    asset = experiment.assets.get(key or about.get("assetId"))
    if asset is None:
        raise Refusal("no such asset")
    return about, asset
