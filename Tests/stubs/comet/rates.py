# SPDX-License-Identifier: Apache-2.0
"""Comet's published rates of online experiments, values a minute; experiments made offline have none."""

from __future__ import annotations

import time

from .answers import Refusal
from .experiment import Experiment

PUBLISHED = {"metrics": 12_000, "parameters": 10_000, "output": 12_000, "other": 8_000}


class Rates:
    def __init__(self, limits: dict[str, int] | None, window: float = 60.0):
        self.limits, self.window = limits, window
        self._used: dict[tuple[str, str], tuple[float, int]] = {}

    def spend(self, experiment: Experiment, kind: str, values: int) -> None:
        if not self.limits or experiment.offline or kind not in self.limits:
            return
        now = time.monotonic()
        opened, used = self._used.get((experiment.key, kind), (now, 0))
        if now - opened >= self.window:
            opened, used = now, 0
        # A batch over the limit by itself must still get through, or its sender would wait for ever.
        if used and used + values > self.limits[kind]:
            experiment.throttled(kind)
            wait = opened + self.window - now
            raise Refusal(f"too many {kind}", 429, headers={"Retry-After-Custom": f"{wait:.3f}"})
        self._used[experiment.key, kind] = (opened, used + values)
