#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a server holds below a name prefix, as one JSON object: count.py URL PREFIX. It asks the server itself and
knows nothing of the plugin but which tags and files are its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "Tests" / "tools"))

from target.rest import MlflowReader, metric_keys, params_of, tags_of  # noqa: E402

# Set by the server or by the plugin for the run itself.
RUN_TAGS = {"mlflow.runName", "mlflow.user", "mlflow.parentRunId"}
OWN_FILES = {"series.txt", "histograms.json", "value.txt"}


def fields(run: dict) -> int:
    tags = [tag for tag in tags_of(run) if not tag.startswith("host.") and tag not in RUN_TAGS]
    return len(params_of(run)) + len(tags)


def points(server: MlflowReader, run: dict) -> int:
    run_id = run["info"]["run_id"]
    return sum(len(server.points(run_id, key)) for key in metric_keys(run))


def files(server: MlflowReader, run: dict) -> int:
    paths = [path for path, _ in server.artifacts(run["info"]["run_id"])]
    return sum(path.rsplit("/", 1)[-1] not in OWN_FILES for path in paths)


def main() -> None:
    url, prefix = sys.argv[1:]
    server = MlflowReader(url)
    mine = [number for name, number in server.experiments().items() if name.startswith(prefix + "/")]
    runs = [run for number in mine for run in server.runs(number)]
    print(
        json.dumps(
            {
                "units": len(runs),
                "fields": sum(fields(run) for run in runs),
                "points": sum(points(server, run) for run in runs),
                "files": sum(files(server, run) for run in runs),
            }
        )
    )


if __name__ == "__main__":
    main()
