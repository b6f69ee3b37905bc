#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A stub of Neptune 3 for `host plugin test`: prints NEPTUNE_TOKEN=token and `ready`, ends when standard input
closes."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "Tests" / "stubs" / "neptune"))

from neptune_stub.pages import PageCaps  # noqa: E402
from neptune_stub.server import NeptuneServer  # noqa: E402


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="neptune-conformance-") as folder:
        # Pages that are small enough for each unit to have several.
        with NeptuneServer(Path(folder), caps=PageCaps(objects=500)) as server:
            print(f"NEPTUNE_TOKEN={server.api_token}", flush=True)
            print("ready", flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main()
