# SPDX-License-Identifier: Apache-2.0
"""Archives that go wrong in one named way each; every case is a project of its own."""

from __future__ import annotations

import numpy as np

from ..writer import ArchiveWriter
from . import damage, names, payloads, relations, values
from .case import CASES

__all__ = ["CASES", "write", "damage", "names", "payloads", "relations", "values"]


def write(out: ArchiveWriter, seed: int, prefix: str, only: list[str] | None = None) -> dict:
    expect = {}
    for position, (name, one) in enumerate(CASES.items()):
        if only and name not in only:
            continue
        project = f"{prefix}hostile/{name}"
        # A seed per case: leaving a case out does not change the others.
        one.build(out, np.random.default_rng([seed, position]), project)
        expect[name] = one.expectation(project)
    return expect
