# SPDX-License-Identifier: Apache-2.0
"""What an attribute of a run can hold. Series and files are made when they are asked for, since a data set
can have more of them than memory."""

from __future__ import annotations

import hashlib
import random
import struct
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Callable

# The ingest side keeps six decimals of a step.
MILLIONTHS = 1_000_000


def bits(value: float) -> str:
    return struct.pack(">d", value).hex()


@dataclass(frozen=True)
class Attribute:
    """`value` by type: float, int, str, bool, milliseconds since the epoch for `datetime`, a list for
    `stringSet`, else one of the classes below; None where the service itself gives a name and a type only."""

    name: str
    type: str
    value: Any


@dataclass
class Points:
    """Ascending by step; `steps` in millionths. `previews` maps an index to the completion ratio."""

    steps: list[int]
    times: list[int]
    values: list[Any]
    previews: dict[int, float] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.steps)

    def prefix(self, last_step: int) -> "Points":
        """The points up to and including a step."""
        count = sum(1 for step in self.steps if step <= last_step)
        kept = {i: ratio for i, ratio in self.previews.items() if i < count}
        return Points(self.steps[:count], self.times[:count], self.values[:count], kept)

    def behind(self, later: "Points") -> "Points":
        """These points, then the later ones."""
        shifted = {i + len(self): ratio for i, ratio in later.previews.items()}
        joined = (self.steps + later.steps, self.times + later.times, self.values + later.values)
        return Points(*joined, self.previews | shifted)


class Series:
    def __init__(self, make: Callable[[], Points]):
        self._make = make

    @cached_property
    def points(self) -> Points:
        return self._make()


@dataclass(frozen=True)
class Histogram:
    kind: str
    edges: list[float]
    values: list[float]


@dataclass(frozen=True)
class Payload:
    """A file's bytes, made from a seed each time they are sent. `gone`: the service knows the file, the store
    has lost it. `encoded`: the store holds it compressed, and says so."""

    path: str
    size: int
    media_type: str
    gone: bool = False
    encoded: bool = False

    def bytes(self) -> bytes:
        return random.Random(self.path).randbytes(self.size)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.bytes()).hexdigest()

    @property
    def provider(self) -> str:
        """One of the three kinds of store, by the path, so that each is met."""
        return ("gcp", "aws", "azure")[hashlib.sha256(self.path.encode()).digest()[0] % 3]
