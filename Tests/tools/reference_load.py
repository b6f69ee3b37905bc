#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Loads an archive with the plain MLflow client: reference_load.py DATA_DIR URL [--files DIR]
[--step-multiplier N].

Correct and slow: run after run, one `log_batch` per metric, one `log_artifact` per file, as a script of a few
hours would do it and as neptune-exporter does. The last line is JSON in the form of the command's own."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

# Set before the client is imported: it reads them once.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

import mlflow
from archive.forms import escaped, parameter_text, step_text
from archive.layout import MICRO, project_folder
from archive.reader import NO_STEP, NO_TIME, Run, milliseconds, read_stem, stems
from archive.rows import from_ms
from mlflow.entities import Metric, RunStatus
from mlflow.tracking import MlflowClient
from target.artifacts import readable
from target.names import MAX_VALUE, is_valid_key, replaced, with_suffix
from target.points import whole_step


class ReferenceLoader:
    def __init__(self, url: str, files: Path, multiplier: int):
        mlflow.set_tracking_uri(url)
        self.client = MlflowClient(url)
        self.files, self.multiplier = files, multiplier
        self.losses: Counter[str] = Counter()
        self.targets: dict[tuple[str, str], str] = {}
        self.written: Counter[str] = Counter()

    def load(self, runs: list[Run]) -> None:
        for run in parents_first(runs):
            self.targets[(run.project, run.run)] = self._run(run)

    def _run(self, run: Run) -> str:
        tags = {"host.source.run": run.run}
        parent = self.targets.get((run.project, run.single("sys/forking/parent", "string")))
        if parent:
            tags["mlflow.parentRunId"] = parent
        created = milliseconds(run.single("sys/creation_time", "datetime"))
        made = self.client.create_run(self._experiment(run), start_time=created, tags=tags, run_name=run.name)
        identity = made.info.run_id
        with mlflow.start_run(run_id=identity):
            moved = self._params(run)
            self._points(run, identity)
            self._documents(run, moved)
            self._payloads(run)
        ended = milliseconds(run.single("sys/modification_time", "datetime"))
        status = RunStatus.FAILED if run.single("sys/failed", "bool") else RunStatus.FINISHED
        self.client.set_terminated(identity, RunStatus.to_string(status), ended)
        return identity

    def _experiment(self, run: Run) -> str:
        if run.experiment is None:
            return "0"
        known = self.client.get_experiment_by_name(run.experiment)
        return known.experiment_id if known else self.client.create_experiment(run.experiment)

    def _params(self, run: Run) -> dict[str, str]:
        keys = self._keys(run.params)
        texts = {path: parameter_text(*values[0]) for path, values in run.params.items()}
        moved = {path: text for path, text in texts.items() if len(text) > MAX_VALUE}
        self.losses["value.moved"] += len(moved)
        mlflow.log_params({keys[path]: text[:MAX_VALUE] for path, text in texts.items()})
        self.written["fields"] += len(texts)
        return moved

    def _points(self, run: Run, identity: str) -> None:
        keys = self._keys(run.points)
        for path, points in run.points.items():
            columns = (points.step_micro.tolist(), points.times_ms.tolist(), points.values.tolist())
            metrics = [self._metric(keys[path], *point) for point in zip(*columns)]
            self.losses["point.merged"] += len(metrics) - len(
                {(m.step, m.timestamp, str(m.value)) for m in metrics}
            )
            self.client.log_batch(identity, metrics=metrics)
            self.written["points"] += len(metrics)

    def _metric(self, key: str, step_micro: int, time_ms: int, value: float) -> Metric:
        if step_micro == NO_STEP:
            self.losses["step.missing"] += 1
            step_micro = 0
        step, rounded = whole_step(step_micro, self.multiplier)
        self.losses["step.rounded"] += rounded
        if time_ms == NO_TIME or time_ms < 0:
            self.losses["time.missing"] += 1
            time_ms = 0
        self.losses["value.clamped"] += math.isinf(value)
        if value == 0 and math.copysign(1, value) < 0:
            self.losses["value.negative-zero"] += 1
        return Metric(key, value, time_ms, step)

    def _documents(self, run: Run, moved: dict[str, str]) -> None:
        texts = {(path, "value.txt"): text for path, text in moved.items()}
        for path, lines in run.lines.items():
            texts[(path, "series.txt")] = "\n".join(
                f"{step_text(step)}; {_iso(time)}; {escaped(text)}" for step, time, text in lines
            )
            self.written["series"] += len(lines)
        for path, histograms in run.histograms.items():
            found = [self._histogram(*one) for one in histograms]
            texts[(path, "histograms.json")] = json.dumps({"histograms": found}, indent=2, allow_nan=False)
            self.written["histograms"] += len(histograms)
        keys = self._keys({path: None for path, _ in texts})
        for (path, name), text in texts.items():
            with tempfile.TemporaryDirectory() as scratch:
                file = Path(scratch) / name
                file.write_bytes(text.encode())
                mlflow.log_artifact(str(file), keys[path])

    def _histogram(self, step, time_ms, value: dict) -> dict:
        number, rounded = (None, False) if step is None else whole_step(int(step * MICRO), self.multiplier)
        self.losses["step.rounded"] += rounded
        return {"step": number, "type": value["type"], "edges": value["edges"], "values": value["values"],
                "timestamp": _iso(time_ms)}  # fmt: skip

    def _payloads(self, run: Run) -> None:
        root = project_folder(self.files, run.project)
        keys = self._keys({p.path: None for p in run.payloads})
        for payload in run.payloads:
            source = readable(root, payload.stored, directory=payload.kind == "file_set")
            if source is None:
                self.losses["file.missing"] += 1
                continue
            step = f"/step_{step_text(payload.step)}" if payload.kind == "file_series" else ""
            mlflow.log_artifact(str(source), keys[payload.path] + step)
            self.written["files"] += 1

    def _keys(self, paths) -> dict[str, str]:
        """A valid key for each path; the ones that need a change never take a clean one's place."""
        keys = {path: path for path in paths if is_valid_key(path)}
        for path in paths:
            if path not in keys:
                key = replaced(path)
                taken = key in keys.values() or not is_valid_key(key)
                keys[path] = with_suffix(key, path) if taken else key
                self.losses["name.replaced"] += 1
        return keys


def parents_first(runs: list[Run]) -> list[Run]:
    waiting = {(r.project, r.run): r for r in runs}
    ordered: list[Run] = []

    def place(run: Run) -> None:
        # A chain is walked with a list: it may be longer than Python's stack.
        chain = []
        while run is not None and waiting.pop((run.project, run.run), None):
            chain.append(run)
            run = waiting.get((run.project, run.single("sys/forking/parent", "string")))
        ordered.extend(reversed(chain))

    for run in runs:
        place(run)
    return ordered


def _iso(time_ms: int | None) -> str:
    return "None" if time_ms is None else from_ms(time_ms).isoformat()


def load(data: Path, url: str, files: Path | None = None, multiplier: int = 1) -> dict:
    """Returns what the command's last line would say."""
    begun = time.monotonic()
    loader = ReferenceLoader(url, files or data.parent / "files", multiplier)
    loader.load([run for stem in stems(data) if stem.complete for run in read_stem(stem)])
    return {
        "units": {"complete": len(loader.targets)},
        "records": {table: {"written": count} for table, count in loader.written.items()},
        "losses": {code: count for code, count in loader.losses.items() if count},
        "seconds": round(time.monotonic() - begun, 3),
        "exit_code": 0,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("url")
    parser.add_argument("--files", type=Path)
    parser.add_argument("--step-multiplier", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(load(given.data, given.url, given.files, given.step_multiplier)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
