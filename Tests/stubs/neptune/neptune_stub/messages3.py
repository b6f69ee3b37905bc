# SPDX-License-Identifier: Apache-2.0
"""The data set as Neptune 3's protobuf messages. Field numbers are those of the service's published schema,
package neptune.api.v1.model."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Iterable

from .values import MILLIONTHS, Attribute, Histogram, Payload, Points
from .wire import Message

if TYPE_CHECKING:
    from .data import Head, Project


def attribute(one: Attribute, points: Points | None) -> Message:
    """ProtoAttributeDTO. `points` for a series, of which the aggregates are made; types without a member in
    the message come with their name and type alone."""
    made = Message().text(1, one.name).text(2, one.type)
    member = Message().text(1, one.name).text(2, one.type)
    if one.type == "int":
        return made.message(3, member.whole(3, one.value))
    if one.type == "float":
        return made.message(4, member.double(3, one.value))
    if one.type == "string":
        return made.message(5, member.text(3, one.value))
    if one.type == "bool":
        return made.message(6, member.flag(3, one.value))
    if one.type == "datetime":
        return made.message(7, member.whole(3, one.value))
    if one.type == "stringSet":
        return made.message(8, member.texts(3, one.value))
    if one.type == "fileRef":
        return made.message(10, _file(member, one.value, 3))
    if points is None:
        return made
    if points.steps:
        member.double(3, points.steps[-1] / MILLIONTHS, always=True)
    if one.type == "floatSeries":
        return made.message(9, _float_aggregates(member, points))
    last = points.values[-1] if points.values else None
    if one.type == "stringSeries":
        return made.message(11, member.text(4, last, always=True) if last is not None else member)
    number = {"fileRefSeries": 12, "histogramSeries": 13}[one.type]
    if last is not None:
        member.message(4, histogram(last) if number == 13 else _file(Message(), last, 1))
    return made.message(number, member)


def _float_aggregates(member: Message, points: Points) -> Message:
    if points.values:
        member.double(4, points.values[-1], always=True)
    finite = [value for value in points.values if math.isfinite(value)]
    if finite:
        member.double(5, min(finite), always=True).double(6, max(finite), always=True)
        # Squares of the largest doubles are none: such a series goes without, the members are optional.
        if max(map(abs, finite)) < 1e100:
            average = sum(finite) / len(finite)
            variance = sum((value - average) ** 2 for value in finite) / len(finite)
            member.double(7, average, always=True).double(8, variance, always=True)
    member.message(9, Message())
    return member.flag(10, bool(points.previews))


def _file(message: Message, payload: Payload, first: int) -> Message:
    return (
        message.text(first, payload.path).whole(first + 1, payload.size).text(first + 2, payload.media_type)
    )


def histogram(value: Histogram) -> Message:
    return Message().text(1, value.kind).doubles(2, value.edges).doubles(3, value.values)


def entry(project: "Project", head: "Head", attributes: Iterable[Message]) -> Message:
    """ProtoAttributesDTO"""
    made = (
        Message()
        .text(1, head.uuid)
        .text(2, head.container)
        .text(3, project.uuid)
        .text(4, project.workspace_uuid)
    )
    made.text(5, project.name).text(6, project.workspace)
    for one in attributes:
        made.message(7, one)
    return made


def float_points(points: Points, chosen: Iterable[int]) -> Message:
    """ProtoFloatSeriesValuesDTO"""
    made = Message().whole(1, len(points))
    for i in chosen:
        made.message(
            2,
            _point(points, i)
            .double(3, points.values[i])
            .flag(4, i in points.previews)
            .single(5, points.previews.get(i, 1.0)),
        )
    return made


def object_points(points: Points, chosen: Iterable[int], deprecated: bool) -> Message:
    """ProtoSeriesValuesDTO; `deprecated` puts texts where clients of old look for them."""
    made = Message()
    for i in chosen:
        value, one = points.values[i], _point(points, i)
        if isinstance(value, str) and deprecated:
            made.message(1, one.text(3, value, always=True).single(5, 1.0))
            continue
        one.single(5, 1.0)
        if isinstance(value, str):
            one.message(6, Message().text(1, value, always=True))
        elif isinstance(value, Histogram):
            one.message(6, Message().message(2, histogram(value)))
        else:
            one.message(6, Message().message(3, _file(Message(), value, 1)))
        made.message(1, one)
    return made


def _point(points: Points, i: int) -> Message:
    return Message().whole(1, points.times[i]).double(2, points.steps[i] / MILLIONTHS)
