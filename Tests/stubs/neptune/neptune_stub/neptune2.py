# SPDX-License-Identifier: Apache-2.0
"""The endpoints of a Neptune 2 server that the 1.x client reads with."""

from __future__ import annotations

import re

from . import listing, swagger2
from . import messages2 as messages
from .data import Dataset, Head, Project
from .files2 import Files2
from .pages import PageCaps
from .sessions import Sessions
from .values import MILLIONTHS, Attribute, Series
from .web import Answer, Refusal, Request, Route

BOARD = "/api/leaderboard/v1/"
# Rows behind this one are reached by a condition on the sort column alone.
MAX_OFFSET = 10_000
MOST_VALUES = 10_000
# By the last part of their path, the calls that give one attribute of a type.
SINGLE = {
    "floats": "float",
    "integers": "int",
    "booleans": "bool",
    "strings": "string",
    "datetimes": "datetime",
    "stringSets": "stringSet",
    "files": "file",
    "artifacts": "artifact",
    "floatSeries": "floatSeries",
    "stringSeries": "stringSeries",
}


class Neptune2:
    def __init__(self, data: Dataset, sessions: Sessions, caps: PageCaps):
        self.data, self.sessions, self.caps = data, sessions, caps
        self.files = Files2(self, sessions.url)

    def routes(self) -> list[Route]:
        series = BOARD + "attributes/series/"
        return [
            Route("GET", "/api/backend/v1/clients/config", "get_client_config", self._config, open=True),
            Route(
                "GET", "/api/leaderboard/swagger.json", "leaderboard_swagger", swagger2.leaderboard, open=True
            ),
            Route("GET", "/api/artifacts/swagger.json", "artifacts_swagger", swagger2.artifacts, open=True),
            Route("GET", BOARD + "experiments", "get_experiment", self._experiment),
            Route("GET", BOARD + "attributes", "get_attributes", self._attributes),
            Route("POST", BOARD + "leaderboard/entries/search", "search_entries", self._search),
            Route("POST", BOARD + "leaderboard/attributes/search", "search_attributes", self._columns),
            Route("GET", series + "float", "float_series_values", lambda r: self._values(r, "floatSeries")),
            Route(
                "GET", series + "string", "string_series_values", lambda r: self._values(r, "stringSeries")
            ),
            *(
                Route("GET", f"{BOARD}attributes/{path}", f"attribute_{kind}", self._single(kind))
                for path, kind in SINGLE.items()
            ),
            *self.files.routes(),
        ]

    def _config(self, request: Request) -> Answer:
        self.sessions.check_api_token(request)
        url = self.sessions.url
        return Answer.json(
            {
                "apiUrl": url,
                "applicationUrl": url,
                "pyLibVersions": {"minRecommendedVersion": "1.10.0", "minCompatibleVersion": "1.0.0"},
                "artifacts": {"enabled": True, "apiVersion": 2},
                "multiPartUpload": {
                    "enabled": False,
                    "minChunkSize": 1,
                    "maxChunkSize": 1,
                    "maxChunkCount": 1,
                    "maxSinglePartSize": 1,
                },
                "sysNameSetByBackend": True,
            }
        )

    def container(self, identifier: str) -> tuple[Project, Head]:
        """By its UUID, or as `workspace/project/<sys id>`."""
        for project in self.data.projects:
            name = identifier.removeprefix(project.identifier + "/")
            head = (
                project.find(sys_id=name) if name != identifier else project.find(container_uuid=identifier)
            )
            if head is not None:
                return project, head
        raise Refusal(404, "not found", errorType="EXPERIMENT_NOT_FOUND", title="Not found")

    def attribute(self, request: Request, kind: str) -> Attribute:
        project, head = self.container(request.one("experimentId"))
        found = project.attributes(head).get(request.one("attribute"))
        if found is None or found.type != kind:
            raise Refusal(404, "not found", errorType="ATTRIBUTE_NOT_FOUND", title="Not found")
        return found

    def _experiment(self, request: Request) -> Answer:
        return Answer.json(messages.container(*self.container(request.one("experimentId"))))

    def _attributes(self, request: Request) -> Answer:
        project, head = self.container(request.one("experimentId"))
        attributes = [messages.attribute(one) for one in project.attributes(head).values()]
        return Answer.json(messages.container(project, head) | {"attributes": attributes})

    def _single(self, kind: str):
        def answer(request: Request) -> Answer:
            one = self.attribute(request, kind)
            # Listed with all the others, and yet not to be had alone; why is not known.
            if one.name == "sys/group_tags":
                raise Refusal(404, "not found", errorType="ATTRIBUTE_NOT_FOUND", title="Not found")
            return Answer.json(messages.properties(one))

        return answer

    def _project(self, request: Request) -> Project:
        project = self.data.project(request.one("projectIdentifier"))
        if project is None:
            raise Refusal(404, "not found", errorType="PROJECT_NOT_FOUND", title="Not found")
        return project

    def _search(self, request: Request) -> Answer:
        project, body = self._project(request), request.json()
        types = request.query.get("type") or ["run"]
        heads = [head for head in project.heads if head.container in types]
        chosen = listing.matching(project, heads, (body.get("query") or {}).get("query", ""))
        page = body.get("pagination") or {}
        limit, offset = page.get("limit", 0), page.get("offset", 0)
        if not isinstance(limit, int) or not isinstance(offset, int) or limit < 0 or offset < 0:
            raise Refusal(400, "'pagination' is out of its limits")
        if offset + limit > MAX_OFFSET:
            raise Refusal(400, f"Rows behind {MAX_OFFSET} cannot be reached by an offset")
        chosen_page = listing.ordered(project, chosen, body.get("sorting"))[offset : offset + limit]
        names = [one["path"] for one in body.get("attributeFilters") or []]
        return Answer.json(
            {
                "entries": [self._entry(project, head, names) for head in chosen_page],
                "matchingItemCount": len(chosen),
            }
        )

    @staticmethod
    def _entry(project: Project, head: Head, names: list[str]) -> dict:
        attributes = project.attributes(head)
        made = messages.container(project, head)
        entry = {"experimentId": made.pop("id")} | {
            key: made[key] for key in made if key not in ("shortId", "trashed")
        }
        return entry | {
            "attributes": [messages.attribute(attributes[one]) for one in names if one in attributes]
        }

    def _columns(self, request: Request) -> Answer:
        project, types = self._project(request), request.query.get("type") or ["run"]
        wanted = re.compile(re.escape(request.query.get("search", [""])[0]))
        heads = (head for head in project.heads if head.container in types)
        found = {
            (one.name, one.type)
            for head in heads
            for one in project.attributes(head).values()
            if wanted.search(one.name)
        }
        entries = [{"name": name, "type": kind} for name, kind in sorted(found)]
        return Answer.json({"entries": entries[: request.number("limit", 1_000)]})

    def _values(self, request: Request, kind: str) -> Answer:
        one = self.attribute(request, kind)
        limit, offset = request.number("limit", 1_000), request.number("offset", 0)
        if not 1 <= limit <= MOST_VALUES or not isinstance(one.value, Series):
            raise Refusal(400, "'limit' is out of its limits")
        points = one.value.points
        values = [
            {
                "timestampMillis": points.times[i],
                "step": points.steps[i] / MILLIONTHS,
                "value": points.values[i],
            }
            for i in range(offset, min(offset + limit, len(points)))
        ]
        return Answer.json({"totalItemCount": len(points), "values": values})
