# SPDX-License-Identifier: Apache-2.0
"""Plugins that break down cost one unit, are named, and leave the job running."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest
from checks import assert_equal, assert_exit
from host_command import REPOSITORY, HostCommand

WAYS = {
    "segfault": "crashed (SIGSEGV)",
    "abort": "crashed (SIGABRT)",
    "trap": "crashed (SIGILL)",
    "exit": "exit code 3",
    "hang": "no sign of life",
    "leak": "MiB of memory",
}


@pytest.fixture(scope="session")
def plugins(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("plugins")
    source = Path(__file__).parent / "plugins" / "fragile.c"
    command = ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC"]
    include = REPOSITORY / "plugin-sdk" / "include"
    subprocess.run([*command, "-I", include, "-o", folder / "libhost-plugin-fragile.so", source], check=True)
    return folder


@pytest.fixture
def host(tmp_path, plugins) -> HostCommand:
    return HostCommand(tmp_path / "command", HOST_PLUGIN_PATH=str(plugins))


def run(host: HostCommand, data: Path, out: Path, *more: str):
    return host(
        "run", "--from", f"parquet:{data}", "--to", f"fragile:{out}", "--job-dir", str(host.job_dir), "--json",
        "--progress", "none", "--transfers", "2", "--plugin-timeout", "2", "--plugin-memory", "300MiB", *more,
    )  # fmt: skip


def lines(out: Path) -> list[str]:
    return sorted(out.read_text().splitlines()) if out.exists() else []


@pytest.fixture
def units(host, fixtures, tmp_path) -> list[str]:
    """What an undisturbed run writes."""
    out = tmp_path / "sound.txt"
    assert_exit(run(host, fixtures / "neptune2" / "data", out), 0)
    assert len(lines(out)) > 3
    return lines(out)


@pytest.mark.parametrize("how", WAYS)
def test_breakdown_costs_one_unit(host, fixtures, tmp_path, units, how):
    out = tmp_path / "out.txt"
    victim = units[1].split()[0]
    options = ["--to-opt", f"at={victim}", "--to-opt", f"how={how}"]
    done = run(host, fixtures / "neptune2" / "data", out, *options)
    assert_exit(done, 65)
    assert done.summary["units"]["failed"] == 1, done.told()
    assert done.summary["units"]["complete"] == len(units) - 1, done.told()
    assert lines(out) == [line for line in units if line.split()[0] != victim]
    report = (Path(done.summary["folder"]) / "report.json").read_text()
    for text in (done.err, report):
        assert "'fragile' 1.2" in text and WAYS[how] in text and "in its call write" in text, text[-2000:]


def test_breakdown_that_passes_costs_nothing(host, fixtures, tmp_path, units):
    out = tmp_path / "out.txt"
    victim = units[1].split()[0]
    options = ["--to-opt", f"at={victim}", "--to-opt", "how=segfault", "--to-opt", f"once={tmp_path / 'once'}"]
    done = run(host, fixtures / "neptune2" / "data", out, *options)
    assert_exit(done, 0)
    assert (tmp_path / "once").exists() and lines(out) == units, done.told()


def test_foreign_plugins_are_isolated_and_others_on_request(host, fixtures, tmp_path, units):
    """A worker is a process of its own: in this process the breakdown would end the host."""
    options = ["--to-opt", f"at={units[1].split()[0]}", "--to-opt", "how=abort", "--in-process"]
    done = run(host, fixtures / "neptune2" / "data", tmp_path / "out.txt", *options)
    assert done.code == -signal.SIGABRT, done.told()


def test_workers_end_with_a_killed_host(host, fixtures, tmp_path, units):
    victim = units[1].split()[0]
    process = host.start(
        "run", "--isolate", "--from", f"parquet:{fixtures / 'neptune2' / 'data'}", "--to", f"fragile:{tmp_path / 'o'}",
        "--job-dir", str(host.job_dir), "--to-opt", f"at={victim}", "--to-opt", "how=hang", "--progress", "none",
    )  # fmt: skip
    deadline = time.monotonic() + 60
    workers: set[int] = set()
    while not workers and time.monotonic() < deadline:
        workers = children(process.pid)
        time.sleep(0.05)
    time.sleep(1)
    workers = children(process.pid)
    assert workers
    process.kill()
    process.wait()
    while any(alive(pid) for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in workers)


def children(pid: int) -> set[int]:
    tasks = Path(f"/proc/{pid}/task")
    return {int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()}


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_isolated_job_on_a_server_leaves_the_same(server, archive, tmp_path):
    """The HTTP service, blobs, losses and cancelling cross to the worker: MLflow's loader writes as it does here."""
    host = HostCommand(tmp_path / "command")
    data = archive("small")
    done = host(
        "run", "--isolate", "--from", f"parquet:{data}", "--to", f"mlflow:{server.url}", "--json", "--progress", "none",
        "--job-dir", str(host.job_dir),
    )  # fmt: skip
    again = host(
        "run", "--from", f"parquet:{data}", "--to", f"mlflow:{server.url}", "--json", "--progress", "none",
        "--job-dir", str(tmp_path / "other-jobs"),
    )  # fmt: skip
    assert done.code == again.code, done.told() + again.told()
    assert again.summary["units"]["complete"] == 0 and again.summary["units"]["skipped"] == done.summary["units"]["seen"]
    assert_equal(data, server.url, done.losses)
