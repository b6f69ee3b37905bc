# SPDX-License-Identifier: Apache-2.0
"""Writes an experiment through `APIExperiment`, archives it and finds it again."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import comet_ml
import content

FIRST = 1_700_000_000_250  # milliseconds


def main() -> None:
    files = content.make_files(Path(sys.argv[1]) / "files")
    api = comet_ml.API()
    one = comet_ml.APIExperiment(workspace="team", project_name="rest", experiment_name="rest run")
    for i in range(4):
        one.log_metric("loss", 1.0 / (i + 1), step=i, epoch=0, timestamp=(FIRST + i * 1000) / 1000)
    one.log_parameter("lr", 0.001, timestamp=FIRST / 1000)
    one.log_other("note", "words")
    one.add_tags(["t1", "t2"])
    one.log_html("<i>h</i>", timestamp=FIRST / 1000)
    one.set_model_graph("g")
    one.set_filename("dir/x.py")
    one.set_code("print()")
    one.set_installed_packages(["a==1"])
    one.set_command(["x.py", "--a"])
    one.set_git_metadata("u", "root", "refs/heads/main", "parent", "origin")
    one.log_output("l1\nl2\n")
    one.log_asset(str(files["notes.txt"]), step=3, metadata={"a": 1})
    one.log_image(str(files["red.png"]), image_name="red", step=4)
    one.set_start_time(1_700_000_000_000)
    one.set_end_time(1_700_003_600_000)
    one.update_status()
    one.end()
    found = {"key": one.key, "archived": []}
    one.archive()
    for archived in (False, True):
        rows = api._client.get_project_experiments("team", "rest", archived=archived)["experiments"]
        found["archived"].append([row["experimentKey"] for row in rows])
    print("RESULT " + json.dumps(found))


main()
