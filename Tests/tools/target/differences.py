# SPDX-License-Identifier: Apache-2.0
"""Collects what differs, by class; some classes are allowed when a loss names them."""

from __future__ import annotations

from collections import Counter, defaultdict

# Class of difference → beginnings of the loss codes that explain it. All other classes are never allowed.
EXPLAINED_BY = {
    "name.changed": ("name.", "file.renamed", "experiment.renamed", "run.renamed"),
    "name.empty": ("row.unnamed", "name."),
    "step.rounded": ("step.rounded",),
    "step.missing": ("step.missing",),
    "value.clamped": ("value.clamped",),
    "value.negative_zero": ("value.negative-zero",),
    "value.moved": ("value.moved",),
    "value.text": ("text.nul",),
    "point.merged": ("point.merged",),
    "time.changed": ("time.missing", "time.before-1970"),
    "run.time": ("run.start", "time.before-1970"),
    "type.unknown": ("type.unknown", "row.unnamed"),
    "field.conflict": ("value.duplicate", "name."),
    "file.unreadable": ("file.",),
    "histogram.number": ("number.as_text",),
}
EXAMPLES = 5


class Differences:
    def __init__(self):
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = defaultdict(list)
        self.compared: Counter[str] = Counter()

    def add(self, kind: str, run: str, detail: str, count: int = 1) -> None:
        self.counts[kind] += count
        if len(self.examples[kind]) < EXAMPLES:
            self.examples[kind].append(f"{run}: {detail}"[:400])

    def unexplained(self, losses: dict[str, int]) -> dict[str, int]:
        told = [code for code, count in losses.items() if count > 0]
        return {
            kind: count
            for kind, count in self.counts.items()
            if not any(code.startswith(EXPLAINED_BY.get(kind, ())) for code in told)
        }

    def report(self, losses: dict[str, int]) -> dict:
        bad = self.unexplained(losses)
        return {
            "equal": not bad,
            "compared": dict(sorted(self.compared.items())),
            "differences": {
                kind: {"count": count, "explained": kind not in bad, "examples": self.examples[kind]}
                for kind, count in sorted(self.counts.items())
            },
            "losses": losses,
        }
