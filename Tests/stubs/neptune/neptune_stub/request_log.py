# SPDX-License-Identifier: Apache-2.0
"""What was asked, in JSON lines, without secrets."""

from __future__ import annotations

import json
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .web import Request

# Of a body, enough to see what was asked; a client sends up to 200 KB of names.
KEPT_BODY = 4_000
# Bodies and queries of these hold tokens or signatures.
SECRET = ("refresh_token", "exchange_api_token", "storage_get")


class RequestLog:
    def __init__(self, path: Path):
        self.path = path
        self._file = open(path, "a", encoding="utf-8")
        self._lock = threading.Lock()
        self._count = 0

    def write(
        self, began: float, endpoint: str, request: "Request", status: int, sent: int, fault: str | None
    ) -> None:
        secret = endpoint in SECRET
        with self._lock:
            self._count += 1
            entry = {
                "n": self._count,
                "time": round(began, 3),
                "seconds": round(time.time() - began, 4),
                "endpoint": endpoint,
                "method": request.method,
                "path": request.path,
                "query": {} if secret else request.query,
                "body": None if secret else request.body[:KEPT_BODY].decode(errors="replace") or None,
                "agent": request.headers.get("user-agent"),
                "status": status,
                "sent": sent,
                "fault": fault,
            }
            self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._file.flush()

    def failure(self) -> None:
        """An error of the stub itself: a test that meets one must see it."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            with self._lock:
                self._file.write(
                    json.dumps({"endpoint": "stub_error", "error": traceback.format_exc()}) + "\n"
                )
                self._file.flush()

    def entries(self) -> list[dict]:
        with self._lock, open(self.path, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def close(self) -> None:
        self._file.close()
