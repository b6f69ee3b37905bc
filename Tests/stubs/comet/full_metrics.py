# SPDX-License-Identifier: Apache-2.0
"""Metrics in full beside the sampled ones: zipped CSV files, as larger Comet installations keep them."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile

from .asset import Asset
from .experiment import Experiment

FULL_METRIC = "ASSET_TYPE_FULL_METRIC"
UNCLEAN = re.compile(r"[^a-zA-Z0-9\-+]+")


def full_metrics(experiment: Experiment, rows: int) -> dict[str, tuple[Asset, bytes]]:
    """Parts of `rows` values by asset key. Two names may clean to one; their files are then called alike."""
    found = {}
    for name, points in experiment.metrics.items():
        for part in range(0, len(points), rows):
            # The files hold seconds, where everything else holds milliseconds.
            lines = ["value,timestamp,step,epoch"] + [
                f"{p.text},{p.timestamp / 1000},{_blank(p.step)},{_blank(p.epoch)}"
                for p in points[part : part + rows]
            ]
            file = f"{UNCLEAN.sub('_', name)}_{part // rows}.csv"
            kept = io.BytesIO()
            with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(zipfile.ZipInfo(file), "\n".join(lines) + "\n")
            source = f"{experiment.key}/{name}/{part}".encode()
            key = hashlib.md5(source, usedforsecurity=False).hexdigest()
            asset = Asset(key, experiment.key, f"{file}.zip", FULL_METRIC, size=len(kept.getvalue()))
            found[key] = (asset, kept.getvalue())
    return found


def _blank(value: int | None) -> str:
    return "" if value is None else str(value)
