# SPDX-License-Identifier: Apache-2.0
"""How large a data set is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Of the project `acme/vision`; the other projects are small in each profile.

    `wide` is the number of long series in its first run. The client reads at most 1,000,000 points in one
    answer, so that series are read in pages only when `wide` times `long` is more."""

    runs: int
    metrics: int
    points: int
    wide: int
    long: int
    lines: int
    files: int
    largest_file: int


PROFILES = {
    "small": Sizes(
        runs=16, metrics=3, points=90, wide=2, long=2_500, lines=4_500, files=6, largest_file=70_000
    ),
    "medium": Sizes(
        runs=150, metrics=6, points=250, wide=40, long=30_000, lines=12_000, files=450, largest_file=40 << 20
    ),
    "many": Sizes(runs=15_000, metrics=1, points=4, wide=0, long=0, lines=0, files=0, largest_file=0),
}
