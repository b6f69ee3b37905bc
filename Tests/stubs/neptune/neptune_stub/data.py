# SPDX-License-Identifier: Apache-2.0
"""The data set of the stub: made from a profile and a seed, the same each time. It knows nothing of HTTP, so
that tests can compute from it what must arrive."""

from __future__ import annotations

import random
import threading
import uuid
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Callable, Iterator

from . import content2, content3
from .profiles import PROFILES
from .values import Attribute, Points, Series

# 2025-01-02T03:04:05.678Z. Run n of a project was created n minutes and a little later.
FIRST_CREATION = 1_735_787_045_678


@dataclass(frozen=True)
class Head:
    """What a listing needs of a container. `container` is run, model, modelVersion or project."""

    index: int
    sys_id: str
    custom_id: str | None
    container: str
    uuid: str
    shape: str
    created: int
    archived: bool = False
    trashed: bool = False
    fork_parent: int | None = None
    fork_step: int = 0
    parent_id: str | None = None


class Project:
    def __init__(self, data: "Dataset", workspace: str, name: str, key: str, runs: int):
        self.data, self.workspace, self.name, self.key = data, workspace, name, key
        self.identifier = f"{workspace}/{name}"
        self.run_count = runs
        self.uuid = data.uuid(self.identifier)
        self.workspace_uuid = data.uuid(workspace)

    @cached_property
    def heads(self) -> list[Head]:
        """All containers, in the order of their creation."""
        make = content3.heads if self.data.generation == 3 else content2.heads
        return list(make(self))

    @cached_property
    def _by_sys_id(self) -> dict[str, Head]:
        return {head.sys_id: head for head in self.heads}

    @cached_property
    def _by_custom_id(self) -> dict[str, Head]:
        return {head.custom_id: head for head in self.heads if head.custom_id is not None}

    @cached_property
    def _by_uuid(self) -> dict[str, Head]:
        return {head.uuid: head for head in self.heads}

    def find(self, sys_id: str = "", custom_id: str = "", container_uuid: str = "") -> Head | None:
        if custom_id:
            return self._by_custom_id.get(custom_id)
        if container_uuid == self.uuid or sys_id == self.key:
            return content2.project_head(self)
        return self._by_uuid.get(container_uuid) if container_uuid else self._by_sys_id.get(sys_id)

    def attributes(self, head: Head) -> dict[str, Attribute]:
        """A fork has its ancestors' series too, up to the step where it left them."""
        return self.data.attributes(self, head)

    def points(self, head: Head, name: str, inherited: bool) -> Points | None:
        """None when the container has no series of that name."""
        attribute = self.attributes(head).get(name)
        if attribute is None or not isinstance(attribute.value, Series):
            return None
        own = self.own_attributes(head).get(name)
        points = own.value.points if own else Points([], [], [])
        if not inherited or head.fork_parent is None:
            return points
        parent = self.heads[head.fork_parent]
        before = self.points(parent, name, inherited=True)
        return before.prefix(head.fork_step).behind(points) if before else points

    def own_attributes(self, head: Head) -> dict[str, Attribute]:
        return self.data.own_attributes(self, head)

    def rng(self, *parts: object) -> random.Random:
        """Seeded by text, which Python hashes alike in each process and release."""
        return random.Random("/".join(map(str, (self.data.seed, self.identifier, *parts))))


class Dataset:
    def __init__(self, profile: str = "small", seed: int = 1, generation: int = 3):
        if profile not in PROFILES or generation not in (2, 3):
            raise ValueError(
                f"no profile {profile!r} of generation {generation}; there are {', '.join(PROFILES)}"
            )
        self.profile, self.seed, self.generation = profile, seed, generation
        self.sizes = PROFILES[profile]
        self._changes: dict[tuple[str, int], int] = {}
        self._lock = threading.Lock()
        self._own = lru_cache(maxsize=400)(self._make_own)
        runs = self.sizes.runs
        self.projects = [
            Project(self, "acme", "vision", "VIS", runs),
            Project(self, "acme", "nlp.beta_2", "NLP", 3),
            Project(self, "acme", "empty", "EMP", 0),
            Project(self, "other", "foreign", "FOR", 1),
        ]
        if generation == 3:
            self.projects.insert(2, Project(self, "acme", "hostile", "HOS", len(content3.HOSTILE)))

    def project(self, identifier: str) -> Project | None:
        for project in self.projects:
            if identifier in (project.identifier, project.uuid):
                return project
        return None

    def uuid(self, name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.seed}/{self.generation}/{name}"))

    def containers(self) -> Iterator[tuple[Project, Head]]:
        for project in self.projects:
            for head in project.heads:
                yield project, head

    def change(self, project: str, sys_id: str) -> int:
        """Lets a run go on: one more point of each metric, another value of `changed`, a later time of
        modification. Gives the number of changes so far."""
        found = self.project(project)
        head = found.find(sys_id=sys_id) if found else None
        if head is None:
            raise KeyError(f"no run {sys_id} in {project}")
        with self._lock:
            count = self._changes[(found.identifier, head.index)] = self.changes(found, head) + 1
        return count

    def changes(self, project: Project, head: Head) -> int:
        return self._changes.get((project.identifier, head.index), 0)

    def own_attributes(self, project: Project, head: Head) -> dict[str, Attribute]:
        return self._own(project, head, self.changes(project, head))

    def attributes(self, project: Project, head: Head) -> dict[str, Attribute]:
        own = self.own_attributes(project, head)
        if head.fork_parent is None:
            return own
        inherited = self.attributes(project, project.heads[head.fork_parent])
        series = {name: one for name, one in inherited.items() if isinstance(one.value, Series)}
        return series | own

    def _make_own(self, project: Project, head: Head, changes: int) -> dict[str, Attribute]:
        make: Callable[..., Iterator[Attribute]] = (
            content3.attributes if self.generation == 3 else content2.attributes
        )
        return {one.name: one for one in make(project, head, changes)}
