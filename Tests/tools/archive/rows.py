# SPDX-License-Identifier: Apache-2.0
"""Record batches of the archive's wide table, from plain Python values or from numpy columns."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pyarrow as pa

from .layout import MICRO, PARAMETER_COLUMN, SCHEMA

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def from_ms(ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=ms)


def row(project: str, run: str, path: str, kind: str, **values) -> dict:
    return {"project_id": project, "run_id": run, "attribute_path": path, "attribute_type": kind, **values}


def batch(rows: list[dict]) -> pa.RecordBatch:
    columns = [pa.array([r.get(f.name) for r in rows], type=f.type, from_pandas=False) for f in SCHEMA]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


class RunRows:
    """Collects the rows of one run, in the words of a tracker."""

    def __init__(self, project: str, run: str):
        self.project, self.run = project, run
        self.rows: list[dict] = []

    def add(self, path: str, kind: str, **values) -> "RunRows":
        self.rows.append(row(self.project, self.run, path, kind, **values))
        return self

    def param(self, path: str, kind: str, value) -> "RunRows":
        return self.add(path, kind, **{PARAMETER_COLUMN[kind]: value})

    def point(self, path: str, step, time_ms: int | None, value: float | None) -> "RunRows":
        return self.add(
            path, "float_series", step=step_of(step), timestamp=time_of(time_ms), float_value=value
        )

    def line(self, path: str, step, time_ms: int | None, text: str) -> "RunRows":
        return self.add(
            path, "string_series", step=step_of(step), timestamp=time_of(time_ms), string_value=text
        )

    def histogram(self, path: str, step, time_ms: int, edges, values, kind="COUNTING") -> "RunRows":
        value = {"type": kind, "edges": list(edges), "values": list(values)}
        return self.add(
            path, "histogram_series", step=step_of(step), timestamp=time_of(time_ms), histogram_value=value
        )

    def file(self, path: str, stored: str | None, kind: str = "file", step=None, time_ms=None) -> "RunRows":
        value = None if stored is None else {"path": stored}
        return self.add(path, kind, file_value=value, step=step_of(step), timestamp=time_of(time_ms))

    def system(self, name: str | None, created_ms: int, **more) -> "RunRows":
        """The `sys/` rows that other records rely on; `more` holds parent, fork_step, failed, custom."""
        self.param("sys/custom_run_id", "string", more.get("custom", self.run))
        self.param("sys/creation_time", "datetime", from_ms(created_ms))
        self.param(
            "sys/modification_time", "datetime", from_ms(created_ms + more.get("lasted_ms", 3_600_250))
        )
        self.param("sys/failed", "bool", more.get("failed", False))
        if name is not None:
            self.param("sys/name", "string", name)
        if "parent" in more:
            self.param("sys/forking/parent", "string", more["parent"])
            self.param("sys/forking/step", "float", float(more.get("fork_step", 0.0)))
        return self

    def batch(self) -> pa.RecordBatch:
        return batch(self.rows)


def step_of(step) -> Decimal | None:
    return None if step is None else Decimal(step).quantize(Decimal("0.000001"))


def time_of(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)


def points_batch(
    project: str, run: str, paths: pa.Array, step_micro: np.ndarray, times_ms: np.ndarray, values: pa.Array
) -> pa.RecordBatch:
    """Many points at once; `paths` and `values` are ready Arrow columns (a null value means NaN)."""
    count = len(step_micro)
    given = {
        "project_id": pa.repeat(pa.scalar(project, pa.string()), count),
        "run_id": pa.repeat(pa.scalar(run, pa.string()), count),
        "attribute_path": paths,
        "attribute_type": pa.repeat(pa.scalar("float_series", pa.string()), count),
        "step": decimals(step_micro),
        "timestamp": pa.array(times_ms, pa.int64()).cast(pa.timestamp("ms", tz="UTC")),
        "float_value": values,
    }
    columns = [given[f.name] if f.name in given else pa.nulls(count, f.type) for f in SCHEMA]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def decimals(step_micro: np.ndarray) -> pa.Array:
    """decimal128(18, 6) from unscaled 64-bit values: low word, then the sign extended."""
    words = np.empty((len(step_micro), 2), dtype="<i8")
    words[:, 0] = step_micro
    words[:, 1] = np.where(step_micro < 0, -1, 0)
    return pa.Array.from_buffers(pa.decimal128(18, 6), len(step_micro), [None, pa.py_buffer(words.tobytes())])


def whole_steps(count: int, first: int = 0) -> np.ndarray:
    return np.arange(first, first + count, dtype=np.int64) * MICRO
