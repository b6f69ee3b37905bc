# SPDX-License-Identifier: Apache-2.0
"""The record of requests: one JSON object a line, with no key of anyone in it."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

from .request import Request

SECRET_FIELDS = ("apiKey", "api_key")


class RequestLog:
    def __init__(self, path: Path, secret: str):
        self.path, self._secret = path, secret
        self._entries: list[dict] = []
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    def add(self, request: Request, status: int | None, fault: str | None, began: float, refused: str | None):
        query = {k: v for k, v in request.query.items() if k not in SECRET_FIELDS}
        entry = {
            "at": int(time.time() * 1000),
            "seconds": round(time.monotonic() - began, 6),
            "method": request.method,
            "path": request.path,
            "query": query,
            "experiment": request.experiment_key,
            "bytes": request.raw_size,
            "encoding": request.headers.get("content-encoding"),
            "values": self._values(request),
            "status": status,
            "fault": fault,
            "refused": refused,
        }
        with self._lock:
            entry["n"] = len(self._entries) + 1
            text = json.dumps(entry, ensure_ascii=False)
            if self._secret in text:
                text = text.replace(self._secret, "<key>")
                entry = json.loads(text)
            self._entries.append(entry)
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(text + "\n")

    def entries(self) -> list[dict]:
        with self._lock:
            return list(self._entries)

    @staticmethod
    def _values(request: Request) -> int | None:
        """How many values a batch brought, when its body was read at all."""
        body = request.__dict__.get("json_value")
        values = body.get("values") if isinstance(body, dict) else None
        return len(values) if isinstance(values, list) else None
