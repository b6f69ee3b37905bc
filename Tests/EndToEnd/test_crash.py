# SPDX-License-Identifier: Apache-2.0
"""kill -9 of the command and of the server: run again, and all is as if nothing had happened."""

from __future__ import annotations

import random
import signal
import subprocess
import time

import pytest
from checks import assert_equal, assert_exit
from conftest import SEED
from fault_proxy import FaultProxy
from host_command import HostCommand
from mlflow_server import MlflowServer
from target.snapshot import snapshot

pytestmark = pytest.mark.slow
KILLS = 25


def start(host: HostCommand, data, url: str) -> subprocess.Popen:
    arguments = host.run_arguments(data, f"mlflow:{url}", "--transfers", "2")
    return host.start(*arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for_requests(proxy: FaultProxy, count: int, process: subprocess.Popen) -> None:
    """Until the proxy has answered that many requests, or the command has ended."""
    limit = time.monotonic() + 120
    while len(proxy.entries) < count and process.poll() is None:
        assert time.monotonic() < limit, f"{len(proxy.entries)} requests, not {count}"
        time.sleep(0.001)


def test_kill_at_random_moments(archive, own_server, tmp_path, host):
    data = archive("many")
    rng = random.Random(SEED)
    with FaultProxy(own_server.url) as proxy:
        killed = 0
        for _ in range(KILLS):
            process = start(host, data, proxy.url)
            # Some kills come while a request is under way, some before the first.
            wait_for_requests(proxy, len(proxy.entries) + rng.randrange(0, 24), process)
            time.sleep(rng.random() * 0.02)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                killed += 1
            process.wait()
        print(f"seed {SEED}: {killed} of {KILLS} commands were killed, {len(proxy.entries)} requests")
        done = assert_exit(host.run(data, f"mlflow:{proxy.url}"), 0)
    assert killed >= KILLS // 2, "the archive is too small for this test"
    assert_equal(data, own_server.url, done.losses)
    with MlflowServer(tmp_path / "undisturbed") as other:
        assert_exit(HostCommand(tmp_path / "undisturbed-command").run(data, f"mlflow:{other.url}"), 0)
        assert snapshot(own_server.url) == snapshot(other.url)


def test_kill_into_archive(archive, tmp_path):
    """The same for a target of files: no part is doubled, none is half."""
    from archive_rows import assert_same_archive

    data = archive("medium")
    rng = random.Random(SEED + 1)
    host = HostCommand(tmp_path / "killed")
    out = tmp_path / "out" / "data"
    killed = 0
    for _ in range(KILLS):
        process = host.start(*host.run_arguments(data, f"parquet:{out}"), stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)  # fmt: skip
        time.sleep(0.02 + rng.random() * 0.15)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    print(f"seed {SEED + 1}: {killed} of {KILLS} commands were killed")
    assert killed >= 5, "the archive is too small for this test"
    assert_exit(host.run(data, f"parquet:{out}"), 0)
    assert_same_archive(data, out)
    assert not list(out.rglob("*.tmp")), "working files are left"


@pytest.mark.parametrize("moment", [5, 40, 120])
def test_server_dies_and_comes_back(archive, own_server, host, moment):
    data = archive("many")
    with FaultProxy(own_server.url) as proxy:
        process = start(host, data, proxy.url)
        wait_for_requests(proxy, moment, process)
        own_server.kill()
        own_server.start()
        code = process.wait(timeout=600)
        assert code in (0, 65, 69, 75), code
        done = assert_exit(host.run(data, f"mlflow:{proxy.url}"), 0)
    assert_equal(data, own_server.url, done.losses)


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_polite_stop(archive, own_server, host, name):
    """One signal: what is in flight is finished, the state is saved, the exit code says which."""
    data = archive("many")
    with FaultProxy(own_server.url) as proxy:
        process = host.start(*host.run_arguments(data, f"mlflow:{proxy.url}"))
        wait_for_requests(proxy, 60, process)
        process.send_signal(name)
        process.communicate(timeout=60)
        assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[name]
        seen = len(proxy.entries)
        done = assert_exit(host.run(data, f"mlflow:{proxy.url}"), 0)
        assert len(proxy.entries) > seen
    assert_equal(data, own_server.url, done.losses)
