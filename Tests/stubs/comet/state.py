# SPDX-License-Identifier: Apache-2.0
"""All that is held, as plain JSON in one canonical form, by experiment key."""

from __future__ import annotations

import json

from .experiment import Experiment
from .store import Store
from .values import Point


def state(store: Store) -> dict:
    return {
        "experiments": {key: _experiment(e) for key, e in sorted(store.experiments.items())},
        "artifacts": {"/".join(name): _artifact(a) for name, a in sorted(store.artifacts.items())},
        "models": {"/".join(name): _model(m) for name, m in sorted(store.models.items())},
        "problems": store.problems,
    }


def canonical(value) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)


def _order(point: Point):
    return (point.step is not None, point.step or 0, point.timestamp, point.text, point.offset)


def _experiment(e: Experiment) -> dict:
    assets = sorted(e.assets.values(), key=lambda a: (a.name, a.type, a.step or 0, a.sha256 or "", a.key))
    texts = [a for a in assets if a.type == "text-sample"]
    codes = [a for a in assets if a.type == "source_code"]
    return {
        "workspace": e.project.workspace,
        "project": e.project.name,
        "name": e.others["Name"][-1].text if "Name" in e.others else None,
        "parent": e.other_values.get("host.parent"),
        "offline": e.offline,
        "running": e.running,
        "crashed": e.crashed,
        "error": e.error,
        "archived": e.archived,
        "start": e.start,
        "end": e.end,
        "metrics": {
            name: [point.state() for point in sorted(points, key=_order)]
            for name, points in sorted(e.metrics.items())
        },
        "parameters": {
            name: {**points[-1].state(), "text": points[-1].text, "value": e.parameter_values[name]}
            for name, points in sorted(e.parameters.items())
        },
        "others": {
            name: {"value": e.other_values[name], "text": points[-1].text}
            for name, points in sorted(e.others.items())
        },
        "tags": sorted(e.tags),
        "system": e.system,
        "git": e.git,
        "git_patch_size": None if e.git_patch is None else len(e.git_patch),
        "dependencies": e.dependencies,
        "cloud": e.cloud,
        "html": e.html,
        "graph": e.graph,
        "code": e.code,
        "file_path": e.file_path,
        "output": e.output_in_order(),
        "texts": [{"text": _text(a.content()), "step": a.step, "metadata": a.metadata} for a in texts],
        "histograms": _histograms(e),
        "source_code": {a.name: a.sha256 for a in codes},
        "assets": [asset.state() for asset in assets],
        "throttled": e.throttle_reasons,
    }


def _text(content: bytes) -> str:
    return content.decode("utf-8", "backslashreplace")


def _histograms(e: Experiment) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for asset in sorted(e.assets.values(), key=lambda a: (a.name, a.step or 0, a.key)):
        if asset.type == "histogram3d":
            try:
                content = json.loads(asset.content())
            except ValueError:
                content = {"not JSON": _text(asset.content())}
            entry = {"step": asset.step, "metadata": asset.metadata, "histogram": content}
            found.setdefault(asset.name, []).append(entry)
    return found


def _artifact(artifact: dict) -> dict:
    return {
        "type": artifact["artifactType"],
        "versions": {
            v["version"]: {k: v[k] for k in ("alias", "tags", "metadata", "state", "experimentKey")}
            for v in artifact["versions"]
        },
    }


def _model(model: dict) -> dict:
    return {
        v["version"]: {k: v[k] for k in ("experimentModel", "comment", "tags")} for v in model["versions"]
    }
