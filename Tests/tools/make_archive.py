#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a seeded archive: make_archive.py PROFILE DIR [--seed N].

In DIR are then `data`, `files` and `expect.json`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from archive import hostile
from archive.profiles import PROFILES
from archive.writer import ArchiveWriter


def make(profile: str, root: Path, seed: int = 1, prefix: str = "", only: list[str] | None = None) -> dict:
    """Returns what expect.json says. `prefix` goes before each project id, so that archives made for
    different tests do not meet in one target."""
    out = ArchiveWriter(root)
    rng = np.random.default_rng(seed)
    expect = {"profile": profile, "seed": seed, "prefix": prefix, "cases": {}}
    if profile == "hostile":
        expect["cases"] = hostile.write(out, seed, prefix, only)
    else:
        PROFILES[profile](out, rng, prefix)
    (Path(root) / "expect.json").write_text(json.dumps(expect, indent=1, ensure_ascii=True))
    return expect


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profile", choices=[*PROFILES, "hostile"])
    parser.add_argument("root", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--case", action="append", help="hostile: this case only (may be repeated)")
    given = parser.parse_args()
    expect = make(given.profile, given.root, given.seed, given.prefix, given.case)
    print(f"{given.profile}: seed {given.seed}, {len(expect['cases'])} cases, {given.root}")


if __name__ == "__main__":
    main()
