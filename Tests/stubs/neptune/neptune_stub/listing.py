# SPDX-License-Identifier: Apache-2.0
"""Finding and ordering containers by their attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from . import nql
from .values import Series
from .web import Refusal

if TYPE_CHECKING:
    from .data import Head, Project


def lookup(project: "Project", head: "Head") -> Callable[[str], tuple[str, Any] | None]:
    """Type and value of an attribute, of a series its last value."""
    quick = {
        "sys/id": ("string", head.sys_id),
        "sys/custom_run_id": ("string", head.custom_id) if head.custom_id is not None else None,
        "sys/trashed": ("bool", head.trashed),
        "sys/creation_time": ("datetime", head.created),
        "sys/model_id": ("string", head.parent_id) if head.parent_id is not None else None,
    }
    if project.data.generation == 3:
        quick["sys/archived"] = ("bool", head.archived)

    def look(name: str) -> tuple[str, Any] | None:
        # These decide nearly every listing, and 15,000 runs need not be made for it.
        if name in quick:
            return quick[name]
        one = project.attributes(head).get(name)
        if one is None or not isinstance(one.value, Series):
            return (one.type, one.value) if one else None
        points = project.points(head, name, inherited=True)
        last = points.values[-1] if points and points.values else None
        return (one.type, last) if isinstance(last, (str, float)) else None

    return look


def matching(project: "Project", heads: list["Head"], query: str) -> list["Head"]:
    try:
        test = nql.parse(query)
        return [head for head in heads if test(lookup(project, head))]
    except nql.QueryError as bad:
        raise Refusal(400, str(bad), title="Syntax error") from bad


def ordered(project: "Project", heads: list["Head"], sorting: dict | None) -> list["Head"]:
    """By `sorting` as both generations send it; what lacks the attribute comes last."""
    by = ((sorting or {}).get("sortBy") or {}).get("name", "sys/creation_time")
    descending = (sorting or {}).get("dir", "descending") == "descending"
    keyed = [(lookup(project, head)(by), head) for head in heads]
    known = sorted((one for one in keyed if one[0]), key=lambda one: one[0], reverse=descending)
    return [head for _, head in known] + [head for found, head in keyed if not found]
