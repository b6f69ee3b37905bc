# SPDX-License-Identifier: Apache-2.0
"""The descriptions of the API from which the 1.x client makes its calls: no more than what it uses."""

from __future__ import annotations

# The client takes an answer whose status is not described for a broken one.
ERRORS = (400, 401, 402, 403, 404, 408, 409, 422, 429)
INT, LONG, DOUBLE = ("integer", "int32"), ("integer", "int64"), ("number", "double")


def _schema(kind: object) -> dict:
    """A schema from its short form: `text`, `bool`, a pair of type and format, a list of one of these, or the
    name of a definition."""
    if isinstance(kind, list):
        return {"type": "array", "items": _schema(kind[0])}
    if isinstance(kind, tuple):
        return {"type": kind[0], "format": kind[1]}
    plain = {"text": "string", "bool": "boolean", "object": "object"}
    return {"type": plain[kind]} if kind in plain else {"$ref": f"#/definitions/{kind}"}


def _parameter(name: str, given: object) -> dict:
    """`name!` must be there, `name@` is a header, `body` is the body; a list may repeat."""
    required, header = "!" in name, "@" in name
    name = name.rstrip("!@")
    if name in ("params", "query") and isinstance(given, str) and given not in ("text", "bool"):
        return {"name": name, "in": "body", "required": required, "schema": _schema(given)}
    made = {"name": name, "in": "header" if header else "query", "required": required, **_schema(given)}
    return made | ({"collectionFormat": "multi"} if isinstance(given, list) else {})


def operation(name: str, parameters: dict, answer: object, produces: str = "application/json") -> dict:
    right: dict = {"description": "ok"}
    if answer is not None:
        right["schema"] = _schema(answer)
    return {
        "operationId": name,
        "tags": ["api"],
        "produces": [produces],
        "parameters": [_parameter(one, kind) for one, kind in parameters.items()],
        "responses": {"200": right, **{str(status): {"description": "error"} for status in ERRORS}},
    }


def document(host: str, title: str, paths: dict, definitions: dict) -> dict:
    return {
        "swagger": "2.0",
        "info": {"title": title, "version": "1"},
        "host": host,
        "basePath": "/",
        "schemes": ["http"],
        "paths": paths,
        "definitions": {
            name: {"type": "object", "properties": {key: _schema(kind) for key, kind in members.items()}}
            for name, members in definitions.items()
        },
    }


PROJECT = {
    "id": "text",
    "name": "text",
    "organizationName": "text",
    "organizationId": "text",
    "projectKey": "text",
    "version": INT,
    "visibility": "text",
    "archived": "bool",
    "description": "text",
    "timeOfCreation": "text",
    "lastActivity": "text",
}


def backend(host: str) -> dict:
    base = "/api/backend/v1/"
    token = {"X-Neptune-Api-Token!@": "text"}
    listing = {
        "organizationIdentifier": "text",
        "userRelation": "text",
        "searchTerm": "text",
        "sortBy": ["text"],
        "sortDirection": ["text"],
        "offset": INT,
        "limit": INT,
    }
    paths = {
        base
        + "clients/config": {"get": operation("getClientConfig", token | {"alpha": "text"}, "ClientConfig")},
        base
        + "authorization/oauth-token": {"get": operation("exchangeApiToken", token, "NeptuneOauthToken")},
        base + "projects": {"get": operation("listProjects", listing, "ProjectListDTO")},
        base + "projects/get": {"get": operation("getProject", {"projectIdentifier!": "text"}, "ProjectDTO")},
        base + "myOrganizations": {"get": operation("listOrganizations", {}, ["OrganizationDTO"])},
    }
    definitions = {
        "ClientConfig": {
            "apiUrl": "text",
            "applicationUrl": "text",
            "pyLibVersions": "ClientVersionsDTO",
            "artifacts": "ArtifactsDTO",
            "multiPartUpload": "MultiPartDTO",
            "security": "SecurityDTO",
        },
        "ClientVersionsDTO": {
            "minRecommendedVersion": "text",
            "minCompatibleVersion": "text",
            "maxCompatibleVersion": "text",
        },
        "ArtifactsDTO": {"enabled": "bool", "apiVersion": INT},
        "MultiPartDTO": {
            "enabled": "bool",
            "minChunkSize": INT,
            "maxChunkSize": INT,
            "maxChunkCount": INT,
            "maxSinglePartSize": INT,
        },
        "SecurityDTO": {"clientId": "text", "openIdDiscovery": "text"},
        "NeptuneOauthToken": {"accessToken": "text", "refreshToken": "text", "username": "text"},
        "ProjectListDTO": {"entries": ["ProjectDTO"], "matchingItemCount": INT, "totalItemCount": INT},
        "ProjectDTO": PROJECT,
        "OrganizationDTO": {"id": "text", "name": "text"},
    }
    return document(host, "backend", paths, definitions)
