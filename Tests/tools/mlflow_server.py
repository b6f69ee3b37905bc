#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a real `mlflow server` in a private folder; from Python a context manager, from a shell a command
that prints the URL and serves until interrupted."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from target.processes import cpu_seconds

START_LIMIT = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class MlflowServer:
    """Owns its process group and its folder, and ends nothing else. `start` after `kill` or `stop` takes the
    same port, store and artifacts again."""

    def __init__(self, folder: Path, workers: int = 1, port: int = 0, store: str = "", auth: bool = False):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.workers, self.port, self.auth = workers, port or free_port(), auth
        self.store = store or f"sqlite:///{self.folder.resolve()}/mlflow.db"
        self.artifacts = self.folder.resolve() / "artifacts"
        self.user, self.password = ("admin", secrets.token_urlsafe(24)) if auth else ("", "")
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "MlflowServer":
        return self.start()

    def __exit__(self, *_) -> None:
        self.stop()

    def start(self) -> "MlflowServer":
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                self._command(),
                cwd=self.folder,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            self._wait_until_healthy()
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As a crash: no server process gets to say a word."""
        self._end(signal.SIGKILL)

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process.pid) if self.process else 0.0

    def _command(self) -> list[str]:
        command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", self.store]
        command += ["--artifacts-destination", str(self.artifacts), "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", str(self.workers)]
        return command + (["--app-name", "basic-auth"] if self.auth else [])

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MLFLOW_")}
        kept |= {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        if self.auth:
            settings = self.folder.resolve() / "auth.ini"
            settings.write_text(
                "[mlflow]\ndefault_permission = READ\n"
                f"database_uri = sqlite:///{self.folder.resolve()}/auth.db\n"
                f"admin_username = {self.user}\nadmin_password = {self.password}\n"
                "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n"
            )
            settings.chmod(0o600)
            kept |= {
                "MLFLOW_AUTH_CONFIG_PATH": str(settings),
                "MLFLOW_FLASK_SERVER_SECRET_KEY": secrets.token_hex(16),
            }
        return kept

    def _wait_until_healthy(self) -> None:
        limit = time.monotonic() + START_LIMIT
        while time.monotonic() < limit:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(self.url + "/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        tail = (self.folder / "server.log").read_text(errors="replace")[-3000:]
        raise RuntimeError(f"mlflow server on port {self.port} did not become healthy:\n{tail}")

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self._signal_group(how)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            pass
        # Workers may outlive the parent; the group is ours alone.
        self._signal_group(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def _signal_group(self, how: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, how)
        except ProcessLookupError:
            pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="kept afterwards; default: a folder that is removed")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--store", default="", help="backend store URI; default: SQLite in the folder")
    parser.add_argument("--auth", action="store_true", help="basic auth; the password is in FOLDER/auth.ini")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="mlflow-server-") as scratch:
        folder = given.folder or Path(scratch)
        with MlflowServer(folder, given.workers, given.port, given.store, given.auth) as server:
            print(server.url, flush=True)
            try:
                server.process.wait()
            except KeyboardInterrupt:
                pass


if __name__ == "__main__":
    main()
