# SPDX-License-Identifier: Apache-2.0
"""Servers, archives and commands for the end-to-end tests. HOST_SEED chooses the seed; it is printed."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from host_command import HostCommand, binary
from make_archive import make
from mlflow_server import MlflowServer

SEED = int(os.environ.get("HOST_SEED", "20250106"))
_numbers = itertools.count(1)


def pytest_report_header(config):
    return f"seed: {SEED} (HOST_SEED), command: {binary()}"


def pytest_collection_modifyitems(items):
    for item in items:
        if not item.get_closest_marker("slow") and not item.get_closest_marker("tools"):
            item.add_marker(pytest.mark.quick)
        if not item.get_closest_marker("tools") and not binary().exists():
            item.add_marker(pytest.mark.skip(reason=f"{binary()} is not built"))


@pytest.fixture(scope="session")
def fixtures() -> Path:
    return Path(__file__).resolve().parents[1] / "Fixtures" / "neptune-exports"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One for all tests that can share: their archives have project ids of their own."""
    with MlflowServer(tmp_path_factory.mktemp("server")) as one:
        yield one


@pytest.fixture
def own_server(tmp_path):
    """A fresh one, to be killed, restarted or searched through."""
    with MlflowServer(tmp_path / "own-server") as one:
        yield one


@pytest.fixture(scope="session")
def auth_server(tmp_path_factory):
    with MlflowServer(tmp_path_factory.mktemp("auth-server"), auth=True) as one:
        yield one


@pytest.fixture
def proxy(server, tmp_path):
    with FaultProxy(server.url, log=tmp_path / "requests.jsonl", seed=SEED) as one:
        yield one


@pytest.fixture
def host(tmp_path) -> HostCommand:
    return HostCommand(tmp_path / "command")


@pytest.fixture
def archive(tmp_path):
    """Makes an archive whose project ids no other test uses."""

    def build(profile: str = "small", seed: int = SEED, only: list[str] | None = None) -> Path:
        number = next(_numbers)
        root = tmp_path / f"archive-{number}"
        make(profile, root, seed, prefix=f"t{number}-{os.getpid()}-", only=only)
        return root / "data"

    return build
