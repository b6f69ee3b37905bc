# SPDX-License-Identifier: Apache-2.0
"""Runs the command under test, each time with a state folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
LIMIT = 600.0


def binary() -> Path:
    return Path(os.environ.get("HOST_BIN") or REPOSITORY / ".build" / "release" / "host")


@dataclass
class Finished:
    code: int
    out: str
    err: str

    @property
    def summary(self) -> dict:
        """The JSON object on the last line of standard output."""
        lines = self.out.strip().splitlines()
        if not lines:
            raise AssertionError(f"no output; exit {self.code}; standard error:\n{self.err[-2000:]}")
        return json.loads(lines[-1])

    @property
    def losses(self) -> dict[str, int]:
        return self.summary["losses"]

    def told(self) -> str:
        return f"exit {self.code}\n{self.out[-1500:]}\n{self.err[-3000:]}"


class HostCommand:
    """`folder` keeps state, jobs and temporary files: nothing of the user's home is read or written."""

    def __init__(self, folder: Path, **environment: str):
        self.folder = Path(folder)
        self.state = self.folder / "state"
        self.job_dir = self.folder / "jobs"
        for one in (self.state, self.job_dir):
            one.mkdir(parents=True, exist_ok=True)
        self.environment = environment

    def env(self) -> dict[str, str]:
        foreign = ("MLFLOW_", "HOST_", "NEPTUNE_", "XDG_")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(foreign) and "proxy" not in k.lower()}
        if plugins := os.environ.get("HOST_PLUGIN_PATH"):
            kept["HOST_PLUGIN_PATH"] = plugins
        return kept | {"HOST_STATE_DIR": str(self.state), "HOME": str(self.folder)} | self.environment

    def start(self, *arguments: str, **more) -> subprocess.Popen:
        return subprocess.Popen(
            [str(binary()), *arguments],
            env=self.env(),
            stdin=subprocess.DEVNULL,
            stdout=more.pop("stdout", subprocess.PIPE),
            stderr=more.pop("stderr", subprocess.PIPE),
            cwd=self.folder,
            **more,
        )

    def __call__(self, *arguments: str, limit: float = LIMIT) -> Finished:
        process = self.start(*arguments)
        try:
            out, err = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            told = err.decode(errors="replace")[-3000:]
            raise AssertionError(f"no end after {limit} s: {arguments}\n{told}") from None
        return Finished(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))

    def run_arguments(self, source: Path | str, target: str, *more: str, job: str = "job") -> list[str]:
        source = source if isinstance(source, str) else f"parquet:{source}"
        return ["run", "--from", source, "--to", target, "--job", job, "--job-dir", str(self.job_dir),
                "--json", "--progress", "none", *more]  # fmt: skip

    def run(
        self, source: Path | str, target: str, *more: str, job: str = "job", limit: float = LIMIT
    ) -> Finished:
        return self(*self.run_arguments(source, target, *more, job=job), limit=limit)
