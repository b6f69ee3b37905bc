#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for Comet, for `host plugin test`: prints COMET=url and `ready`, ends when standard input closes."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "Tests" / "stubs"))

from comet import CometServer  # noqa: E402


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="comet-conformance-") as folder:
        with CometServer(Path(folder), workspace="conformance", api_key="conformance-key") as server:
            print(f"COMET={server.client_url}", flush=True)
            print("ready", flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main()
