# SPDX-License-Identifier: Apache-2.0
"""Reads an experiment back through `API` and `APIExperiment`, as plain data."""

from __future__ import annotations

import hashlib
import json
import sys

import comet_ml

api = comet_ml.API(cache=False)
one = api.get_experiment_by_key(sys.argv[1])
histograms = {}
assets = []
for row in one.get_asset_list("all"):
    content = b"" if row["remote"] else one.get_asset(row["assetId"])
    kept = {
        name: row[name] for name in ("fileName", "type", "step", "fileSize", "remote", "link", "metadata")
    }
    assets.append({**kept, "sha256": hashlib.sha256(content).hexdigest()})
    if row["type"] == "histogram_combined_3d":
        histograms[row["fileName"]] = json.loads(content)["histograms"]
found = {
    "name": one.name,
    "tags": one.get_tags(),
    "metrics": one.get_metrics(),
    "one_metric": one.get_metrics(sys.argv[2]),
    "metrics_summary": one.get_metrics_summary(),
    "parameters": one.get_parameters_summary(),
    "others": one.get_others_summary(),
    "assets": assets,
    "histograms": histograms,
    "html": one.get_html(),
    "graph": one.get_model_graph(),
    "output": one.get_output(),
    "metadata": one.get_metadata(),
    "system": one.get_system_details(),
    "git": one.get_git_metadata(),
    "models": one.get_model_names(),
    "workspaces": api.get_workspaces(),
    "projects": api.get_projects("team"),
    "experiments": [each.key for each in api.get_experiments("team", one.project_name)],
    "queried": [
        each.key for each in api.query("team", one.project_name, comet_ml.query.Metric(sys.argv[2]) != 12345)
    ],
}
print("RESULT " + json.dumps(found))
