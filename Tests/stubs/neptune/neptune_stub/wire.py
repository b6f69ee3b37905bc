# SPDX-License-Identifier: Apache-2.0
"""Writes the protobuf answers of Neptune 3: the wire form itself, so that no generated code is needed."""

from __future__ import annotations

import struct

_DOUBLE = struct.Struct("<d")
_FLOAT = struct.Struct("<f")


def varint(value: int) -> bytes:
    """Negative int64 are written as their two's complement of 64 bits, ten bytes long."""
    value &= 0xFFFFFFFFFFFFFFFF
    if value < 0x80:
        return bytes((value,))
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _tag(number: int, wire_type: int) -> bytes:
    return varint(number << 3 | wire_type)


class Message:
    """Fields in the order they are added. A method leaves the proto3 default out, unless the field has
    explicit presence (`always`); sub-messages are always written."""

    __slots__ = ("parts",)

    def __init__(self):
        self.parts: list[bytes] = []

    def whole(self, number: int, value: int, always: bool = False) -> "Message":
        if value or always:
            self.parts += (_tag(number, 0), varint(value))
        return self

    def flag(self, number: int, value: bool) -> "Message":
        return self.whole(number, int(value))

    def double(self, number: int, value: float, always: bool = False) -> "Message":
        # -0.0 equals 0.0 but is no default: its bits are not all zero.
        bits = _DOUBLE.pack(value)
        if always or bits != bytes(8):
            self.parts += (_tag(number, 1), bits)
        return self

    def single(self, number: int, value: float) -> "Message":
        if value:
            self.parts += (_tag(number, 5), _FLOAT.pack(value))
        return self

    def text(self, number: int, value: str, always: bool = False) -> "Message":
        if value or always:
            self._bytes(number, value.encode())
        return self

    def message(self, number: int, value: "Message | bytes") -> "Message":
        self._bytes(number, value if isinstance(value, bytes) else value.bytes())
        return self

    def doubles(self, number: int, values: list[float]) -> "Message":
        if values:
            self._bytes(number, struct.pack(f"<{len(values)}d", *values))
        return self

    def texts(self, number: int, values: list[str]) -> "Message":
        for value in values:
            self._bytes(number, value.encode())
        return self

    def bytes(self) -> bytes:
        return b"".join(self.parts)

    def _bytes(self, number: int, data: bytes) -> None:
        self.parts += (_tag(number, 2), varint(len(data)), data)
