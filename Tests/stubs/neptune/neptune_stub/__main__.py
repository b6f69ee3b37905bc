# SPDX-License-Identifier: Apache-2.0
"""Serves until interrupted: prints the address and the API token, one a line.

python3 -m neptune_stub FOLDER [--profile small] [--seed 1] [--generation 3] [--port 0] [--expected]"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from . import expected
from .pages import PageCaps
from .profiles import PROFILES
from .server import NeptuneServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="neptune_stub", description=__doc__)
    parser.add_argument("folder", type=Path, help="for the log of requests; made if it is not there")
    parser.add_argument("--profile", choices=PROFILES, default="small")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--generation", type=int, choices=(2, 3), default=3)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token-seconds", type=int, default=3_600)
    parser.add_argument("--tiny-pages", action="store_true")
    parser.add_argument("--expected", action="store_true", help="writes FOLDER/expected/<table>.jsonl first")
    given = parser.parse_args()
    caps = PageCaps.tiny() if given.tiny_pages else PageCaps()
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    server = NeptuneServer(
        given.folder, given.profile, given.seed, given.generation, given.port, given.token_seconds, caps=caps
    )
    if given.expected:
        expected.write(server.data, given.folder / "expected")
    with server:
        print(server.url, server.api_token, sep="\n", flush=True)
        over.wait()
    sys.exit(0)


if __name__ == "__main__":
    main()
