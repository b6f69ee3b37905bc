# SPDX-License-Identifier: Apache-2.0
"""The data set as the JSON of Neptune 2."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from .values import MILLIONTHS, Attribute, Payload, Series

if TYPE_CHECKING:
    from .data import Head, Project


def iso(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    text = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{rest:03d}Z"


def properties(one: Attribute) -> dict:
    """The member of an attribute that its type has."""
    made: dict = {"attributeName": one.name, "attributeType": one.type}
    value = one.value
    if one.type in ("float", "int", "bool", "string"):
        return made | {"value": value}
    if one.type == "datetime":
        return made | {"value": iso(value)}
    if one.type == "stringSet":
        return made | {"values": value}
    if one.type == "file":
        name = PurePosixPath(value.path)
        return made | {"name": name.stem, "ext": name.suffix.lstrip("."), "size": value.size}
    if one.type == "fileSet":
        return made | {"size": sum(payload.size for _, payload in value.members)}
    if one.type == "artifact":
        return made | {"hash": value.hash}
    if isinstance(value, Series):
        return made | _aggregates(one)
    return made | value.properties


def _aggregates(one: Attribute) -> dict:
    points = one.value.points
    made: dict = {"config": {}} if one.type == "floatSeries" else {}
    if one.type == "imageSeries":
        made["channelId"] = one.name
    if not points.values:
        return made
    made["lastStep"] = points.steps[-1] / MILLIONTHS
    if one.type == "imageSeries":
        return made
    made["last"] = points.values[-1]
    if one.type == "floatSeries":
        average = sum(points.values) / len(points)
        made |= {"min": min(points.values), "max": max(points.values), "average": average}
        made["variance"] = sum((value - average) ** 2 for value in points.values) / len(points)
    return made


def attribute(one: Attribute) -> dict:
    return {"name": one.name, "type": one.type, f"{one.type}Properties": properties(one)}


def container(project: "Project", head: "Head") -> dict:
    return {
        "id": head.uuid,
        "shortId": head.sys_id,
        "type": head.container,
        "trashed": head.trashed,
        "organizationName": project.workspace,
        "organizationId": project.workspace_uuid,
        "projectName": project.name,
        "projectId": project.uuid,
        "parentId": project.uuid,
    }


def file_name(payload: Payload) -> str:
    """For Content-Disposition, whose plain form holds no other letters than ASCII's."""
    return PurePosixPath(payload.path).name.encode("ascii", "replace").decode()
