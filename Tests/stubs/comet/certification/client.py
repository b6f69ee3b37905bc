# SPDX-License-Identifier: Apache-2.0
"""The real client in a venv of its own, and programs run with it against a server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ..server import CometServer

HERE = Path(__file__).resolve().parent
LIMIT = 240  # seconds for one program
COMPLAINT = re.compile(r"COMET (WARNING|ERROR|CRITICAL)|Traceback|\w+Warning\b|\bERROR\b")
# What the client says of its use, not of the server.
USUAL = (
    "You are trying to log string value as a metric",
    "sampling operation has been skipped",
)


@dataclass
class Ran:
    code: int
    text: str
    began: int
    ended: int

    @property
    def result(self) -> dict:
        lines = [line for line in self.text.splitlines() if line.startswith("RESULT ")]
        return json.loads(lines[-1].removeprefix("RESULT ")) if lines else {}

    @property
    def window(self) -> tuple[int, int]:
        return self.began, self.ended

    def complaints(self, allowed: tuple[str, ...] = ()) -> list[str]:
        said = [line for line in self.text.splitlines() if not line.startswith("RESULT ")]
        return [
            line
            for line in said
            if COMPLAINT.search(line) and not any(known in line for known in (*USUAL, *allowed))
        ]


class Client:
    def __init__(self, folder: Path, version: str):
        self.folder, self.version = folder, version

    def install(self) -> None:
        marker = self.folder / f"comet_ml-{self.version}.installed"
        if marker.exists():
            return
        subprocess.run([sys.executable, "-m", "venv", str(self.folder)], check=True, timeout=120)
        pip = [
            str(self.folder / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        # Pillow makes the preview of a 3D scene, without which the client calls it an error.
        subprocess.run([*pip, f"comet_ml=={self.version}", "pillow"], check=True, timeout=600)
        marker.touch()

    def python(self, server: CometServer, scratch: Path, program: str, *arguments, **settings: str) -> Ran:
        command = [str(self.folder / "bin" / "python"), str(HERE / program), *map(str, arguments)]
        return self._run(server, scratch, command, settings)

    def comet(self, server: CometServer, scratch: Path, *arguments) -> Ran:
        command = [str(self.folder / "bin" / "comet"), *map(str, arguments)]
        return self._run(server, scratch, command, {})

    def _run(self, server: CometServer, scratch: Path, command: list[str], settings: dict[str, str]) -> Ran:
        scratch.mkdir(parents=True, exist_ok=True)
        # A home of its own: a config file of the user must not send anything elsewhere.
        environment = {"PATH": os.environ["PATH"], "HOME": str(scratch), "PYTHONDONTWRITEBYTECODE": "1"}
        environment |= {"COMET_URL_OVERRIDE": server.client_url, "COMET_API_KEY": server.api_key}
        began = int(time.time() * 1000)
        done = subprocess.run(
            ["nice", "-n", "15", *command],
            cwd=scratch,
            env=environment | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LIMIT,
        )
        return Ran(done.returncode, done.stdout.decode("utf-8", "replace"), began, int(time.time() * 1000))
