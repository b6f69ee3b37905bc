# SPDX-License-Identifier: Apache-2.0
"""Loading into MLflow: raw requests, the host, a plain client loop; each on a fresh server."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import measure
from bench_context import TOOLS, Context
from compare_mlflow import compare
from mlflow_server import MlflowServer
from raw_load import raw_load


def bench(context: Context) -> dict:
    data = context.archive("medium" if not context.quick else "many")
    ways = {"raw": _raw, "host": _host, "client loop": _reference}
    rows = {name: _on_fresh_server(context, name, way, data) for name, way in ways.items()}
    raw, host, loop = (rows[n] for n in ("raw", "host", "client loop"))
    return {
        "rows": rows,
        "ratios": {
            "host points/s : raw points/s (at least 0.9)": _rate(host) / _rate(raw),
            "raw server CPU : host server CPU": raw["server_cpu"] / host["server_cpu"],
            "client loop wall : host wall": loop["wall"] / host["wall"],
            "host client CPU : raw client CPU": host["cpu"] / max(raw["cpu"], 1e-9),
        },
    }


def _rate(row: dict) -> float:
    return row["points"] / row["wall"]


def _on_fresh_server(context: Context, name: str, way, data: Path) -> dict:
    with MlflowServer(context.folder(f"server-{name}"), workers=context.workers) as server:
        before = server.cpu_seconds()
        row = way(context, data, server.url)
        row["server_cpu"] = server.cpu_seconds() - before
        row["points_per_second"] = _rate(row)
        if "losses" in row and context.check:
            bad = compare(data, server.url).unexplained(row.pop("losses"))
            if bad:
                raise RuntimeError(f"fast, but wrong: {bad}")
        row.pop("losses", None)
        return row


def _raw(context: Context, data: Path, url: str) -> dict:
    return raw_load(data, url, connections=4)


def _host(context: Context, data: Path, url: str, *more: str) -> dict:
    host = context.host()
    command = host.run_arguments(data, f"mlflow:{url}", "--transfers", str(context.transfers), *more)
    usage = measure.run([str(context.binary), *command], host.folder / "use", host.env())
    last = json.loads(usage.out.strip().splitlines()[-1])
    return usage.numbers() | {"points": last["records"]["points"]["written"], "losses": last["losses"]}


def _reference(context: Context, data: Path, url: str) -> dict:
    usage = measure.run(
        [sys.executable, str(TOOLS / "reference_load.py"), str(data), url], context.folder("loop")
    )
    last = json.loads(usage.out.strip().splitlines()[-1])
    return usage.numbers() | {"points": last["records"]["points"]["written"]}
