# SPDX-License-Identifier: Apache-2.0
"""How much a server puts into one page at most."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PageCaps:
    """The default serves every page as large as the clients ask for it. Smaller caps show whether a client
    follows the server's tokens: the vendor's own stops at the first short page of definitions or entries.

    `objects` is the number of points of string, histogram and file series in one answer, over all series."""

    entries: int = 10_000
    definitions: int = 10_000
    values: int = 10_000
    objects: int = 2_000
    projects: int = 1_000

    @classmethod
    def tiny(cls) -> "PageCaps":
        return cls(entries=10_000, definitions=7, values=11, objects=13, projects=2)
