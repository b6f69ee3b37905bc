# SPDX-License-Identifier: Apache-2.0
"""One request as the routes see it: path in one spelling, decoded body, typed query."""

from __future__ import annotations

import gzip
import json
import zlib
from functools import cached_property
from urllib.parse import parse_qsl, unquote, urlsplit

from .answers import Refusal
from .multipart import Part, read_parts

REST_PREFIXES = ("/api/rest/v2/", "/clientlib/rest/v2/")
SDK_PREFIX = "/clientlib/"


class Request:
    def __init__(
        self, method: str, target: str, headers: dict[str, str], body: bytes, strict: bool, base: str
    ):
        parts = urlsplit(target)
        self.method, self.path, self.headers = method, unquote(parts.path), headers
        self.strict, self.base = strict, base
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True, encoding="utf-8"))
        self.raw_size = len(body)
        self._body = body
        self.experiment_key: str | None = None

    @property
    def route(self) -> str:
        """The REST API hangs off two places of the host; both are one API."""
        for prefix in REST_PREFIXES:
            if self.path.startswith(prefix):
                return "rest:" + self.path[len(prefix) :].strip("/")
        if self.path.startswith(SDK_PREFIX):
            return "sdk:" + self.path[len(SDK_PREFIX) :].strip("/")
        return self.path

    @cached_property
    def body(self) -> bytes:
        if self.headers.get("content-encoding", "").lower() != "gzip":
            return self._body
        try:
            return gzip.decompress(self._body)
        except (OSError, EOFError, zlib.error) as error:
            raise Refusal(f"the body is not the gzip it says: {error}") from None

    @cached_property
    def json(self) -> dict:
        value = self.json_value
        if not isinstance(value, dict):
            raise Refusal("the body is not a JSON object")
        return value

    @cached_property
    def json_value(self):
        try:
            return json.loads(self.body.decode("utf-8"), parse_constant=self._constant)
        except ValueError as error:
            raise Refusal(f"the body is not JSON in UTF-8: {error}") from None

    @cached_property
    def parts(self) -> dict[str, Part]:
        return read_parts(self.headers.get("content-type", ""), self.body)

    def _constant(self, name: str) -> float:
        # The client's own end-of-run notification holds bare NaN, so a real server must take that one.
        if self.strict and not self.route.startswith("sdk:notification/"):
            raise Refusal(f"{name} is not legal JSON")
        return float(name)

    def text(self, name: str) -> str:
        value = self.query.get(name)
        if value is None:
            raise Refusal(f"the query has no {name}")
        return value

    def integer(self, name: str) -> int | None:
        value = self.query.get(name)
        if value is None:
            return None
        try:
            return int(value)
        except ValueError:
            raise Refusal(f"{name}={value!r} is not an integer") from None

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() == "true"
