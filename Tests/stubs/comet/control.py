# SPDX-License-Identifier: Apache-2.0
"""The stub's own endpoints under `/__stub__/`, for tests in another process or language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .answers import Answer, Refusal
from .request import Request
from .state import canonical

if TYPE_CHECKING:
    from .server import CometServer


def control(server: CometServer, request: Request) -> Answer:
    what = (request.method, request.path.removeprefix("/__stub__/"))
    try:
        if what == ("GET", "state"):
            return Answer(canonical(server.state()).encode())
        if what == ("GET", "requests"):
            return Answer(json.dumps(server.requests()).encode())
        if what == ("GET", "problems"):
            return Answer(json.dumps(server.problems()).encode())
        if what == ("POST", "faults"):
            server.fault(**request.json)
            return Answer(b"{}")
        if what == ("DELETE", "faults"):
            server.faults.clear()
            return Answer(b"{}")
    except (TypeError, ValueError) as error:
        return Refusal(str(error)).answer()
    except Refusal as refusal:
        return refusal.answer()
    return Refusal("no such endpoint of the stub", status=404).answer()
