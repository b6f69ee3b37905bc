# SPDX-License-Identifier: Apache-2.0
"""What worker processes cost: one more of them, and a whole job that runs both ends in them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import measure
from bench_context import REPOSITORY, Context
from bench_load import _on_fresh_server, _rate
from bench_load import _host as _load

COPIES = 8
ROUNDS = 20


def bench(context: Context) -> dict:
    data = context.archive("medium" if not context.quick else "many")
    rows = {"no foreign plugin": _list(context, 0), f"{COPIES} foreign plugins": _list(context, COPIES)}
    each = (rows[f"{COPIES} foreign plugins"]["wall"] - rows["no foreign plugin"]["wall"]) / COPIES
    for name, flag in (("job in process", "--in-process"), ("job isolated", "--isolate")):
        rows[name] = _on_fresh_server(context, name, lambda c, d, u, f=flag: _load(c, d, u, f), data)
    return {
        "rows": rows,
        "ratios": {
            "start of a worker : 15 ms (at most 1)": each / 0.015,
            "isolated points/s : in-process points/s (at least 0.9)": _rate(rows["job isolated"])
            / _rate(rows["job in process"]),
        },
    }


def _list(context: Context, copies: int) -> dict:
    """`host plugin list` describes each foreign plugin in a worker of its own, one after the other."""
    host = context.host()
    folder = context.folder("plugins")
    for number in range(copies):
        _build(folder, f"fragile-{number}")
    host.environment["HOST_PLUGIN_PATH"] = str(folder)
    command = [str(context.binary), "plugin", "list"]
    found = [measure.run(command, host.folder / "use", host.env()) for _ in range(ROUNDS)]
    if copies and f"fragile-{copies - 1}" not in found[0].out:
        raise RuntimeError(f"not all were listed:\n{found[0].out}\n{found[0].err}")
    return {
        "wall": measure.median([f.wall for f in found]),
        "cpu": measure.median([f.cpu for f in found]),
        "peak_mib": max(f.peak_mib for f in found),
    }


def _build(folder: Path, name: str) -> None:
    source = folder / f"{name}.c"
    text = (REPOSITORY / "Tests" / "EndToEnd" / "plugins" / "fragile.c").read_text()
    source.write_text(text.replace('HOST_TEXT("fragile")', f'HOST_TEXT("{name}")'))
    include = REPOSITORY / "plugin-sdk" / "include"
    library = folder / f"libhost-plugin-{name}.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-I", include, "-o", library, source], check=True)
