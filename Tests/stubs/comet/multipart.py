# SPDX-License-Identifier: Apache-2.0
"""The parts of a `multipart/form-data` body, bytes untouched."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .answers import Refusal

BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^;\s]+))', re.IGNORECASE)
PARAMETER = re.compile(rb'[;\s](name|filename)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)


@dataclass
class Part:
    name: str
    filename: str | None
    content: bytes


def read_parts(content_type: str, body: bytes) -> dict[str, Part]:
    found = BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or not found:
        raise Refusal(f"expected multipart/form-data with a boundary, not {content_type!r}")
    line = b"--" + (found[1] or found[2]).encode()
    if not body.startswith(line):
        raise Refusal("the multipart body does not begin with its boundary")
    pieces = (b"\r\n" + body).split(b"\r\n" + line)
    if not pieces[-1].startswith(b"--"):
        raise Refusal("the multipart body is cut off: its closing boundary is missing")
    parts: dict[str, Part] = {}
    for piece in pieces[1:-1]:
        part = _part(piece)
        if part.name in parts:
            raise Refusal(f"the multipart body has two parts named {part.name!r}")
        parts[part.name] = part
    return parts


def _part(piece: bytes) -> Part:
    head, gap, content = piece.partition(b"\r\n\r\n")
    if not gap:
        raise Refusal("a part of the multipart body has no head")
    values: dict[str, str] = {}
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-disposition:"):
            for name, value in PARAMETER.findall(line):
                values[name.decode().lower()] = re.sub(rb"\\(.)", rb"\1", value).decode("utf-8", "replace")
    if "name" not in values:
        raise Refusal("a part of the multipart body has no name")
    return Part(values["name"], values.get("filename"), content)
