# SPDX-License-Identifier: Apache-2.0
"""What a server with typed fields refuses: Java's `Long` takes no fraction, a name has an end."""

from __future__ import annotations

from .request import Request
from .store import Store

NAME_LIMIT = 100
TEXT_LIMIT = 1000
BATCH_LIMIT = 1000
INT64 = range(-(2**63), 2**63)
# A time before 1973 is far more often seconds in a field of milliseconds than true.
LIKELY_SECONDS = 100_000_000_000


class Checks:
    def __init__(self, store: Store, request: Request):
        self.store, self.request = store, request

    def refuse(self, message: str) -> None:
        self.store.problem(self.request, message)

    def name(self, value, what: str) -> None:
        if not isinstance(value, str) or not value:
            self.refuse(f"{what} is not text: {value!r}")
        elif len(value) > NAME_LIMIT:
            self.refuse(f"{what} is longer than {NAME_LIMIT} characters: {value[:40]!r}…")

    def text_length(self, value, what: str) -> None:
        if isinstance(value, str) and len(value) > TEXT_LIMIT:
            self.refuse(f"the value of {what} is longer than {TEXT_LIMIT} characters")

    def integer(self, value, what: str) -> None:
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int) or value not in INT64
        ):
            self.refuse(f"{what} is not a 64-bit integer: {value!r}")

    def timestamp(self, value, what: str) -> None:
        self.integer(value, f"the timestamp of {what}")
        if isinstance(value, int) and 0 < value < LIKELY_SECONDS:
            self.store.problem(
                self.request, f"the timestamp of {what} looks like seconds: {value}", refuse=False
            )

    def metric(self, row: dict, batch: bool) -> None:
        name, value = row.get("metricName"), row.get("metricValue")
        self.name(name, "metricName")
        if batch:
            for key in ("metricName", "metricValue", "step", "epoch", "timestamp"):
                if key not in row:
                    self.refuse(f"a metric value has no {key}")
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            self.refuse(f"the value of metric {name!r} is neither number nor text: {value!r}")
        self.text_length(value, f"metric {name!r}")
        self.integer(row.get("step"), f"the step of {name!r}")
        self.integer(row.get("epoch"), f"the epoch of {name!r}")
        self.timestamp(row.get("timestamp"), f"metric {name!r}")

    def parameter(self, row: dict) -> None:
        name, value = row.get("parameterName"), row.get("parameterValue")
        self.name(name, "parameterName")
        if "parameterValue" not in row:
            self.refuse(f"parameter {name!r} has no parameterValue")
        if isinstance(value, dict):
            self.refuse(f"the value of parameter {name!r} is an object")
        if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
            self.refuse(f"the value of parameter {name!r} is not a flat list")
        self.text_length(value, f"parameter {name!r}")
        self.integer(row.get("step"), f"the step of {name!r}")
        self.timestamp(row.get("timestamp"), f"parameter {name!r}")

    def rows(self, body: dict) -> list[dict]:
        rows = body.get("values")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.refuse("the batch has no list of values")
            return []
        if len(rows) > BATCH_LIMIT:
            self.refuse(f"the batch has {len(rows)} values, more than {BATCH_LIMIT}")
        return rows
