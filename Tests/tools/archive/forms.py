# SPDX-License-Identifier: Apache-2.0
"""Values in the text forms that a target with text-only parameters shows."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal


def parameter_text(kind: str, value) -> str:
    if kind == "datetime":
        return time_text(value)
    if kind == "string_set":
        plain = not any("," in member or '"' in member for member in value)
        return ",".join(value) if plain else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)  # int: digits; float: shortest text that reads back; bool: True, False


def same_parameter(kind: str, value, shown: str) -> bool:
    if shown == parameter_text(kind, value):
        return True
    if kind == "string_set" and shown.startswith("["):
        try:
            return json.loads(shown) == value
        except ValueError:
            return False
    return False


def time_text(value: datetime) -> str:
    return value.isoformat(sep=" ", timespec="seconds" if value.microsecond == 0 else "microseconds")


def step_text(step: Decimal | None) -> str:
    """Exact, without needless zeros and never with an exponent."""
    if step is None:
        return "None"
    text = f"{step:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def escaped(text: str) -> str:
    """One line: only where a line break would end it, and then reversible."""
    if "\n" not in text and "\r" not in text and "\\" not in text:
        return text
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def unescaped(text: str) -> str:
    out, rest = [], iter(text)
    for c in rest:
        if c == "\\":
            following = next(rest, "")
            c = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}.get(following, following)
        out.append(c)
    return "".join(out)
