# SPDX-License-Identifier: Apache-2.0
"""Reading assets: lists, contents, and the histograms that the server combines."""

from __future__ import annotations

import hashlib
import json

from ..answers import Answer, Refusal
from ..asset import Asset
from ..experiment import Experiment
from ..full_metrics import FULL_METRIC, full_metrics
from ..request import Request
from ..routing import route
from ..store import Store
from .reads import read


def combined_histograms(experiment: Experiment) -> dict[str, tuple[Asset, bytes]]:
    """One asset for each name, made of all its steps; the steps themselves are not listed."""
    by_name: dict[str, list[Asset]] = {}
    for asset in experiment.assets.values():
        if asset.type == "histogram3d" and asset.artifact_version is None:
            by_name.setdefault(asset.name, []).append(asset)
    found = {}
    for name, steps in by_name.items():
        steps = sorted(steps, key=lambda one: (one.step is not None, one.step or 0))
        content = json.dumps(
            {"histograms": [{"step": one.step, "histogram": json.loads(one.content())} for one in steps]}
        ).encode()
        key = hashlib.md5(f"{experiment.key}/{name}".encode(), usedforsecurity=False).hexdigest()
        whole = Asset(key, experiment.key, name, "histogram_combined_3d", created=steps[-1].created)
        whole.size = len(content)
        found[key] = (whole, content)
    return found


def made_by_server(store: Store, experiment: Experiment) -> dict[str, tuple[Asset, bytes]]:
    rows = store.settings.full_metrics
    return combined_histograms(experiment) | (full_metrics(experiment, rows) if rows else {})


def listed(store: Store, experiment: Experiment, kind: str) -> list[Asset]:
    own = [a for a in experiment.assets.values() if a.artifact_version is None and a.type != "histogram3d"]
    found = own + [asset for asset, _ in made_by_server(store, experiment).values()]
    # Files of full metrics are listed only when asked for by their type.
    return [a for a in found if kind == a.type or (kind == "all" and a.type != FULL_METRIC)]


@route("GET", "rest:experiment/asset/list")
def assets(store: Store, request: Request) -> dict:
    found = listed(store, read(store, request), request.query.get("type", "all"))
    return {"assets": [asset.row(request.base) for asset in found]}


@route("GET", "rest:experiment/asset/get-by-name")
def by_name(store: Store, request: Request) -> dict:
    name, kind = request.text("assetName"), request.query.get("type", "all")
    found = listed(store, read(store, request), kind)
    return {"assets": [asset.row(request.base) for asset in found if asset.name == name]}


@route("GET", "rest:experiment/asset/get-asset")
def content(store: Store, request: Request):
    key = request.text("assetId")
    if "artifactVersionId" in request.query:
        # A file of an artifact is read by other experiments than the one that logged it.
        holders = store.experiments.values()
        asset = next((e.assets[key] for e in holders if key in e.assets), None)
    else:
        experiment = read(store, request)
        asset = experiment.assets.get(key)
        made = made_by_server(store, experiment).get(key) if asset is None else None
        if made:
            return made[1]
    if asset is None or asset.link is not None:
        raise Refusal("no such asset, or it is remote", status=404 if asset is None else 400)
    if store.settings.direct_upload and request.flag("allow301"):
        place = f"{request.base}/__s3__/contents/{asset.experiment}/{asset.key}"
        return Answer(b"", status=302, headers={"Location": place})
    return asset.content()
