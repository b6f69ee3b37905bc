#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Certifies the stub: the real Comet client logs all kinds of things and reads them back, nothing differs."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from comet.certification.client import Client  # noqa: E402
from comet.certification.findings import Findings  # noqa: E402
from comet.certification.scenarios import SCENARIOS, Scenarios  # noqa: E402
from comet.server import CometServer  # noqa: E402

VERSION = "3.58.8"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--venv", type=Path, required=True, help="folder for the client's venv, made when missing"
    )
    parser.add_argument("--version", default=VERSION, help="of comet_ml")
    parser.add_argument("--folder", type=Path, help="kept afterwards; default: a folder that is removed")
    parser.add_argument("scenario", nargs="*", choices=[*SCENARIOS, []], help="default: all")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    client, findings = Client(given.venv.resolve(), given.version), Findings()
    client.install()
    with tempfile.TemporaryDirectory(prefix="comet-certify-") as scratch:
        folder = (given.folder or Path(scratch)).resolve()
        scenarios = Scenarios(client, folder, findings)
        for name in given.scenario or SCENARIOS:
            began, findings.scenario = time.monotonic(), name
            with CometServer(folder / name / "server", **SCENARIOS[name]) as server:
                try:
                    getattr(scenarios, name)(server, folder / name / "client")
                except (LookupError, OSError, subprocess.SubprocessError) as error:
                    findings.true(f"the scenario ended early: {error!r}", False)
                requests = len(server.requests())
            print(f"{name}: {requests} requests, {time.monotonic() - began:.1f} s", flush=True)
    print(f"comet_ml {given.version}: {findings.checked} checks, {len(findings.differences)} differences")
    return 1 if findings.differences else 0


if __name__ == "__main__":
    sys.exit(main())
