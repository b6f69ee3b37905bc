# SPDX-License-Identifier: Apache-2.0
"""How many rows the tables must have that neptune-query makes for pandas."""

from __future__ import annotations

from typing import Any


def differences(wanted: list[tuple[str, dict]], found: list[tuple[str, dict]], data: Any) -> list[str]:
    made = [row for table, row in found if table == "frames"]
    texts = []
    for row in made:
        right = _rows(row["call"], [(t, r) for t, r in wanted if r.get("project") == row["project"]])
        if right != row["rows"]:
            texts.append(f"{row['call']} of {row['project']}: {row['rows']} rows instead of {right}")
    if data.generation == 3 and not made:
        texts.append("no table was read")
    return texts


def _rows(call: str, wanted: list[tuple[str, dict]]) -> int:
    units = [row for table, row in wanted if table == "units"]
    fields = {(row["unit"], row["path"]): row["value"] for table, row in wanted if table == "fields"}
    if call == "fetch_runs_table":
        return len(units)
    if call == "fetch_metrics":
        rows = [row for table, row in wanted if table == "points" and row["path"].startswith("metrics/")]
        return len({(row["unit"], row["step"]) for row in rows if row["own"] and not row["preview"]})
    if call == "fetch_series":
        rows = [row for table, row in wanted if table == "series" and row["path"].startswith("logs/")]
        return len({(row["unit"], row["step"]) for row in rows if row["own"]})
    if call == "list_runs not archived":
        return sum(1 for row in units if not row["archived"] and (row["unit"], "config/lr") in fields)
    if call == "list_experiments":
        heads = [row["unit"] for row in units if fields[(row["unit"], "sys/experiment/is_head")]]
        return len(heads)
    raise ValueError(call)
