# SPDX-License-Identifier: Apache-2.0
"""Logs an artifact in one experiment and gets it in another; registers a model."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import comet_ml
import content
from quiet import QUIET

folder = Path(sys.argv[1])
files = content.make_files(folder / "files")
maker = comet_ml.Experiment(workspace="team", project_name="artifacts", **QUIET)
artifact = comet_ml.Artifact("my-data", "dataset", version="1.0.0", aliases=["prod"], metadata={"rows": 3})
artifact.add(str(files["every_byte.bin"]), logical_path="d/every_byte.bin", metadata={"f": 1})
artifact.add(str(files["notes.txt"]), logical_path="notes.txt")
artifact.add_remote("s3://bucket/x.bin", logical_path="x.bin", sync_mode=False)
maker.log_artifact(artifact)
maker.log_model("net", str(files["weights.bin"]))
maker.register_model("net", version="1.0.0")
maker.log_remote_model("far", "s3://bucket/m.bin", metadata={"a": 1}, sync_mode=False)
maker.log_points_3d("scene", points=[[1, 1, 1, 0.5], [0, 0, 0, 0.25]], step=3)
maker.end()

user = comet_ml.Experiment(workspace="team", project_name="artifacts", **QUIET)
got = user.get_artifact("my-data", version_or_alias="prod")
local = folder / "got"
got.download(str(local))
user.end()
found = {
    str(path.relative_to(local)): hashlib.sha256(path.read_bytes()).hexdigest()
    for path in local.rglob("*")
    if path.is_file()
}
api = comet_ml.API(cache=False)
print(
    "RESULT "
    + json.dumps(
        {
            "files": found,
            "listed": [a["name"] for a in api.get_artifact_list("team")["artifacts"]],
            "versions": [v["version"] for v in api.get_artifact_details("team", "my-data")["versions"]],
            "models": api.get_registry_model_versions("team", "net"),
        }
    )
)
