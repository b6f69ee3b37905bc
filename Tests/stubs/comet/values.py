# SPDX-License-Identifier: Apache-2.0
"""Named values of an experiment (metrics, parameters, others): what is kept and the summary that is read."""

from __future__ import annotations

from typing import NamedTuple

from .java_text import bits, number


class Point(NamedTuple):
    text: str
    step: int | None
    epoch: int | None
    timestamp: int | None
    context: str | None
    offset: int

    def row(self, name: str) -> dict:
        return {
            "metricName": name,
            "metricValue": self.text,
            "timestamp": self.timestamp,
            "step": self.step,
            "epoch": self.epoch,
            "runContext": self.context,
            "offset": self.offset,
        }

    def state(self) -> dict:
        return {
            "value": self.text,
            "bits": bits(self.text),
            "step": self.step,
            "epoch": self.epoch,
            "timestamp": self.timestamp,
            "context": self.context,
        }


def stored_name(name: str, context: str | None) -> str:
    """Comet puts the context in front of the name: `acc` logged in `train` is read as `train_acc`."""
    return f"{context}_{name}" if context else name


def summary(name: str, points: list[Point]) -> dict:
    numbers = [(value, p) for p in points if (value := number(p.text)) is not None and value == value]
    current = points[-1]
    highest = max(numbers, key=lambda pair: pair[0])[1] if numbers else current
    lowest = min(numbers, key=lambda pair: pair[0])[1] if numbers else current
    row = {"name": name, "editable": False}
    for which, point in (("Max", highest), ("Min", lowest), ("Current", current)):
        row[f"value{which}"] = point.text
        row[f"timestamp{which}"] = point.timestamp
        row[f"runContext{which}"] = point.context
        row[f"step{which}"] = point.step
    return row


def sampled(points: list[Point], most: int | None) -> list[Point]:
    """At most `most` points, evenly spaced, first and last among them."""
    if most is None or len(points) <= most:
        return points
    if most == 1:
        return points[-1:]
    last = len(points) - 1
    return [points[i * last // (most - 1)] for i in range(most)]
