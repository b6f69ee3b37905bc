# SPDX-License-Identifier: Apache-2.0
"""Forks, and runs without the rows that describe them."""

from __future__ import annotations

from ..profiles import START_MS
from ..rows import RunRows
from .case import ARRIVES, EITHER, case


def forked(out, project: str, run: str, parent: str | None, created_ms: int = START_MS) -> None:
    more = {} if parent is None else {"parent": parent, "fork_step": 3.5}
    rows = RunRows(project, run).system("forks", created_ms, **more)
    out.part(project, run, [rows.point("m", 1, created_ms, 1.0).batch()])


@case(ARRIVES, silent=True)
def no_system_rows(out, rng, project):
    """No `sys/` row at all: ids are in every row, so it is a run all the same."""
    run = f"{project} bare"
    rows = RunRows(project, run).param("lr", "float", 0.1).point("m", 0, START_MS, 1.0)
    out.part(project, run, [rows.batch()])


@case(ARRIVES, silent=True)
def system_rows_late(out, rng, project):
    """The `sys/` rows come last, in a second part."""
    rows = RunRows(project, "late")
    for step in range(200):
        rows.point("m", step, START_MS + step, float(step))
    out.part(project, "late", [rows.batch()])
    out.part(project, "late", [RunRows(project, "late").system("late", START_MS).batch()], part=1)


@case(ARRIVES, silent=True)
def child_before_parent(out, rng, project):
    """By name and by time the child comes first."""
    forked(out, project, "a-child", "z-parent", START_MS)
    forked(out, project, "z-parent", None, START_MS + 10**6)


@case(ARRIVES, silent=True)
def deep_forks(out, rng, project):
    """A chain of 30 forks, in no order by name."""
    order = [f"{int(n):02d}-run" for n in rng.permutation(30)]
    for position, run in enumerate(order):
        forked(out, project, run, order[position - 1] if position else None, START_MS + position)


@case(EITHER, "parent.missing")
def fork_cycle(out, rng, project):
    """Three runs that descend from each other, and one from itself."""
    for run, parent in (("one", "three"), ("two", "one"), ("three", "two"), ("own", "own")):
        forked(out, project, run, parent)


@case(ARRIVES)
def parent_outside(out, rng, project):
    """The parent was not exported."""
    forked(out, project, "orphan", "nowhere")


@case(ARRIVES, silent=True)
def odd_run_times(out, rng, project):
    """Created before 1970, ended before it began, failed."""
    early = RunRows(project, "early").system("times", -86_400_000)
    out.part(project, "early", [early.param("a", "int", 1).batch()])
    backwards = RunRows(project, "backwards").system("times", START_MS, lasted_ms=-5_000, failed=True)
    out.part(project, "backwards", [backwards.param("a", "int", 2).batch()])
