# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 messages on asyncio streams."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

HEAD_LIMIT = 1 << 20


@dataclass
class Head:
    first: str
    headers: list[tuple[str, str]]

    def header(self, name: str) -> str | None:
        return next((v for n, v in self.headers if n.lower() == name), None)

    def encoded(self, without: tuple[str, ...] = (), more: tuple[tuple[str, str], ...] = ()) -> bytes:
        kept = [(n, v) for n, v in self.headers if n.lower() not in without]
        lines = [self.first, *(f"{n}: {v}" for n, v in [*kept, *more])]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """None at the end of the connection."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = raw[:-4].decode("latin-1").split("\r\n")
    return Head(first, [(n.strip(), v.strip()) for n, _, v in (line.partition(":") for line in lines)])


async def read_body(reader: asyncio.StreamReader, head: Head, to_end: bool = False) -> bytes:
    if (head.header("transfer-encoding") or "").lower() == "chunked":
        return await _chunked(reader)
    length = head.header("content-length")
    if length is not None:
        return await reader.readexactly(int(length))
    return await reader.read() if to_end else b""


async def _chunked(reader: asyncio.StreamReader) -> bytes:
    pieces = []
    while True:
        size = int((await reader.readline()).split(b";")[0], 16)
        piece = await reader.readexactly(size)
        await reader.readline()
        if size == 0:
            return b"".join(pieces)
        pieces.append(piece)
