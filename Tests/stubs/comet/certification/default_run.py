# SPDX-License-Identifier: Apache-2.0
"""A run as a user writes it, with all that the client logs by itself."""

from __future__ import annotations

import json
import sys

import comet_ml

experiment = comet_ml.start(workspace="team", project_name="defaults", mode="get_or_create")
print("a line of output")
print("a line of errors", file=sys.stderr)
experiment.log_metric("m", 1.0, step=1)
experiment.end()
print("RESULT " + json.dumps({"key": experiment.get_key()}))
