# SPDX-License-Identifier: Apache-2.0
"""Files, images, file sets and artifacts of Neptune 2."""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING

from . import messages2 as messages
from .values2 import FileSet
from .web import Answer, Refusal, Request, Route

if TYPE_CHECKING:
    from .neptune2 import Neptune2

BOARD = "/api/leaderboard/v1/"
MTIME = "2025-01-02T03:04:06.000Z"
# How often a zip is asked for before it is ready.
POLLS = 1


class Files2:
    def __init__(self, service: "Neptune2", url: str):
        self.service, self.url = service, url
        self._requested: dict[str, tuple[str, FileSet, int]] = {}
        self._lock = threading.Lock()

    def routes(self) -> list[Route]:
        base = BOARD + "attributes/"
        return [
            Route("GET", base + "download", "download_attribute", self._download),
            Route("GET", base + "series/image", "image_series_values", self._image_count),
            Route("GET", base + "series/image/single", "image_series_value", self._image),
            Route("POST", base + "downloadFileSetZipRequest", "fileset_zip_request", self._request_zip),
            Route("GET", BOARD + "download/downloadRequest", "download_request", self._poll),
            Route("GET", BOARD + "download/downloadFile", "download_file", self._zip),
            Route("GET", base + "ls", "fileset_ls", self._list),
            Route("GET", "/api/artifacts/v1/artifact/files", "artifact_files", self._artifact),
        ]

    def _download(self, request: Request) -> Answer:
        member = request.query.get("path", [None])[0]
        if member is None:
            return _attachment(self.service.attribute(request, "file").value)
        members = dict(self.service.attribute(request, "fileSet").value.members)
        if member not in members:
            raise Refusal(404, "not found", errorType="ATTRIBUTE_NOT_FOUND")
        return _attachment(members[member])

    def _image_count(self, request: Request) -> Answer:
        return Answer.json(
            {"totalItemCount": len(self.service.attribute(request, "imageSeries").value.points)}
        )

    def _image(self, request: Request) -> Answer:
        points = self.service.attribute(request, "imageSeries").value.points
        index = request.number("index", 0)
        if index >= len(points):
            raise Refusal(404, "not found", errorType="ATTRIBUTE_NOT_FOUND")
        return Answer(points.values[index].bytes(), points.values[index].media_type)

    def _request_zip(self, request: Request) -> Answer:
        one = self.service.attribute(request, "fileSet")
        identifier = str(uuid.uuid4())
        with self._lock:
            self._requested[identifier] = (one.name.rpartition("/")[2] + ".zip", one.value, POLLS)
        return Answer.json({"id": identifier, "downloadUrl": None})

    def _poll(self, request: Request) -> Answer:
        identifier = request.one("id")
        with self._lock:
            name, files, left = self._asked(identifier)
            self._requested[identifier] = (name, files, left - 1)
        url = None if left > 0 else f"{self.url}{BOARD}download/downloadFile?id={identifier}"
        return Answer.json({"id": identifier, "downloadUrl": url})

    def _zip(self, request: Request) -> Answer:
        with self._lock:
            name, files, _ = self._asked(request.one("id"))
        return Answer(
            files.zip(), "application/zip", 200, {"Content-Disposition": f'attachment; filename="{name}"'}
        )

    def _asked(self, identifier: str) -> tuple[str, FileSet, int]:
        if identifier not in self._requested:
            raise Refusal(404, "not found")
        return self._requested[identifier]

    def _list(self, request: Request) -> Answer:
        prefix = request.query.get("path", [""])[0].strip("/")
        prefix = prefix + "/" if prefix else ""
        found: dict[str, dict] = {}
        for path, payload in self.service.attribute(request, "fileSet").value.members:
            if path.startswith(prefix):
                name, _, rest = path[len(prefix) :].partition("/")
                kind = "directory" if rest else "file"
                found[name] = {
                    "name": name,
                    "size": None if rest else payload.size,
                    "mtime": MTIME,
                    "fileType": kind,
                }
        return Answer.json(list(found.values()))

    def _artifact(self, request: Request) -> Answer:
        project = self.service.data.project(request.one("projectIdentifier"))
        wanted = request.one("hash")
        for head in project.heads if project else []:
            for one in project.attributes(head).values():
                if one.type == "artifact" and one.value.hash == wanted:
                    return Answer.json({"files": one.value.listing()})
        raise Refusal(404, "not found", errorType="ARTIFACT_NOT_FOUND")


def _attachment(payload) -> Answer:
    headers = {"Content-Disposition": f'attachment; filename="{messages.file_name(payload)}"'}
    return Answer(payload.bytes(), "application/octet-stream", 200, headers)
