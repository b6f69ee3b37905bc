# SPDX-License-Identifier: Apache-2.0
"""The highest resident memory for one run of 20,000,000 points, in 20 row groups and in one."""

from __future__ import annotations

import measure
from bench_context import Context

LIMIT_MIB = 200


def bench(context: Context) -> dict:
    rows = {}
    for profile in ("big20m", "big20m-one-group") if not context.quick else ("medium",):
        data = context.archive(profile)
        for name, target in (("null", "null:"), ("archive", None)):
            host = context.host()
            goal = target or f"parquet:{host.folder / 'out' / 'data'}"
            command = host.run_arguments(data, goal, "--transfers", "1")
            usage = measure.run([str(context.binary), *command], host.folder / "use", host.env())
            rows[f"{profile} → {name}"] = usage.numbers()
            context.drop(host.folder / "out")
    worst = max(row["peak_mib"] for row in rows.values())
    return {"rows": rows, "ratios": {f"highest peak : {LIMIT_MIB} MiB (at most 1)": worst / LIMIT_MIB}}
