# SPDX-License-Identifier: Apache-2.0
"""Runs that a service can hold and that tools stumble over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

from .values import MILLIONTHS, Attribute, Histogram, Payload, Points, Series

if TYPE_CHECKING:
    from .data import Head, Project

YEAR_2300 = 10_413_792_000_123


# By shape the custom run id. The last one has none: such runs exist from before ids were asked for.
HOSTILE = {
    "far numbers": "it's_part_0 far",
    "one name, two types": "../../etc/passwd",
    "names that meet": "x" * 240,
    "unknown types": "CUSTOM/acme/hostile/HOS-1",
    "without custom id": None,
}


def hostile(project: "Project", head: "Head") -> Iterator[Attribute]:
    yield Attribute("mixed", "string", head.shape)
    if head.shape == "far numbers":
        yield from _far_numbers(head)
    elif head.shape == "one name, two types":
        yield from _other_types(head)
    elif head.shape == "names that meet":
        yield from _names_that_meet(project, head)
    elif head.shape == "unknown types":
        yield Attribute("source/git", "gitRef", None)
        yield Attribute("source/complex", "complex", None)


def _far_numbers(head: "Head") -> Iterator[Attribute]:
    yield Attribute("far/largest int", "int", 2**63 - 1)
    yield Attribute("far/smallest int", "int", -(2**63))
    yield Attribute("far/odd int", "int", 2**53 + 1)
    yield Attribute("far/year 2300", "datetime", YEAR_2300)
    steps = [MILLIONTHS * 10**12, MILLIONTHS * (10**12 + 1), MILLIONTHS * 9 * 10**12]
    far = Points(steps, [head.created] * 3, [1.0, 2.0, 3.0])
    yield Attribute("far/steps", "floatSeries", Series(lambda: far))
    late = Points([0, 1], [YEAR_2300, YEAR_2300 + 1], [1.0, 2.0])
    yield Attribute("far/times", "floatSeries", Series(lambda: late))
    texts = Points([0], [head.created], ["a text"])
    yield Attribute("two types", "stringSeries", Series(lambda: texts))


def _other_types(head: "Head") -> Iterator[Attribute]:
    made = Points([0], [head.created], [Histogram("COUNTING", [0.0, 1.0], [3.0])])
    yield Attribute("two types", "histogramSeries", Series(lambda: made))
    yield Attribute("far/largest int", "float", 0.5)
    yield Attribute("far/year 2300", "string", "2300")


def _names_that_meet(project: "Project", head: "Head") -> Iterator[Attribute]:
    names = ("a b", "a_b", "a.b", "step", "run", "/absolute", "../up", "ы" * 140, "dir/../..", "con")
    for number, name in enumerate(names):
        path = f"{project.uuid}/{head.uuid}/meet/{number}"
        yield Attribute(
            f"files/{name}" if name.strip("./") else name, "fileRef", Payload(path, 20 + number, "text/plain")
        )
    yield Attribute("step", "fileRef", Payload(f"{project.uuid}/{head.uuid}/meet/step", 50, "text/plain"))
    yield Attribute("run", "fileRef", Payload(f"{project.uuid}/{head.uuid}/meet/run", 51, "text/plain"))
