# SPDX-License-Identifier: Apache-2.0
"""How long it takes until help is there, and the list of plugins."""

from __future__ import annotations

import measure
from bench_context import Context

ROUNDS = 30


def bench(context: Context) -> dict:
    commands = {"host --help": ["--help"], "host plugin list": ["plugin", "list"]}
    rows = {}
    for name, arguments in commands.items():
        host = context.host()
        command = [str(context.binary), *arguments]
        found = [measure.run(command, host.folder / "use", host.env()) for _ in range(ROUNDS)]
        rows[name] = {
            "wall": measure.median([f.wall for f in found]),
            "cpu": measure.median([f.cpu for f in found]),
            "peak_mib": max(f.peak_mib for f in found),
        }
    return {
        "rows": rows,
        "ratios": {
            "help : 30 ms (at most 1)": rows["host --help"]["wall"] / 0.030,
            "plugin list : 100 ms (at most 1)": rows["host plugin list"]["wall"] / 0.100,
        },
    }
