# SPDX-License-Identifier: Apache-2.0
"""Everything a server shows, without what every load makes anew (ids, times of writing)."""

from __future__ import annotations

import hashlib

from .points import bits
from .rest import MlflowReader, metric_keys, params_of, tags_of

PARENT = "mlflow.parentRunId"
# Tags that differ between two loads of the same data.
_OWN = (
    "host.key",
    "host.job",
    "host.incomplete",
    "host.completed",
    "host.version",
    "host.time",
    "host.checksum",
    "host.revision",
)


def snapshot(url: str) -> dict:
    reader = MlflowReader(url)
    all_runs = {
        (name, run["info"]["run_id"]): run
        for name, i in reader.experiments().items()
        for run in reader.runs(i)
    }
    names = {identity: run["info"]["run_name"] for (_, identity), run in all_runs.items()}
    found: dict = {}
    for (experiment, identity), run in all_runs.items():
        found.setdefault((experiment, run["info"]["run_name"]), []).append(_run(reader, identity, run, names))
    return found


def _run(reader: MlflowReader, identity: str, run: dict, names: dict) -> dict:
    info, tags = run["info"], tags_of(run)
    return {
        "info": [info.get(f) for f in ("status", "start_time", "end_time", "user_id", "lifecycle_stage")],
        "params": params_of(run),
        "tags": {k: v for k, v in tags.items() if k != PARENT and not k.startswith(_OWN)},
        "parent": names.get(tags.get(PARENT)),
        "points": {
            key: sorted((step, time, bits(value)) for step, time, value in reader.points(identity, key))
            for key in metric_keys(run)
        },
        "artifacts": {
            path: hashlib.sha256(reader.artifact(identity, path)).hexdigest()
            for path, _ in reader.artifacts(identity)
        },
    }
