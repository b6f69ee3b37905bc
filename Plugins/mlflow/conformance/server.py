#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A private MLflow server for `host plugin test`: prints MLFLOW=url and `ready`, ends when standard input closes."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "Tests" / "tools"))

from mlflow_server import MlflowServer  # noqa: E402


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="mlflow-conformance-") as folder:
        with MlflowServer(Path(folder)) as server:
            print(f"MLFLOW={server.url}", flush=True)
            print("ready", flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main()
