#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The main job on a fresh machine: a small Neptune archive goes into a private MLflow server on SQLite, and what
arrived is asked from the server. Everything lies in .build/demo and is made anew each time."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "tools"))
from mlflow_server import MlflowServer  # noqa: E402

ARCHIVE = ROOT / "Tests" / "Fixtures" / "neptune-exports" / "neptune3" / "data"
HOST = ROOT / ".build" / "release" / "host"
FOLDER = ROOT / ".build" / "demo"


def show(*command: object) -> int:
    words = [str(word) for word in command]
    print("\n$ host " + " ".join(words[1:]).replace(str(ROOT) + "/", ""), flush=True)
    return subprocess.run(words, cwd=ROOT).returncode


def call(url: str, path: str, body: dict | None = None, **query: str) -> dict:
    address = f"{url}/api/2.0/mlflow/{path}" + ("?" + urllib.parse.urlencode(query) if query else "")
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def arrived(url: str) -> None:
    """Asks the server, not the host, what is there."""
    print("\nWhat the MLflow server now holds:")
    experiments = call(url, "experiments/search", {"max_results": 1000}).get("experiments", [])
    for experiment in sorted(experiments, key=lambda one: one["name"]):
        body = {"experiment_ids": [experiment["experiment_id"]], "max_results": 1000}
        runs = call(url, "runs/search", body).get("runs", [])
        if not runs:
            continue
        params = sum(len(run["data"].get("params", [])) for run in runs)
        metrics = sum(len(run["data"].get("metrics", [])) for run in runs)
        print(f"  {experiment['name']}: {len(runs)} runs, {params} parameters, {metrics} metrics")
    body = {"experiment_ids": [one["experiment_id"] for one in experiments], "max_results": 1000,
            "filter": "attributes.run_name = 'baseline-001'"}
    run = call(url, "runs/search", body)["runs"][0]
    key = "metrics/loss" if any(m["key"] == "metrics/loss" for m in run["data"]["metrics"]) else \
        run["data"]["metrics"][0]["key"]
    points = call(url, "metrics/get-history", run_id=run["info"]["run_id"], metric_key=key)["metrics"]
    files = call(url, "artifacts/list", run_id=run["info"]["run_id"]).get("files", [])
    print(f"  run baseline-001: {key} has {len(points)} points from step {points[0]['step']} to {points[-1]['step']},"
          f" artifacts in {', '.join(file['path'] for file in files)}")


def main() -> int:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    print("demo: starting a private MLflow server in .build/demo")
    with MlflowServer(FOLDER / "server") as server:
        job = ["--from", f"parquet:{ARCHIVE}", "--to", f"mlflow:{server.url}", "--job", "demo", "--job-dir",
               FOLDER / "jobs"]
        show(HOST, "plan", *job)
        code = show(HOST, "run", *job)
        if code == 0:
            arrived(server.url)
            print("\nThe same command again finds nothing to do:")
            code = show(HOST, "run", *job)
    print("\ndemo: done" if code == 0 else f"\ndemo: failed with exit code {code}")
    return code


if __name__ == "__main__":
    sys.exit(main())
