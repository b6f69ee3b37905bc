# SPDX-License-Identifier: Apache-2.0
"""The points of series in Neptune 3: by step for floats, by token for all else."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Iterator

from . import messages3 as messages
from .pages import PageCaps
from .values import MILLIONTHS, Points
from .web import Answer, Refusal, Request
from .wire import Message

if TYPE_CHECKING:
    from .neptune3 import Neptune3

# The client divides this by the number of series it asks for.
MOST_POINTS = 1_000_000
MOST_SERIES = 10_000


class Series3:
    def __init__(self, service: "Neptune3", caps: PageCaps):
        self.service, self.caps = service, caps

    def floats(self, request: Request) -> Answer:
        body = request.json()
        limit, descending = body.get("perSeriesPointsLimit"), _descending(body)
        if not isinstance(limit, int) or limit < 1 or limit * len(body.get("requests") or []) > MOST_POINTS:
            raise Refusal(400, "'perSeriesPointsLimit' is missing or out of its limits")
        answer = Message()
        for one, points in self._asked(body, ("floatSeries",)):
            if points is None:
                continue
            preview = one["series"].get("includePreview", False)
            steps = _range(body)
            after = one.get("afterStep")
            chosen = [
                i
                for i, step in enumerate(points.steps)
                if steps[0] <= step / MILLIONTHS <= steps[1] and (preview or i not in points.previews)
            ]
            if descending:
                chosen.reverse()
            if after is not None:
                chosen = [i for i in chosen if _behind(points.steps[i] / MILLIONTHS, after, descending)]
            made = messages.float_points(points, chosen[:limit])
            answer.message(1, Message().text(1, one["requestId"]).message(2, made))
        return Answer.protobuf(answer.bytes())

    def objects(self, request: Request) -> Answer:
        body = request.json()
        deprecated = request.query.get("useDeprecatedStringFields", ["true"])[0].lower() != "false"
        per_series, left = body.get("perSeriesPointsLimit") or MOST_POINTS, self.caps.objects
        descending, steps = _descending(body), _range(body)
        answer = Message()
        for one, points in self._asked(body, ("stringSeries", "histogramSeries", "fileRefSeries")):
            if points is None:
                continue
            made = Message().text(1, one["requestId"])
            if left > 0:
                chosen = [
                    i for i, step in enumerate(points.steps) if steps[0] <= step / MILLIONTHS <= steps[1]
                ]
                if descending:
                    chosen.reverse()
                chosen, first = chosen[:per_series], _token(one.get("searchAfter"))
                page = chosen[first : first + left]
                end = first + len(page)
                left -= max(len(page), 1)
                token = base64.b64encode(json.dumps({"after": end}).encode()).decode()
                made.message(2, Message().flag(1, end >= len(chosen)).text(2, token))
                made.message(3 if deprecated else 4, messages.object_points(points, page, deprecated))
            else:
                # It exists and is not reached in this page: no searchAfter, no points.
                made.message(3 if deprecated else 4, Message())
            answer.message(1, made)
        return Answer.protobuf(answer.bytes())

    def _asked(self, body: dict, types: tuple[str, ...]) -> Iterator[tuple[dict, Points | None]]:
        requests = body.get("requests")
        if not isinstance(requests, list) or not 1 <= len(requests) <= MOST_SERIES:
            raise Refusal(400, "'requests' is missing or too long")
        for one in requests:
            series = one.get("series") or {}
            holder = series.get("holder") or {}
            if holder.get("type") != "experiment" or series.get("lineage") not in ("FULL", "NONE"):
                raise Refusal(400, "'holder' or 'lineage' is wrong")
            if series.get("lineageEntityType") not in ("RUN", "EXPERIMENT"):
                raise Refusal(400, "'lineageEntityType' is wrong")
            yield one, self._points(holder.get("identifier", ""), series, types)

    def _points(self, identifier: str, series: dict[str, Any], types: tuple[str, ...]) -> Points | None:
        found = self.service.run(identifier)
        if found is None:
            return None
        project, head = found
        attribute = project.attributes(head).get(series.get("attribute"))
        if attribute is None or attribute.type not in types:
            return None
        return project.points(head, attribute.name, inherited=series["lineage"] == "FULL")


def _descending(body: dict) -> bool:
    order = body.get("order", "ascending")
    if order not in ("ascending", "descending"):
        raise Refusal(400, f"'order' is {order!r}")
    return order == "descending"


def _range(body: dict) -> tuple[float, float]:
    given = body.get("stepRange") or {}
    first, last = given.get("from"), given.get("to")
    return (float("-inf") if first is None else first, float("inf") if last is None else last)


def _behind(step: float, after: float, descending: bool) -> bool:
    return step < after if descending else step > after


def _token(given: dict | None) -> int:
    try:
        return json.loads(base64.b64decode(given["token"], validate=True))["after"] if given else 0
    except (ValueError, KeyError, TypeError) as bad:
        raise Refusal(400, "'searchAfter.token' is none of ours") from bad
