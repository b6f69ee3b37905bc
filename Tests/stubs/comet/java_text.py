# SPDX-License-Identifier: Apache-2.0
"""Comet keeps every value as text and shows numbers in Java's notation: `0.25`, `1.0E7`, `8.63E-4`."""

from __future__ import annotations

import json
import math
import re
import struct
from decimal import Decimal

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z|[+-]?Infinity\Z|NaN\Z")


def java_text(value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _double(value)
    return json.dumps(value, ensure_ascii=False)


def number(text: str) -> float | None:
    return float(text) if NUMBER.match(text) else None


def bits(text: str) -> str | None:
    """The 64 bits of a number as 16 hex digits; None for text that is no number."""
    value = number(text)
    return None if value is None else struct.pack(">d", value).hex()


def _double(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    if math.isinf(value):
        return sign + "Infinity"
    if value == 0:
        return sign + "0.0"
    # repr gives the shortest digits that come back as the same double, as Java does since 19; but Java looks
    # for the nearest among those of at least two digits, hence its famous 4.9E-324.
    shortest = Decimal(repr(abs(value))).normalize().as_tuple()
    if len(shortest.digits) == 1:
        shortest = Decimal(f"{abs(value):.1e}").normalize().as_tuple()
    digits = "".join(map(str, shortest.digits))
    exponent = len(digits) - 1 + shortest.exponent
    if not -3 <= exponent < 7:
        return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    digits = digits.ljust(exponent + 1, "0")
    return f"{sign}{digits[: exponent + 1]}.{digits[exponent + 1 :] or '0'}"
