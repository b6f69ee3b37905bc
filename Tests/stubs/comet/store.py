# SPDX-License-Identifier: Apache-2.0
"""All that the server holds: workspaces, projects, experiments, artifacts, registered models."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from .answers import Code, Refusal
from .asset import Asset
from .experiment import Experiment, Project
from .rates import Rates
from .request import Request

EXPERIMENT_KEY = re.compile(r"[0-9A-Za-z]{32,50}\Z")
DEFAULT_PROJECT = "general"


@dataclass
class Settings:
    """What differs between Comet servers, or what nobody outside Comet knows."""

    api_key: str
    workspaces: list[str]
    user: str = "stub-user"
    version: str = "4.35.0"
    strict: bool = True
    direct_upload: bool = False
    sample: int | None = 15_000
    full_metrics: int | None = None
    deleted_keys_return: bool = False
    same_asset: str = "refuse"
    limits: dict[str, int] = field(
        default_factory=lambda: {"text-sample": 500, "image": 100_000, "curve": 1000}
    )


class Store:
    def __init__(self, folder: Path, settings: Settings, rates: Rates):
        self.folder, self.settings, self.rates = folder, settings, rates
        self.projects: dict[tuple[str, str], Project] = {}
        self.experiments: dict[str, Experiment] = {}
        self.deleted: set[str] = set()
        self.artifacts: dict[tuple[str, str], dict] = {}
        self.models: dict[tuple[str, str], dict] = {}
        self.uploads: dict[str, dict] = {}
        self.problems: list[dict] = []
        self._made = 0

    @property
    def contents(self) -> Path:
        return self.folder / "contents"

    def workspace(self, name: str | None) -> str:
        if name is None:
            return self.settings.workspaces[0]
        if name not in self.settings.workspaces:
            raise Refusal(f"no such workspace: {name}", code=Code.NO_SUCH_WORKSPACE)
        return name

    def project(self, workspace: str | None, name: str | None, create: bool = False) -> Project:
        workspace, name = self.workspace(workspace), name or DEFAULT_PROJECT
        found = self.projects.get((workspace, name))
        if found is None:
            if not create:
                raise Refusal(f"no such project: {workspace}/{name}")
            if len(name) > 100:
                raise Refusal("the project name is too long", code=Code.PROJECT_NAME_TOO_LONG)
            found = self.projects[workspace, name] = Project(uuid.uuid4().hex, name, workspace)
        return found

    def project_by_key(self, key: str) -> Project:
        for project in self.projects.values():
            if project.key == key:
                return project
        raise Refusal(f"no such project: {key}")

    def create(self, key: str, project: Project, offline: bool) -> Experiment:
        if not EXPERIMENT_KEY.match(key):
            raise Refusal(f"not an experiment key (32 to 50 letters and digits): {key!r}")
        # Whether a deleted key can be used again is not known; the harsher answer is the default.
        if key in self.experiments or (key in self.deleted and not self.settings.deleted_keys_return):
            raise Refusal("Experiment already exists", code=Code.EXPERIMENT_EXISTS)
        self._made += 1
        made = Experiment(key, project, self._made, self.settings.user, offline)
        self.experiments[key] = made
        return made

    def experiment(self, request: Request, key: str | None, kind: str = "", values: int = 1) -> Experiment:
        """The experiment of this key; with a kind, `values` of that kind are about to be written to it."""
        request.experiment_key = key
        found = self.experiments.get(key) if isinstance(key, str) else None
        if found is None:
            raise Refusal(f"No such experiment: {key}", code=Code.NO_SUCH_EXPERIMENT)
        if kind:
            self.rates.spend(found, kind, values)
        return found

    def delete(self, key: str) -> None:
        del self.experiments[key]
        self.deleted.add(key)

    def of_project(self, project: Project) -> list[Experiment]:
        return [e for e in self.experiments.values() if e.project is project or project.key in e.symlinks]

    def add_asset(
        self, experiment: Experiment, asset: Asset, content: bytes | None, overwrite: bool
    ) -> Asset:
        held = experiment.assets.get(asset.key)
        if held and not overwrite and self.settings.same_asset == "refuse":
            code = Code.IMAGE_IS_IMMUTABLE if asset.type == "image" else Code.ASSET_IS_IMMUTABLE
            raise Refusal(f"asset {asset.key} is stored already", code=code)
        most = self.settings.limits.get(asset.type)
        if not held and most is not None and experiment.count(asset.type) >= most:
            raise Refusal(f"this experiment is full of {asset.type}", code=Code.FULL.get(asset.type, 0))
        if overwrite and asset.artifact_version is None:
            same = [k for k, a in experiment.assets.items() if (a.name, a.type) == (asset.name, asset.type)]
            for key in same:
                del experiment.assets[key]
        if content is not None:
            asset.keep(self.contents, content)
        experiment.assets[asset.key] = asset
        return asset

    def problem(self, request: Request, message: str, refuse: bool = True) -> None:
        """Something that a Java server would refuse; without `strict` it is only listed."""
        self.problems.append({"method": request.method, "path": request.path, "problem": message})
        if refuse and self.settings.strict:
            raise Refusal(message)
