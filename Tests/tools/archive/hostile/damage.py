# SPDX-License-Identifier: Apache-2.0
"""Damaged files, odd parts, odd columns."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from ..layout import part_file
from ..profiles import START_MS
from ..rows import RunRows, batch
from .case import ABSENT, ARRIVES, EITHER, FAILS, case


def plain(project: str, run: str, points: int = 50) -> RunRows:
    rows = RunRows(project, run).system("base", START_MS).param("lr", "float", 0.5)
    for step in range(points):
        rows.point("loss", step, START_MS + step, 1.0 / (step + 1))
    return rows


@case(FAILS)
def truncated_parquet(out, rng, project):
    """A part cut at 60 % of its bytes, as after a full disk."""
    file = out.part(project, "cut", [plain(project, "cut", 5_000).batch()])
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 6 // 10])


@case(FAILS)
def truncated_second_part(out, rng, project):
    """Part 0 is whole, part 1 is cut: the run must not count as complete."""
    out.part(project, "half", [plain(project, "half").batch()])
    tail = RunRows(project, "half")
    for step in range(1_000):
        tail.point("late", step, START_MS + step, float(step))
    file = out.part(project, "half", [tail.batch()], part=1)
    file.write_bytes(file.read_bytes()[:-200])


@case(FAILS)
def zero_byte_parquet(out, rng, project):
    """A part of no bytes."""
    out.part(project, "empty-file", [plain(project, "empty-file").batch()]).write_bytes(b"")


@case(FAILS)
def damaged_page(out, rng, project):
    """The footer is right, bytes of the data pages are overwritten."""
    file = out.part(project, "page", [plain(project, "page", 20_000).batch()])
    content = bytearray(file.read_bytes())
    for position in range(200, len(content) // 2, 97):
        content[position] ^= 0xFF
    file.write_bytes(bytes(content))


@case(FAILS)
def wrong_column_types(out, rng, project):
    """Steps as text, values as 32-bit integers."""
    target = part_file(out.data, project, "types", 0)
    target.parent.mkdir(parents=True, exist_ok=True)
    count = 4
    table = pa.table(
        {
            "project_id": [project] * count,
            "run_id": ["types"] * count,
            "attribute_path": ["loss"] * count,
            "attribute_type": ["float_series"] * count,
            "step": ["0", "1", "2", "x"],
            "timestamp": pa.array(range(count), pa.timestamp("ms", tz="UTC")),
            "float_value": pa.array(range(count), pa.int32()),
        }
    )
    pq.write_table(table, target)


@case(ARRIVES, silent=True)
def absent_columns(out, rng, project):
    """Only the columns in use: the others read as null."""
    run = f"{project} narrow"
    target = part_file(out.data, project, run, 0)
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = RunRows(project, run).param("note", "string", "five columns").batch()
    keep = ["project_id", "run_id", "attribute_path", "attribute_type", "string_value"]
    pq.write_table(pa.Table.from_batches([rows]).select(keep), target)


@case(ARRIVES, silent=True)
def extra_columns(out, rng, project):
    """Columns nobody knows, and a column order of its own."""
    target = part_file(out.data, project, "wide", 0)
    target.parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_batches([plain(project, "wide").batch()])
    table = table.append_column("zz_future", pa.nulls(table.num_rows, pa.map_(pa.string(), pa.int8())))
    table = table.append_column("row_number", pa.array(range(table.num_rows)))
    pq.write_table(table.select(sorted(table.column_names, reverse=True)), target)


@case(ARRIVES, silent=True)
def several_parts(out, rng, project):
    """Three parts; one metric goes on from part to part, one series too."""
    for part in range(3):
        rows = plain(project, "parts", 0) if part == 0 else RunRows(project, "parts")
        for step in range(part * 40, part * 40 + 40):
            rows.point("loss", step, START_MS + step, step / 7).line(
                "log", step, START_MS + step, f"line {step}"
            )
        out.part(project, "parts", [rows.batch()], part=part)


@case(EITHER, "part.missing")
def part_gap(out, rng, project):
    """Parts 0 and 2, no part 1: rows are missing that nobody can bring back."""
    out.part(project, "gap", [plain(project, "gap").batch()])
    tail = RunRows(project, "gap").point("late", 0, START_MS, 1.0)
    out.part(project, "gap", [tail.batch()], part=2)


@case(EITHER, "part.missing", "unit.")
def no_part_zero(out, rng, project):
    """Only part 1: the exporter renames part 0 last, so the export never ended."""
    out.part(project, "headless", [plain(project, "headless").batch()], part=1)


@case(ABSENT)
def tmp_leftover(out, rng, project):
    """An interrupted export: the only part still has its working name."""
    file = out.part(project, "unfinished", [plain(project, "unfinished").batch()])
    file.rename(file.with_name(file.name + ".tmp"))


@case(ARRIVES, silent=True)
def part_in_id(out, rng, project):
    """Run ids that look like names of parts."""
    for run in ("sweep_part_0", "a_part_0_b", "x_part_3.parquet"):
        out.part(project, run, [plain(project, run).batch()])


@case(EITHER, "unit.", "row.")
def mixed_ids(out, rng, project):
    """Rows of a second run in a file that is named for the first."""
    out.part(project, "first", [plain(project, "first").batch(), plain(project, "second").batch()])


@case(EITHER, "unit.", "row.", silent=True)
def no_rows(out, rng, project):
    """A part with the right schema and no row: not even an id."""
    out.part(project, "void", [batch([])])


@case(ARRIVES, silent=True)
def padding_rows(out, rng, project):
    """Rows without any value: they pad, and are not data."""
    rows = plain(project, "padded")
    for kind in ("int", "float", "string", "bool", "datetime", "string_set", "file", "file_series"):
        rows.add(f"padding/{kind}", kind)
    rows.param("padding/int", "int", 7)
    out.part(project, "padded", [rows.batch()])


@case(EITHER, "type.unknown")
def unknown_types(out, rng, project):
    """Attribute types that do not exist, and none at all."""
    rows = (
        plain(project, "unknown")
        .add("code/git", "git_ref", string_value="abc")
        .add("odd", "FLOAT", float_value=1.0)
    )
    rows.rows.append({**rows.rows[-1], "attribute_path": "typeless", "attribute_type": None})
    out.part(project, "unknown", [rows.batch()])


@case(ARRIVES, silent=True)
def shuffled_row_groups(out, rng, project):
    """Rows in no order, in many small row groups."""
    rows = plain(project, "shuffled", 500).rows
    rows = [rows[i] for i in rng.permutation(len(rows))]
    out.part(project, "shuffled", [batch(rows[i : i + 37]) for i in range(0, len(rows), 37)])
