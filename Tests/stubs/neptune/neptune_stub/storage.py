# SPDX-License-Identifier: Apache-2.0
"""The object stores behind Neptune 3: signed addresses of three providers, ranges, and what they answer when
an address is too old or an object is gone."""

from __future__ import annotations

import gzip
import hashlib
import re
import secrets
import threading
import time
import urllib.parse
from typing import TYPE_CHECKING

from .data import Dataset
from .values import Payload, Series
from .web import Answer, Refusal

if TYPE_CHECKING:
    from .web import Request

# What the newest client asks for at most in one request.
MOST_FILES = 200
PREFIX = {
    "gcp": "/storage/gcp/bucket/",
    "aws": "/storage/aws/bucket/",
    "azure": "/storage/azure/account/container/",
}
QUERY = {
    "gcp": "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Expires={expires}&X-Goog-Signature={signature}",
    "aws": "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires={expires}&X-Amz-Signature={signature}",
    "azure": "sv=2022-11-02&se={expires}&sr=b&sp=r&sig={signature}",
}


class Storage:
    def __init__(self, data: Dataset, url: str, seconds: int = 600):
        self.data, self.url, self.seconds = data, url, seconds
        self._signatures: dict[str, tuple[str, float]] = {}
        self._payloads: dict[str, Payload] = {}
        self._lock = threading.Lock()

    def sign(self, request: "Request") -> Answer:
        files = request.json().get("files")
        if not isinstance(files, list) or not files:
            raise Refusal(400, "'files' is missing")
        if len(files) > MOST_FILES:
            raise Refusal(413, f"More than {MOST_FILES} files")
        return Answer.json({"files": [self._signed(one) for one in files]})

    def _signed(self, file: dict) -> dict:
        project = self.data.project(file.get("project_identifier", ""))
        if project is None or file.get("permission") != "read":
            raise Refusal(403, "Unauthorized")
        path = file["path"]
        provider = Payload(path, 0, "").provider
        signature, expires = secrets.token_hex(16), time.time() + self.seconds
        with self._lock:
            self._signatures[signature] = (path, expires)
        query = QUERY[provider].format(expires=int(expires), signature=signature)
        address = self.url + PREFIX[provider] + urllib.parse.quote(path) + "?" + query
        return {
            "path": path,
            "project_identifier": project.identifier,
            "provider": provider,
            "url": address,
        }

    def expire(self, request: "Request") -> None:
        with self._lock:
            self._signatures.pop(_signature(request), None)

    def get(self, request: "Request") -> Answer:
        provider = next((name for name, prefix in PREFIX.items() if request.path.startswith(prefix)), None)
        if provider is None:
            raise Refusal(404, "There is no such store")
        if "authorization" in request.headers:
            # A store takes one kind of authentication: an address that is signed and a header are too many.
            return _xml(400, "InvalidArgument", "Only one auth mechanism allowed", provider)
        path = request.path.removeprefix(PREFIX[provider])
        with self._lock:
            signed, expires = self._signatures.get(_signature(request), ("", 0.0))
        if signed != path or expires < time.time():
            if provider == "azure":
                return _xml(
                    403, "AuthenticationFailed", "Signature not valid in the specified time frame", provider
                )
            return _xml(400, "ExpiredToken", "Request has expired", provider)
        payload = self._find(path)
        if payload is None or payload.gone:
            return _xml(404, "BlobNotFound" if provider == "azure" else "NoSuchKey", "Not found", provider)
        return self._body(request, payload)

    def _body(self, request: "Request", payload: Payload) -> Answer:
        body = payload.bytes()
        headers = {
            "ETag": f'"{hashlib.md5(body).hexdigest()}"',
            "Last-Modified": "Thu, 02 Jan 2025 03:04:05 GMT",
        }
        headers["Accept-Ranges"] = "bytes"
        if payload.provider == "azure":
            headers |= {"x-ms-blob-type": "BlockBlob", "x-ms-version": "2022-11-02"}
        if (
            payload.encoded
            and "gzip" in request.headers.get("accept-encoding", "")
            and payload.provider != "azure"
        ):
            headers["Content-Encoding"] = "gzip"
            return Answer(gzip.compress(body, mtime=0), payload.media_type, 200, headers)
        asked = request.headers.get("x-ms-range") or request.headers.get("range")
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", asked or "")
        if not wanted:
            return Answer(body, payload.media_type, 200, headers)
        first, last = int(wanted[1]), min(int(wanted[2] or len(body)), len(body) - 1)
        if first > last:
            refused = _xml(416, "InvalidRange", "The range is not satisfiable", payload.provider)
            refused.headers["Content-Range"] = f"bytes */{len(body)}"
            return refused
        headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
        return Answer(body[first : last + 1], payload.media_type, 206, headers)

    def _find(self, path: str) -> Payload | None:
        with self._lock:
            found = self._payloads.get(path)
        if found is None:
            project_uuid, _, rest = path.partition("/")
            project = self.data.project(project_uuid)
            head = project.find(container_uuid=rest.partition("/")[0]) if project else None
            if head is None:
                return None
            payloads = {one.path: one for one in _payloads(project.own_attributes(head).values())}
            with self._lock:
                self._payloads |= payloads
            found = payloads.get(path)
        return found


def _payloads(attributes):
    for attribute in attributes:
        if isinstance(attribute.value, Payload):
            yield attribute.value
        elif attribute.type == "fileRefSeries" and isinstance(attribute.value, Series):
            yield from attribute.value.points.values


def _signature(request: "Request") -> str:
    names = ("X-Goog-Signature", "X-Amz-Signature", "sig")
    return next((request.query[name][0] for name in names if name in request.query), "")


def _xml(status: int, code: str, message: str, provider: str) -> Answer:
    body = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    headers = {"x-ms-error-code": code} if provider == "azure" else {}
    return Answer(body.encode(), "application/xml", status, headers)
