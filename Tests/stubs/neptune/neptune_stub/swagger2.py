# SPDX-License-Identifier: Apache-2.0
"""What a Neptune 2 server describes beside the backend: attributes, tables, artifacts."""

from __future__ import annotations

from .swagger import DOUBLE, INT, LONG, document, operation
from .web import Answer, Request

OF_ATTRIBUTE = {"experimentId!": "text", "attribute!": "text"}
PAGED = OF_ATTRIBUTE | {"limit": INT, "offset": INT}
PLAIN = {"attributeName": "text", "attributeType": "text"}
# Type, the path and the operation that give one attribute of it (None: there is no such call), members.
ATTRIBUTES = {
    "float": ("floats", "getFloatAttribute", {"value": DOUBLE}),
    "int": ("integers", "getIntAttribute", {"value": LONG}),
    "bool": ("booleans", "getBoolAttribute", {"value": "bool"}),
    "string": ("strings", "getStringAttribute", {"value": "text"}),
    "datetime": ("datetimes", "getDatetimeAttribute", {"value": ("string", "date-time")}),
    "stringSet": ("stringSets", "getStringSetAttribute", {"values": ["text"]}),
    "file": ("files", "getFileAttribute", {"name": "text", "ext": "text", "size": LONG}),
    "artifact": ("artifacts", "getArtifactAttribute", {"hash": "text"}),
    "floatSeries": (
        "floatSeries",
        "getFloatSeriesAttribute",
        {
            "last": DOUBLE,
            "lastStep": DOUBLE,
            "min": DOUBLE,
            "max": DOUBLE,
            "average": DOUBLE,
            "variance": DOUBLE,
            "config": "SeriesConfigDTO",
        },
    ),
    "stringSeries": ("stringSeries", "getStringSeriesAttribute", {"last": "text", "lastStep": DOUBLE}),
    "imageSeries": (None, None, {"channelId": "text", "lastStep": DOUBLE}),
    "fileSet": (None, None, {"size": LONG}),
    "experimentState": (None, None, {"value": "text"}),
    "gitRef": (
        None,
        None,
        {"commit": "GitCommitDTO", "currentBranch": "text", "remotes": ["text"], "repositoryDirty": "bool"},
    ),
    "notebookRef": (
        None,
        None,
        {
            "notebookId": "text",
            "notebookName": "text",
            "checkpointId": "text",
            "checkpointName": "text",
            "notebookDeleted": "bool",
            "checkpointDeleted": "bool",
        },
    ),
}


def leaderboard(request: Request) -> Answer:
    base = "/api/leaderboard/v1/"
    container = {"experimentId!": "text"}
    paths = {
        base + "experiments": {"get": operation("getExperiment", container, "Experiment")},
        base
        + "attributes": {"get": operation("getExperimentAttributes", container, "ExperimentAttributesDTO")},
        base
        + "leaderboard/entries/search": {
            "post": operation(
                "searchLeaderboardEntries",
                {"projectIdentifier!": "text", "type": ["text"], "params!": "SearchParamsDTO"},
                "SearchResultDTO",
            )
        },
        base
        + "leaderboard/attributes/search": {
            "post": operation(
                "searchLeaderboardAttributes",
                {
                    "projectIdentifier!": "text",
                    "search": "text",
                    "type": ["text"],
                    "limit": INT,
                    "params": "SearchParamsDTO",
                },
                "AttributesSearchResultDTO",
            )
        },
        base + "attributes/series/float": {"get": operation("getFloatSeriesValues", PAGED, "FloatValuesDTO")},
        base
        + "attributes/series/string": {"get": operation("getStringSeriesValues", PAGED, "StringValuesDTO")},
        base + "attributes/series/image": {"get": operation("getImageSeriesValues", PAGED, "ImageValuesDTO")},
        base
        + "attributes/series/image/single": {
            "get": operation("getImageSeriesValue", OF_ATTRIBUTE | {"index!": INT}, None, "image/png")
        },
        base
        + "attributes/download": {
            "get": operation(
                "downloadAttribute", OF_ATTRIBUTE | {"path": "text"}, None, "application/octet-stream"
            )
        },
        base
        + "attributes/downloadFileSetZipRequest": {
            "post": operation("prepareForDownloadFileSetAttributeZip", OF_ATTRIBUTE, "DownloadRequestDTO")
        },
        base
        + "download/downloadRequest": {
            "get": operation("getDownloadPrepareRequest", {"id!": "text"}, "DownloadRequestDTO")
        },
        base
        + "attributes/ls": {
            "get": operation("lsFileSetAttribute", OF_ATTRIBUTE | {"path!": "text"}, ["FileEntryDTO"])
        },
    }
    for kind, (path, name, _) in ATTRIBUTES.items():
        if path:
            paths[f"{base}attributes/{path}"] = {"get": operation(name, OF_ATTRIBUTE, f"{kind}DTO")}
    return Answer.json(document(request.headers.get("host", ""), "leaderboard", paths, _definitions()))


def _definitions() -> dict:
    container = {
        "id": "text",
        "shortId": "text",
        "type": "text",
        "trashed": "bool",
        "organizationName": "text",
        "organizationId": "text",
        "projectName": "text",
        "projectId": "text",
        "parentId": "text",
    }
    attribute = {"name": "text", "type": "text"}
    for kind in ATTRIBUTES:
        attribute[f"{kind}Properties"] = f"{kind}DTO"

    def values(point: object) -> dict:
        return {"totalItemCount": LONG, "values": [point]}

    return {
        "Experiment": container,
        "ExperimentAttributesDTO": container | {"attributes": ["AttributeDTO"]},
        "AttributeDTO": attribute,
        "SeriesConfigDTO": {"min": DOUBLE, "max": DOUBLE, "unit": "text"},
        "GitCommitDTO": {
            "commitId": "text",
            "message": "text",
            "authorName": "text",
            "authorEmail": "text",
            "commitDate": ("string", "date-time"),
        },
        "SearchParamsDTO": {},
        "SearchResultDTO": {"entries": ["object"], "matchingItemCount": LONG},
        "AttributesSearchResultDTO": {"entries": ["AttributeDefinitionDTO"]},
        "AttributeDefinitionDTO": {"name": "text", "type": "text"},
        "FloatValuesDTO": values("FloatPointDTO"),
        "FloatPointDTO": {"timestampMillis": LONG, "step": DOUBLE, "value": DOUBLE},
        "StringValuesDTO": values("StringPointDTO"),
        "StringPointDTO": {"timestampMillis": LONG, "step": DOUBLE, "value": "text"},
        "ImageValuesDTO": {"totalItemCount": LONG},
        "DownloadRequestDTO": {"id": "text", "downloadUrl": "text"},
        "FileEntryDTO": {"name": "text", "size": LONG, "mtime": ("string", "date-time"), "fileType": "text"},
        **{f"{kind}DTO": PLAIN | members for kind, (_, _, members) in ATTRIBUTES.items()},
    }


def artifacts(request: Request) -> Answer:
    paths = {
        "/api/artifacts/v1/artifact/files": {
            "get": operation(
                "listArtifactFiles", {"projectIdentifier!": "text", "hash!": "text"}, "ArtifactFilesDTO"
            )
        },
    }
    definitions = {
        "ArtifactFilesDTO": {"files": ["ArtifactFileDTO"]},
        "ArtifactFileDTO": {
            "filePath": "text",
            "fileHash": "text",
            "type": "text",
            "size": LONG,
            "metadata": ["MetadataDTO"],
        },
        "MetadataDTO": {"key": "text", "value": "text"},
    }
    return Answer.json(document(request.headers.get("host", ""), "artifacts", paths, definitions))
