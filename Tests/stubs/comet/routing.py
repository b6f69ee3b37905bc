# SPDX-License-Identifier: Apache-2.0
"""From method and path to the function that answers. `{name}` stands for one segment of a path."""

from __future__ import annotations

import re
from collections.abc import Callable

from .answers import Refusal
from .request import Request

_routes: list[tuple[str, re.Pattern, Callable]] = []


def route(method: str, *paths: str) -> Callable:
    def add(function: Callable) -> Callable:
        for path in paths:
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
            _routes.append((method, re.compile(pattern + r"\Z"), function))
        return function

    return add


def find(request: Request) -> tuple[Callable, dict[str, str]]:
    for method, pattern, function in _routes:
        matched = pattern.match(request.route)
        if matched and method == request.method:
            return function, matched.groupdict()
    raise Refusal(f"no such endpoint: {request.method} {request.path}", status=404)
