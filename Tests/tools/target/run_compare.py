# SPDX-License-Identifier: Apache-2.0
"""Compares one run of an archive with one run of an MLflow server."""

from __future__ import annotations

from pathlib import Path

from archive.forms import parameter_text, same_parameter
from archive.reader import Run, milliseconds

from . import artifacts, points
from .differences import Differences
from .names import MAX_VALUE, assign
from .rest import MlflowReader, metric_keys, params_of, tags_of

PARENT_TAG = "mlflow.parentRunId"
INCOMPLETE_TAG = "host.incomplete"


def compare_run(
    server: MlflowReader, run: Run, target: dict, files: Path, multiplier: int, out: Differences
) -> None:
    identity = target["info"]["run_id"]
    _info(run, target, out)
    moved = _params(run, params_of(target), out)
    _metrics(server, run, target, multiplier, out)
    wanted = artifacts.wanted_artifacts(run, files, multiplier, moved, out)
    shown = dict(server.artifacts(identity))
    kept: dict[str, bytes] = {}

    def fetch(path: str) -> bytes:
        if path not in kept:
            kept[path] = server.artifact(identity, path)
        return kept[path]

    artifacts.compare(run, wanted, shown, fetch, multiplier, out)
    if run.unknown_rows:
        out.add("type.unknown", run.run, f"{run.unknown_rows} rows", run.unknown_rows)


def _info(run: Run, target: dict, out: Differences) -> None:
    info = target["info"]
    if INCOMPLETE_TAG in tags_of(target):
        out.add("run.incomplete", run.run, f"tag {INCOMPLETE_TAG} is there")
    failed = run.single("sys/failed", "bool")
    if info.get("status") != ("FAILED" if failed else "FINISHED"):
        out.add("status.different", run.run, f"{info.get('status')}, sys/failed is {failed}")
    for field, path in (("start_time", "sys/creation_time"), ("end_time", "sys/modification_time")):
        time = milliseconds(run.single(path, "datetime"))
        if time is not None and int(info.get(field, 0)) != time:
            out.add("run.time", run.run, f"{field} {info.get(field)}, {path} {time}")


def _params(run: Run, shown: dict[str, str], out: Differences) -> dict[str, str]:
    """Returns the texts that are too long for a parameter and have to be files."""
    moved: dict[str, str] = {}

    def fits(path: str, key: str) -> bool:
        return any(_same(kind, value, shown[key]) for kind, value in run.params[path])

    keys, extra = assign(run.params, shown, fits)
    for path, values in run.params.items():
        key = keys[path]
        out.compared["params"] += 1
        if key is None:
            out.add("param.missing" if path else "name.empty", run.run, f"parameter {path!r}")
            continue
        if key != path:
            out.add("name.changed", run.run, f"parameter {path!r} is {key!r}")
        rest = [v for v in values if not _same(*v, shown[key])]
        if len(rest) == len(values) and shown[key] == parameter_text(*values[0]).replace("\0", "\ufffd"):
            out.add("value.text", run.run, f"parameter {path!r}: U+0000 replaced")
        elif len(rest) == len(values):
            mine = parameter_text(*values[0])[:100]
            out.add("param.different", run.run, f"{path!r}: {shown[key][:100]!r}, not {mine!r}")
        for other in rest[: len(values) - 1]:
            _second_value(run, path, other, shown, extra, out)
        text = parameter_text(*values[0])
        if len(text) > MAX_VALUE:
            out.add("value.moved", run.run, f"parameter {path!r}")
            moved[path] = text
    for key in extra:
        out.add("param.extra", run.run, f"{key!r} = {shown[key][:100]!r}")
    return moved


def _second_value(run: Run, path: str, value, shown: dict, extra: list[str], out: Differences) -> None:
    """A further value of one path: under a changed name, or told as lost."""
    place = next((key for key in extra if key.startswith(path[:200]) and _same(*value, shown[key])), None)
    if place is not None:
        extra.remove(place)
    out.add("field.conflict", run.run, f"{path!r} has several values")


def _same(kind: str, value, shown: str) -> bool:
    if same_parameter(kind, value, shown):
        return True
    text = parameter_text(kind, value)
    # Cut values keep a beginning; how much room a remark on the cut takes is the writer's choice.
    return len(text) > MAX_VALUE and len(shown) <= MAX_VALUE and text[:5000] == shown[:5000]


def _metrics(server: MlflowReader, run: Run, target: dict, multiplier: int, out: Differences) -> None:
    identity = target["info"]["run_id"]
    histories: dict[str, list] = {}

    def history(key: str) -> list:
        if key not in histories:
            histories[key] = server.points(identity, key)
        return histories[key]

    def fits(path: str, key: str) -> bool:
        trial = Differences()
        points.compare(run.run, path, run.points[path], history(key), multiplier, trial)
        return not trial.counts.keys() & {"point.missing", "point.extra"}

    keys, extra = assign(run.points, metric_keys(target), fits)
    for path, wanted in run.points.items():
        key = keys[path]
        if key is None:
            kind = "point.missing" if path else "name.empty"
            out.add(kind, run.run, f"no metric for {path!r}", len(wanted.values))
            continue
        if key != path:
            out.add("name.changed", run.run, f"metric {path!r} is {key!r}")
        points.compare(run.run, path, wanted, history(key), multiplier, out)
    for key in extra:
        out.add("point.extra", run.run, f"metric {key!r} is not in the archive", len(history(key)))


def compare_relations(pairs: list[tuple[Run, dict]], out: Differences) -> None:
    """A fork points at its parent where the parent is in the archive; a circle cannot be kept whole."""
    targets = {(run.project, run.run): target["info"]["run_id"] for run, target in pairs}
    parents = {(r.project, r.run): (r.project, r.single("sys/forking/parent", "string")) for r, _ in pairs}
    for run, target in pairs:
        me = (run.project, run.run)
        shown = tags_of(target).get(PARENT_TAG)
        wanted = targets.get(parents[me])
        if parents[me][1] is not None:
            out.compared["forks"] += 1
        if shown != wanted and not _in_circle(me, parents):
            out.add("relation.different", run.run, f"parent {shown}, not {wanted} ({parents[me][1]!r})")


def _in_circle(me: tuple, parents: dict) -> bool:
    place, seen = parents.get(me), set()
    while place in parents and place not in seen:
        if place == me:
            return True
        seen.add(place)
        place = parents.get(place)
    return False
