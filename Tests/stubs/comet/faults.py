# SPDX-License-Identifier: Apache-2.0
"""Failures on demand: which request, how it fails, and whether the server did the work before."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from .answers import Answer, Code, Refusal

REFUSED = {"401": 401, "429": 429, "500": 500, "502": 502, "503": 503, "504": 504, "error": 400}
UNHANDLED = {*REFUSED, "reset"}
HANDLED = {"lost", "cut", "slow", "reset-after"}


@dataclass
class Fault:
    """`kind` before the work is done: 401, 429, 500, 502, 503, 504, `error` (own status and code), `reset`;
    after it is done: `lost` (closed without an answer), `reset-after`, `cut` (half of the answer), `slow`.

    `endpoint` is a regular expression searched in `METHOD path`; the fault strikes the `nth` match and the
    `times` - 1 after it."""

    kind: str
    endpoint: str = ""
    nth: int = 1
    times: int = 1
    retry_after: float | None = 1.0
    seconds: float = 2.0
    status: int = 400
    code: int = 0
    message: str = "a fault on demand"
    matched: int = 0
    struck: int = 0

    def __post_init__(self):
        if self.kind not in UNHANDLED | HANDLED:
            raise ValueError(f"no fault is called {self.kind!r}: {sorted(UNHANDLED | HANDLED)}")
        self.pattern = re.compile(self.endpoint)

    @property
    def handled(self) -> bool:
        return self.kind in HANDLED

    def answer(self) -> Answer | None:
        """The answer instead of the true one; None when the connection or the true answer is struck."""
        if self.kind not in REFUSED:
            return None
        status = self.status if self.kind == "error" else REFUSED[self.kind]
        code = Code.API_KEY_UNKNOWN if status == 401 and not self.code else self.code
        headers = {}
        if status == 429 and self.retry_after is not None:
            # Comet's own header: its client does not look at Retry-After.
            headers["Retry-After-Custom"] = f"{self.retry_after:g}"
        return Refusal(self.message, status, code, headers).answer()


class Faults:
    def __init__(self):
        self._list: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            self._list.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._list.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """Every fault counts every match; the first that is due strikes."""
        due = None
        with self._lock:
            for fault in self._list:
                if not fault.pattern.search(f"{method} {path}"):
                    continue
                fault.matched += 1
                if due is None and fault.nth <= fault.matched < fault.nth + fault.times:
                    due = fault
            if due:
                due.struck += 1
        return due
