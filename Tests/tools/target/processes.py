# SPDX-License-Identifier: Apache-2.0
"""CPU time and memory of processes, from /proc."""

from __future__ import annotations

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(session: int) -> float:
    """User and system time of the living processes of a session, and of the children they have waited for."""
    total = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(") ", 1)[1].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[3]) == session:
            total += sum(int(f) for f in fields[11:15])
    return total / _TICK


def peak_rss_bytes(pid: int) -> int:
    """The high-water mark of resident memory; 0 once the process is gone."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
