# SPDX-License-Identifier: Apache-2.0
"""Serves until interrupted: prints what a client needs, and at the end writes the state into the folder."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import threading
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from comet.server import CometServer  # noqa: E402
from comet.state import canonical  # noqa: E402


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A stand-in for a Comet server.")
    parser.add_argument("--folder", type=Path, help="kept afterwards; default: a folder that is removed")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--workspace", default="team")
    parser.add_argument("--api-key", default="", help="default: a random one, printed")
    parser.add_argument("--lenient", action="store_true", help="only list what a typed server would refuse")
    parser.add_argument("--rates", action="store_true", help="Comet's published rates")
    parser.add_argument(
        "--direct-upload", action="store_true", help="large assets go in parts to object storage"
    )
    parser.add_argument("--sample", type=int, default=15_000, help="points a metric that reads give")
    return parser.parse_args()


def main() -> None:
    given, ended = arguments(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with tempfile.TemporaryDirectory(prefix="comet-server-") as scratch:
        server = CometServer(
            given.folder or Path(scratch),
            given.port,
            given.workspace,
            rates=given.rates,
            api_key=given.api_key,
            strict=not given.lenient,
            direct_upload=given.direct_upload,
            sample=given.sample,
        )
        with server:
            about = {"url": server.url, "client_url": server.client_url, "workspace": server.workspace}
            print(json.dumps({**about, "api_key": server.api_key}), flush=True)
            ended.wait()
            (server.folder / "state.json").write_text(canonical(server.state()), encoding="utf-8")


if __name__ == "__main__":
    main()
