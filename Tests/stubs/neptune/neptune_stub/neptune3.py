# SPDX-License-Identifier: Apache-2.0
"""The endpoints of a Neptune 3 server that its clients read with."""

from __future__ import annotations

import base64
import json
from typing import Any, Iterator

from . import listing, nql
from . import messages3 as messages
from .data import Dataset, Head, Project
from .pages import PageCaps
from .series3 import Series3
from .sessions import REALM, Sessions
from .storage import Storage
from .values import Attribute, Series
from .web import Answer, Refusal, Request, Route
from .wire import Message

TYPES = (
    "float",
    "int",
    "string",
    "bool",
    "datetime",
    "stringSet",
    "floatSeries",
    "stringSeries",
    "fileRef",
    "fileRefSeries",
    "histogramSeries",
    "experimentState",
    "gitRef",
    "complex",
)
# The client's own limit for names in one filter lies at half of this, "to be safe".
LARGEST_NAME_FILTER = 120_000


class Neptune3:
    def __init__(self, data: Dataset, sessions: Sessions, storage: Storage, caps: PageCaps):
        self.data, self.sessions, self.storage, self.caps = data, sessions, storage, caps
        self.series = Series3(self, caps)

    def routes(self) -> list[Route]:
        board = "/api/leaderboard/v1/"
        return [
            Route("GET", "/api/backend/v1/clients/config", "get_client_config", self._config, open=True),
            Route(
                "GET",
                REALM + "/.well-known/openid-configuration",
                "openid_configuration",
                self.sessions.openid_configuration,
                open=True,
            ),
            Route("POST", board + "proto/leaderboard/entries/search/", "search_entries", self._search),
            Route(
                "POST",
                board + "leaderboard/attributes/definitions/query",
                "query_definitions",
                self._definitions,
            ),
            Route("POST", board + "proto/leaderboard/attributes/query", "query_values", self._values),
            Route("POST", board + "proto/attributes/attributes", "run_attributes", self._run_attributes),
            Route("POST", board + "proto/attributes/series/float", "float_series", self.series.floats),
            Route("POST", board + "proto/attributes/series", "object_series", self.series.objects),
            Route("POST", "/api/storagebridge/v1/signedUrl", "signed_url", self.storage.sign),
            Route("POST", "/api/storagebridge/v1/azure/signedUrl", "signed_url", self.storage.sign),
            Route("GET", "/storage/*", "storage_get", self.storage.get, open=True),
        ]

    def _config(self, _: Request) -> Answer:
        url = self.sessions.url
        return Answer.json(
            {
                "apiUrl": url,
                "applicationUrl": url,
                # Shuts the 1.x client out, as the real server does.
                "pyLibVersions": {"minRecommendedVersion": "2.0.0", "minCompatibleVersion": "2.0.0"},
                "security": {
                    "clientId": "neptune-cli",
                    "openIdDiscovery": f"{url}{REALM}/.well-known/openid-configuration",
                },
                "artifacts": {"enabled": False, "apiVersion": 2},
                "multiPartUpload": {
                    "enabled": False,
                    "minChunkSize": 1,
                    "maxChunkSize": 1,
                    "maxChunkCount": 1,
                    "maxSinglePartSize": 1,
                },
            }
        )

    def project(self, identifier: Any) -> Project:
        project = self.data.project(identifier) if isinstance(identifier, str) else None
        if project is None:
            raise Refusal(
                403, "Access denied or project not found", errorType="ACCESS_DENIED", title="Access denied"
            )
        return project

    def run(self, identifier: str) -> tuple[Project, Head] | None:
        """`workspace/project/KEY-1` or `CUSTOM/workspace/project/<custom run id>`."""
        for prefix, key in (("CUSTOM/", "custom_id"), ("", "sys_id")):
            parts = identifier.removeprefix(prefix).split("/", 2)
            project = self.data.project("/".join(parts[:2])) if identifier.startswith(prefix) else None
            head = project.find(**{key: parts[2]}) if project and len(parts) == 3 else None
            if head:
                return project, head
        return None

    def _search(self, request: Request) -> Answer:
        project, body = self.project(request.one("projectIdentifier")), request.json()
        if request.query.get("type") != ["run"]:
            raise Refusal(400, "Parameter 'type' is missing")
        chosen = listing.matching(project, project.heads, (body.get("query") or {}).get("query", ""))
        if body.get("experimentLeader", False):
            chosen = [one for one in chosen if listing.lookup(project, one)("sys/experiment/is_head")[1]]
        chosen = listing.ordered(project, chosen, body.get("sorting"))
        page = body.get("pagination") or {}
        limit, offset = page.get("limit"), page.get("offset", 0)
        if (
            not isinstance(limit, int)
            or not 0 <= limit <= 10_000
            or not isinstance(offset, int)
            or offset < 0
        ):
            raise Refusal(400, "'pagination' is missing or out of its limits")
        answer = Message().whole(1, len(chosen))
        names = [one["path"] for one in body.get("attributeFilters", [])]
        for head in chosen[offset : offset + min(limit, self.caps.entries)]:
            answer.message(3, messages.entry(project, head, self._projected(project, head, names)))
        return Answer.protobuf(answer.bytes())

    def _projected(self, project: Project, head: Head, names: list[str]) -> Iterator[Message]:
        for name in names:
            if name in ("sys/id", "sys/custom_run_id"):
                value = head.sys_id if name == "sys/id" else head.custom_id
                if value is not None:
                    yield messages.attribute(Attribute(name, "string", value), None)
            elif name in project.attributes(head):
                yield self._message(project, head, project.attributes(head)[name])

    def _message(self, project: Project, head: Head, one: Attribute) -> Message:
        points = project.points(head, one.name, inherited=True) if isinstance(one.value, Series) else None
        return messages.attribute(one, points)

    def _definitions(self, request: Request) -> Answer:
        body = request.json()
        projects = [self.project(one) for one in body.get("projectIdentifiers") or []]
        if not projects:
            raise Refusal(400, "'projectIdentifiers' is missing")
        if "experimentIdsFilter" in body:
            runs = self._runs(body["experimentIdsFilter"])
        else:
            runs = [(project, head) for project in projects for head in project.heads]
        wanted = self._filter(body)
        found = {
            (one.name, one.type)
            for project, head in runs
            for one in project.attributes(head).values()
            if wanted(one)
        }
        entries, following = _page(sorted(found), body.get("nextPage"), self.caps.definitions)
        next_page = {"limit": body.get("nextPage", {}).get("limit", 10_000)}
        if following:
            next_page["nextPageToken"] = following
        return Answer.json({"entries": [{"name": n, "type": t} for n, t in entries], "nextPage": next_page})

    def _values(self, request: Request) -> Answer:
        project, body = self.project(request.one("projectIdentifier")), request.json()
        wanted = self._filter(body)
        runs = self._runs(body["experimentIdsFilter"]) if "experimentIdsFilter" in body else None
        heads = [head for _, head in runs] if runs is not None else project.heads
        names = body.get("attributeNamesFilter")
        found = []
        for head in heads:
            attributes = project.attributes(head)
            of_run = attributes.values() if names is None else map(attributes.get, dict.fromkeys(names))
            found += [(head, one) for one in of_run if one is not None and wanted(one)]
        page, following = _page(found, body.get("nextPage"), self.caps.values)
        answer = Message()
        for head in dict.fromkeys(head for head, _ in page):
            entry = Message().text(1, head.uuid).text(2, head.sys_id)
            for one in (one for owner, one in page if owner is head):
                entry.message(3, self._message(project, head, one))
            answer.message(1, entry)
        answer.message(2, Message().text(1, following or "", always=following is not None))
        return Answer.protobuf(answer.bytes())

    def _run_attributes(self, request: Request) -> Answer:
        found = self.run(request.one("holderIdentifier"))
        if request.one("holderType") != "experiment" or found is None:
            raise Refusal(404, "Run not found", errorType="EXPERIMENT_NOT_FOUND")
        project, head = found
        names = request.json().get("attributePathsFilter")
        chosen = [one for one in project.attributes(head).values() if names is None or one.name in names]
        parts = [self._message(project, head, one) for one in chosen]
        return Answer.protobuf(messages.entry(project, head, parts).bytes())

    def _runs(self, identifiers: list[str]) -> list[tuple[Project, Head]]:
        found = (self.run(one) for one in dict.fromkeys(identifiers))
        return [one for one in found if one is not None]

    def _filter(self, body: dict):
        types = [one.get("attributeType") for one in body.get("attributeFilter", [])]
        if any(one not in TYPES for one in types):
            raise Refusal(400, f"Unknown attribute type among {types}")
        alternatives = (body.get("attributeNameFilter") or {}).get("mustMatchAny")
        if len(json.dumps(alternatives, ensure_ascii=False).encode()) > LARGEST_NAME_FILTER:
            raise Refusal(400, "The name filter is too large")
        try:
            compiled = [
                (
                    [nql.pattern(text) for text in one.get("mustMatchRegexes") or []],
                    [nql.pattern(text) for text in one.get("mustNotMatchRegexes") or []],
                )
                for one in alternatives or []
            ]
        except nql.QueryError as bad:
            raise Refusal(400, str(bad), title="Syntax error") from bad

        def wanted(one: Attribute) -> bool:
            if types and one.type not in types:
                return False
            return not compiled or any(
                all(rx.search(one.name) for rx in must) and not any(rx.search(one.name) for rx in must_not)
                for must, must_not in compiled
            )

        return wanted


def _page(rows: list, asked: dict | None, cap: int) -> tuple[list, str | None]:
    """The rows of one page, and the token of the next; the last page has none."""
    limit = (asked or {}).get("limit", 10_000)
    if not isinstance(limit, int) or not 1 <= limit <= 10_000:
        raise Refusal(400, "'nextPage.limit' is out of its limits")
    try:
        first = int(base64.b64decode((asked or {}).get("nextPageToken") or "MA==", validate=True))
    except ValueError as bad:
        raise Refusal(400, "'nextPage.nextPageToken' is none of ours") from bad
    end = first + min(limit, cap)
    return rows[first:end], base64.b64encode(str(end).encode()).decode() if end < len(rows) else None
