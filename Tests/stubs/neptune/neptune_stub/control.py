# SPDX-License-Identifier: Apache-2.0
"""Steering a stub that runs in another process. None of this is Neptune's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .faults import Fault
from .web import Answer, Refusal, Request, Route

if TYPE_CHECKING:
    from .server import NeptuneServer


class Control:
    def __init__(self, server: "NeptuneServer"):
        self.server = server

    def routes(self) -> list[Route]:
        return [
            Route("POST", "/stub/faults", "stub_control", self._add, open=True),
            Route("DELETE", "/stub/faults", "stub_control", self._clear, open=True),
            Route("POST", "/stub/change", "stub_control", self._change, open=True),
        ]

    def _add(self, request: Request) -> Answer:
        try:
            self.server.faults.add(Fault(**request.json()))
        except (TypeError, ValueError) as bad:
            raise Refusal(400, str(bad)) from bad
        return Answer.json({})

    def _clear(self, _: Request) -> Answer:
        self.server.faults.clear()
        return Answer.json({})

    def _change(self, request: Request) -> Answer:
        asked = request.json()
        try:
            return Answer.json({"changes": self.server.change(asked["project"], asked["sys_id"])})
        except KeyError as bad:
            raise Refusal(404, str(bad)) from bad
