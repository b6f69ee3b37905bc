# SPDX-License-Identifier: Apache-2.0
"""MLflow's rule for keys, and how a source name may be recognised behind a changed one."""

from __future__ import annotations

import posixpath
import re

from archive.layout import digest8

MAX_KEY = 250
MAX_VALUE = 6_000
_FORBIDDEN = re.compile(r"[^/\w.\- :]")
_SUFFIX = re.compile(r"[_-][0-9a-f]{8}(?=$|/|\.[^/]*$)")


def is_valid_key(key: str) -> bool:
    return 0 < len(key) <= MAX_KEY and not _FORBIDDEN.search(key) and _is_normal(key)


def _is_normal(key: str) -> bool:
    return key == posixpath.normpath(key) and not key.startswith(("/", "..")) and key != "."


def replaced(key: str) -> str:
    """A valid key near `key`; different keys may meet here."""
    parts = [
        p if p not in ("", ".", "..") else "_" * max(1, len(p)) for p in _FORBIDDEN.sub("_", key).split("/")
    ]
    return "/".join(parts)


def with_suffix(key: str, source: str) -> str:
    return f"{key[: MAX_KEY - 9]}_{digest8(source)[:8]}"


def skeleton(name: str) -> str:
    return "".join(c for c in name if c.isalnum())


def may_be(source: str, shown: str) -> bool:
    """Whether `shown` can be `source` with characters replaced, cut, and eight digits of a digest added."""
    wanted = skeleton(source)
    for form in (shown, _SUFFIX.sub("", shown)):
        bones = skeleton(form)
        if bones == wanted or (len(shown) >= 200 and bones and wanted.startswith(bones)):
            return True
    return False


class Claims:
    """Gives each source name one shown name. Names that need no change are taken by themselves first, so that
    a changed neighbour cannot pass for them."""

    def __init__(self, shown):
        self.free = dict.fromkeys(shown)

    def exact(self, name: str) -> str | None:
        if name in self.free:
            del self.free[name]
            return name
        return None

    def alike(self, source: str, fits) -> str | None:
        """The free name that may be `source`; of several the one whose content `fits`."""
        likely = [name for name in self.free if may_be(source, name)]
        chosen = next((name for name in likely if fits(name)), likely[0] if likely else None)
        if chosen is not None:
            del self.free[chosen]
        return chosen


def assign(sources, shown, fits) -> tuple[dict[str, str | None], list[str]]:
    """Source name → shown name or None, and the shown names nobody claimed."""
    claims = Claims(shown)
    result = {name: claims.exact(name) if is_valid_key(name) else None for name in sources}
    for name in sources:
        if result[name] is None:
            result[name] = claims.alike(name, lambda key, name=name: fits(name, key))
    return result, list(claims.free)
