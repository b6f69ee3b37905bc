# SPDX-License-Identifier: Apache-2.0
"""What both generations of the service have: tokens, projects, the description of the API."""

from __future__ import annotations

from . import swagger
from .data import Dataset, Project
from .pages import PageCaps
from .sessions import REALM, Sessions
from .web import Answer, Refusal, Request, Route


class Backend:
    def __init__(self, data: Dataset, sessions: Sessions, caps: PageCaps):
        self.data, self.sessions, self.caps = data, sessions, caps

    def routes(self) -> list[Route]:
        base, token = "/api/backend/v1/", REALM + "/protocol/openid-connect/token"
        return [
            Route(
                "GET",
                base + "authorization/oauth-token",
                "exchange_api_token",
                self.sessions.exchange,
                open=True,
            ),
            Route("POST", token, "refresh_token", self.sessions.refresh, open=True),
            Route("GET", base + "projects", "list_projects", self._list),
            Route("GET", base + "projects/get", "get_project", self._get),
            Route("GET", base + "myOrganizations", "list_organizations", self._organizations),
            Route("GET", "/api/backend/swagger.json", "backend_swagger", self._swagger, open=True),
        ]

    def _swagger(self, request: Request) -> Answer:
        return Answer.json(swagger.backend(request.headers.get("host", "")))

    def _list(self, request: Request) -> Answer:
        workspace = request.query.get("organizationIdentifier", [None])[0]
        term = request.query.get("searchTerm", [""])[0]
        found = [one for one in self.data.projects if workspace in (None, one.workspace) and term in one.name]
        offset, limit = request.number("offset", 0), request.number("limit", 1_000)
        page = found[offset : offset + min(limit, self.caps.projects)]
        entries = [self._described(one) for one in page]
        total = len(self.data.projects)
        return Answer.json({"entries": entries, "matchingItemCount": len(found), "totalItemCount": total})

    def _get(self, request: Request) -> Answer:
        project = self.data.project(request.one("projectIdentifier"))
        if project is None:
            raise Refusal(404, "Project not found", errorType="PROJECT_NOT_FOUND")
        return Answer.json(self._described(project))

    def _described(self, project: Project) -> dict:
        return {
            "id": project.uuid,
            "name": project.name,
            "organizationName": project.workspace,
            "organizationId": project.workspace_uuid,
            "projectKey": project.key,
            "version": self.data.generation,
            "visibility": "priv",
            "archived": False,
            "description": "",
            "timeOfCreation": "2025-01-01T00:00:00.000Z",
            "lastActivity": "2025-01-02T00:00:00.000Z",
        }

    def _organizations(self, _: Request) -> Answer:
        names = {one.workspace: one.workspace_uuid for one in self.data.projects}
        return Answer.json([{"id": key, "name": name} for name, key in names.items()])
