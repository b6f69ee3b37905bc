# SPDX-License-Identifier: Apache-2.0
"""Logs one large asset and reads it back."""

from __future__ import annotations

import hashlib
import json
import random
import sys
from pathlib import Path

import comet_ml
from quiet import QUIET

path = Path(sys.argv[1]) / "large.bin"
path.write_bytes(random.Random(11).randbytes(int(sys.argv[2])))
experiment = comet_ml.Experiment(workspace="team", project_name="large", **QUIET)
experiment.log_asset(str(path), file_name="large.bin")
experiment.end()
one = comet_ml.API(cache=False).get_experiment_by_key(experiment.get_key())
row = next(row for row in one.get_asset_list("all") if row["fileName"] == "large.bin")
print("RESULT " + json.dumps({"sha256": hashlib.sha256(one.get_asset(row["assetId"])).hexdigest()}))
