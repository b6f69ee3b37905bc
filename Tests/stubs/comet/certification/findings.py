# SPDX-License-Identifier: Apache-2.0
"""What differs, said as it is found; nothing found is what certifies."""

from __future__ import annotations


class Findings:
    def __init__(self):
        self.checked = 0
        self.differences: list[str] = []
        self.scenario = ""

    def equal(self, what: str, found, expected) -> None:
        self.checked += 1
        if found != expected or type(found) is not type(expected):
            self._tell(f"{what}: found {shown(found)}, expected {shown(expected)}")

    def true(self, what: str, holds: bool) -> None:
        self.checked += 1
        if not holds:
            self._tell(what)

    def _tell(self, message: str) -> None:
        self.differences.append(f"{self.scenario}: {message}")
        print(f"    DIFFERENT {message}", flush=True)


def shown(value) -> str:
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"
