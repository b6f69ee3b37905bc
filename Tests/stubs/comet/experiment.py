# SPDX-License-Identifier: Apache-2.0
"""One experiment and everything it holds."""

from __future__ import annotations

import hashlib
import time
import uuid
from dataclasses import dataclass, field

from .asset import Asset
from .java_text import java_text
from .values import Point, stored_name

DISPLAY_NAME = "Name"


def now() -> int:
    return int(time.time() * 1000)


@dataclass
class Project:
    key: str
    name: str
    workspace: str
    description: str = ""
    public: bool = False
    notes: str = ""
    updated: int = field(default_factory=now)


@dataclass
class Experiment:
    key: str
    project: Project
    number: int
    owner: str
    offline: bool
    run: str = field(default_factory=lambda: uuid.uuid4().hex)
    symlinks: list[str] = field(default_factory=list)
    running: bool = True
    crashed: bool = False
    error: str | None = None
    archived: bool = False
    start: int = field(default_factory=now)
    end: int | None = None
    metrics: dict[str, list[Point]] = field(default_factory=dict)
    parameters: dict[str, list[Point]] = field(default_factory=dict)
    parameter_values: dict[str, object] = field(default_factory=dict)
    others: dict[str, list[Point]] = field(default_factory=dict)
    other_values: dict[str, object] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    system: dict[str, object] = field(default_factory=dict)
    output: list[dict] = field(default_factory=list)
    html: str | None = None
    graph: str | None = None
    code: str | None = None
    file_path: str | None = None
    git: dict[str, str | None] = field(default_factory=dict)
    git_patch: bytes | None = None
    dependencies: dict[str, str] = field(default_factory=dict)
    cloud: dict | None = None
    assets: dict[str, Asset] = field(default_factory=dict)
    registered_models: list[dict] = field(default_factory=list)
    throttle_reasons: list[str] = field(default_factory=list)
    counter: int = 0

    @property
    def name(self) -> str:
        given = self.others.get(DISPLAY_NAME)
        return given[-1].text if given else f"experiment_{self.number:04d}"

    def add_point(self, name: str, value, step, epoch, timestamp, context) -> None:
        stored = stored_name(name, context)
        self.metrics.setdefault(stored, []).append(self._point(value, step, epoch, timestamp, context))

    def set_parameter(self, name: str, value, step, timestamp, context) -> None:
        stored = stored_name(name, context)
        self.parameters.setdefault(stored, []).append(self._point(value, step, None, timestamp, context))
        self.parameter_values[stored] = value

    def set_other(self, name: str, value, timestamp) -> None:
        self.others.setdefault(name, []).append(self._point(value, None, None, timestamp, None))
        self.other_values[name] = value

    def forget_parameter(self, name: str) -> None:
        self.parameters.pop(name, None)
        self.parameter_values.pop(name, None)

    def add_tags(self, tags: list[str]) -> None:
        self.tags += [tag for tag in dict.fromkeys(tags) if tag not in self.tags]

    def throttled(self, kind: str) -> None:
        if kind not in self.throttle_reasons:
            self.throttle_reasons.append(kind)

    def output_in_order(self) -> list[dict]:
        """By offset; lines of one offset, which should not be, stay in the order of their arrival."""
        return sorted(self.output, key=lambda line: line["offset"])

    def count(self, kind: str) -> int:
        return sum(1 for asset in self.assets.values() if asset.type == kind)

    def models(self) -> list[str]:
        return sorted({a.group for a in self.assets.values() if a.group and a.type == "model-element"})

    @staticmethod
    def model_key(experiment: str, model: str) -> str:
        return hashlib.md5(f"{experiment}/{model}".encode(), usedforsecurity=False).hexdigest()

    def metadata(self) -> dict:
        end = self.end if self.end is not None else now()
        reasons = self.throttle_reasons
        return {
            "experimentKey": self.key,
            "experimentName": self.name,
            "optimizationId": None,
            "userName": self.owner,
            "projectId": self.project.key,
            "projectName": self.project.name,
            "workspaceName": self.project.workspace,
            "filePath": self.file_path,
            "fileName": self.file_path.rsplit("/", 1)[-1] if self.file_path else None,
            "throttle": bool(reasons),
            "throttleMessage": f"data was throttled: {', '.join(reasons)}" if reasons else None,
            "throttleReasons": reasons,
            "durationMillis": end - self.start,
            "startTimeMillis": self.start,
            "endTimeMillis": end,
            "running": self.running,
            "error": self.error,
            "hasCrashed": self.crashed,
            "archived": self.archived,
        }

    def _point(self, value, step, epoch, timestamp, context) -> Point:
        self.counter += 1
        stamp = now() if timestamp is None else timestamp
        return Point(java_text(value), step, epoch, stamp, context or None, self.counter)
