# SPDX-License-Identifier: Apache-2.0
"""Which request meets which fault."""

from __future__ import annotations

import random
import re
import threading
from dataclasses import dataclass, field

KINDS = (
    "status",  # answers with `status` (and Retry-After, if given); nothing is forwarded
    "reset_before",  # the connection is reset before the body is read
    "reset_middle",  # … after half of the body
    "reset_after",  # the upstream handles the request, then the connection is reset: its answer is lost
    "cut_answer",  # half of the answer, then the end of the connection
    "stall",  # `seconds` of silence, then the request goes its way
    "slow_body",  # the answer in eight pieces over `seconds`
)


@dataclass
class Fault:
    """Meets the requests that match `method` and `path` (regular expression, searched in path and query): of
    these the `first` and those after it, or each with `chance`, until `times` are used up."""

    kind: str
    method: str = ""
    path: str = ""
    first: int = 1
    times: int = 1
    chance: float | None = None
    status: int = 503
    retry_after: str | None = None
    seconds: float = 20.0
    seen: int = field(default=0, compare=False)
    used: int = field(default=0, compare=False)

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}; known: {', '.join(KINDS)}")

    def meets(self, method: str, target: str, rng: random.Random) -> bool:
        if self.method and self.method != method:
            return False
        if self.path and not re.search(self.path, target):
            return False
        self.seen += 1
        if self.used >= self.times:
            return False
        hit = self.seen >= self.first if self.chance is None else rng.random() < self.chance
        self.used += hit
        return hit


class FaultPlan:
    """The faults in force; may be changed while the proxy runs."""

    def __init__(self, faults: list[Fault] | None = None, seed: int = 1):
        self.faults = list(faults or [])
        self.rng = random.Random(seed)
        self.lock = threading.Lock()

    def set(self, *faults: Fault) -> None:
        with self.lock:
            self.faults = list(faults)

    def choose(self, method: str, target: str) -> Fault | None:
        with self.lock:
            return next((f for f in self.faults if f.meets(method, target, self.rng)), None)
