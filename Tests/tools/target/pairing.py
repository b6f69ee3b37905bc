# SPDX-License-Identifier: Apache-2.0
"""Finds for each run of an archive the run of the target that is meant to be it."""

from __future__ import annotations

from collections import defaultdict

from archive.forms import parameter_text
from archive.reader import Run

from .differences import Differences
from .names import may_be
from .rest import MlflowReader, params_of, tags_of

DEFAULT_EXPERIMENT = "0"


def pair_runs(server: MlflowReader, runs: list[Run], out: Differences) -> list[tuple[Run, dict]]:
    """Pairs, and a difference for each run without a partner on either side."""
    experiments = server.experiments()
    wanted: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        out.compared["runs"] += 1
        identity = _experiment_id(server, run, experiments, out)
        if identity is None:
            out.add("run.missing", run.run, f"no experiment {run.experiment!r}")
        else:
            wanted[identity].append(run)
    pairs = []
    for identity, group in wanted.items():
        pairs += _pair_experiment(identity, group, server.runs(identity), out)
    return pairs


def _experiment_id(server, run: Run, experiments: dict[str, str], out: Differences) -> str | None:
    if run.experiment is None:
        return DEFAULT_EXPERIMENT
    if run.experiment in experiments:
        return experiments[run.experiment]
    likely = [name for name in experiments if may_be(run.experiment, name)]
    if not likely:
        return None
    # Names that were cut may be alike: the one that has the run is meant.
    chosen = next((n for n in likely if _has_run(server, experiments[n], run.name)), likely[0])
    out.add("name.changed", run.run, f"experiment {run.experiment[:80]!r} is {chosen[:80]!r}")
    return experiments[chosen]


def _has_run(server: MlflowReader, experiment: str, name: str) -> bool:
    return any(one["info"].get("run_name") == name for one in server.runs(experiment))


def _pair_experiment(identity: str, group: list[Run], targets: list[dict], out: Differences):
    by_name: dict[str, list[dict]] = defaultdict(list)
    for target in targets:
        by_name[target["info"].get("run_name", "")].append(target)
    pairs, ours = [], defaultdict(list)
    for run in group:
        ours[run.name].append(run)
    for name, mine in ours.items():
        theirs = by_name.pop(name, [])
        if not theirs:
            changed = next((n for n in by_name if may_be(name, n)), None)
            if changed is not None:
                out.add("name.changed", name, f"run name {name!r} is {changed!r}")
                theirs = by_name.pop(changed)
        for run in mine:
            best = _best(run, theirs)
            if best is None:
                out.add("run.missing", run.run, f"no run named {run.name!r} in experiment {run.experiment!r}")
            else:
                theirs.remove(best)
                pairs.append((run, best))
        for extra in theirs:
            out.add("run.extra", name, f"one more run of that name: {extra['info']['run_id']}")
    if identity != DEFAULT_EXPERIMENT:
        for name, extras in by_name.items():
            out.add(
                "run.extra",
                name,
                f"a run that the archive does not have: {extras[0]['info']['run_id']}",
                len(extras),
            )
    return pairs


def _best(run: Run, targets: list[dict]) -> dict | None:
    """Of several with one name the one whose tags name the run, then the one with most equal parameters."""

    def likeness(target: dict) -> tuple[int, int]:
        named = any(v == run.run for k, v in tags_of(target).items() if k.startswith("host."))
        shown = params_of(target)
        equal = sum(shown.get(path) == parameter_text(*values[0]) for path, values in run.params.items())
        return named, equal

    return max(targets, key=likeness, default=None)
