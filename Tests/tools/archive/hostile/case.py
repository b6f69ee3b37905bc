# SPDX-License-Identifier: Apache-2.0
"""What a hostile case is, and what should become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

ARRIVES = "arrives"  # the runs are in the target, complete; what differs is named by losses
FAILS = "fails"  # the unit fails and is told; nothing of it is marked complete
EITHER = "either"  # may fail or arrive with losses, but not in silence
ABSENT = "absent"  # there is nothing that could be moved


@dataclass(frozen=True)
class Case:
    name: str
    outcome: str
    losses: tuple[str, ...]  # one of these code prefixes has to be told, when the case arrives
    silent: bool  # nothing is lost and nothing changed: exit 0, no loss
    build: Callable
    note: str

    def expectation(self, project: str) -> dict:
        return {
            "project": project,
            "outcome": self.outcome,
            "losses_any": list(self.losses),
            "silent": self.silent,
            "note": self.note,
        }


CASES: dict[str, Case] = {}


def case(outcome: str, *losses: str, silent: bool = False):
    """Registers a function `(out, rng, project)` that writes the case; its docstring is the note."""

    def register(build: Callable) -> Callable:
        CASES[build.__name__] = Case(
            build.__name__, outcome, losses, silent, build, (build.__doc__ or "").strip()
        )
        return build

    return register
