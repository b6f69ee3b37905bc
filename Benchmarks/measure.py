# SPDX-License-Identifier: Apache-2.0
"""Runs a command and tells what it used: wall and CPU seconds, the highest resident memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import bench_context  # noqa: F401  (finds the test tools)
from target.processes import peak_rss_bytes


@dataclass
class Usage:
    wall: float
    cpu: float
    peak_mib: float
    code: int
    out: str
    err: str

    def numbers(self) -> dict:
        return {k: round(v, 4) for k, v in asdict(self).items() if k in ("wall", "cpu", "peak_mib")}


def run(
    command: list[str], scratch: Path, env: dict[str, str] | None = None, expect: tuple[int, ...] = (0,)
) -> Usage:
    scratch.mkdir(parents=True, exist_ok=True)
    with open(scratch / "out", "w+") as out, open(scratch / "err", "w+") as err:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, env=env)
        peak = PeakMemory(process.pid)
        # wait4 tells the use of this child alone, and of the children it waited for.
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        cpu = used.ru_utime + used.ru_stime
        usage = Usage(wall, cpu, peak.end() / 2**20, process.returncode, out.read(), err.read())
    if usage.code not in expect:
        raise RuntimeError(f"exit {usage.code}: {command}\n{usage.out[-1000:]}\n{usage.err[-3000:]}")
    return usage


class PeakMemory:
    """Follows the kernel's high-water mark of a process. wait4's figure is of no use: it begins with the
    memory of the process that started the command."""

    def __init__(self, pid: int):
        self.pid, self.peak = pid, 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._follow, daemon=True)
        self.thread.start()

    def end(self) -> int:
        self.over.set()
        self.thread.join()
        return self.peak

    def _follow(self) -> None:
        while not self.over.wait(0.005):
            self.peak = max(self.peak, peak_rss_bytes(self.pid))


def median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
