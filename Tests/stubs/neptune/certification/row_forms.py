# SPDX-License-Identifier: Apache-2.0
"""How values stand in the rows that are compared."""

from __future__ import annotations

import struct
from decimal import Decimal


def bits(value: float) -> str:
    return struct.pack(">d", value).hex()


def millionths(step: float) -> int:
    return int((Decimal(step) * 1_000_000).to_integral_value())
