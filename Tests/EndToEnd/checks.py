# SPDX-License-Identifier: Apache-2.0
"""Assertions that several tests share."""

from __future__ import annotations

from pathlib import Path

from compare_mlflow import compare
from host_command import Finished

# Losses by which nothing of a record is gone or changed: what is told for completeness.
NOTES = ("value.as_text", "fork.flattened", "row.empty", "text.escaped", "file.name-other")


def beside_notes(losses: dict[str, int]) -> dict[str, int]:
    return {code: count for code, count in losses.items() if code not in NOTES}


def assert_equal(data: Path, url: str, losses: dict[str, int], **more) -> None:
    """The target holds the archive, and each difference is told as a loss."""
    found = compare(data, url, **more)
    bad = found.unexplained(losses)
    examples = {kind: found.examples[kind] for kind in bad}
    assert not bad, f"{bad}\n{examples}\nlosses told: {losses}"
    assert found.compared["runs"] > 0


def assert_exit(done: Finished, *codes: int) -> Finished:
    assert done.code in codes, done.told()
    return done


def assert_balanced(summary: dict) -> None:
    """Each record read was written or is lost, and every loss is told by a code."""
    for table, count in summary["records"].items():
        assert count["read"] == count["written"] + count["lost"], f"{table}: {count}"
        assert not count["lost"] or summary["losses"], f"{table}: {count}, and no loss is told"


def describe_writes(entries: list[dict]) -> str:
    return "\n".join(f"{e['method']} {e['path']} → {e['status']}" for e in entries[:20])
