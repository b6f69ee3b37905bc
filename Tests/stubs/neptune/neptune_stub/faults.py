# SPDX-License-Identifier: Apache-2.0
"""Faults on demand: which request of which endpoint goes wrong, and how."""

from __future__ import annotations

import threading
from dataclasses import dataclass

KINDS = {
    "status": "answers `status`, with `retry_after` as header if given",
    "expired_token": "the access token of the request is no longer valid: 401 until it is refreshed",
    "expired_url": "a signed address is answered as one whose time is over (endpoint storage_get)",
    "cut": "half of the body, then the end of the connection",
    "slow": "the body in ten pieces within `seconds`",
    "duplicate_page": "the endpoint's previous answer once more",
    "wrong_length": "a Content-Length that is `bytes` too small, then the end of the connection",
    "reset": "the connection is reset instead of an answer",
}


@dataclass
class Fault:
    """Strikes the `nth` request of the endpoint from the moment it is set, and the `times` - 1 behind it.
    `endpoint` `*` is any; `contains` restricts to requests with that text in path or body."""

    endpoint: str
    kind: str
    nth: int = 1
    times: int = 1
    status: int = 503
    retry_after: str = ""
    seconds: float = 2.0
    bytes: int = 1
    contains: str = ""
    seen: int = 0

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(KINDS)}")

    def strikes(self, endpoint: str, path: str, body: bytes) -> bool:
        if self.endpoint not in ("*", endpoint):
            return False
        if self.contains and self.contains not in path and self.contains.encode() not in body:
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


class Faults:
    def __init__(self):
        self._rules: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            self._rules.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._rules = []

    def take(self, endpoint: str, path: str, body: bytes) -> Fault | None:
        with self._lock:
            struck = [rule for rule in self._rules if rule.strikes(endpoint, path, body)]
        return struck[0] if struck else None
