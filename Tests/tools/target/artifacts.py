# SPDX-License-Identifier: Apache-2.0
"""What artifacts a run should have, and whether the target's are these."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from archive.forms import step_text
from archive.layout import MICRO, project_folder
from archive.reader import Payload, Run

from . import documents
from .differences import Differences
from .names import Claims
from .points import whole_step


@dataclass
class Wanted:
    kind: str  # series, histograms, value, file
    key: str
    paths: list[str]  # places where it may be, the best first
    content: object  # lines, histograms, text, or the file's path
    optional: bool = False  # one member of its directory was refused, so the directory may be


def wanted_artifacts(
    run: Run, files: Path, multiplier: int, moved: dict[str, str], out: Differences
) -> list[Wanted]:
    found = [Wanted("series", k, [f"{k}/series.txt"], v) for k, v in run.lines.items()]
    found += [Wanted("histograms", k, [f"{k}/histograms.json"], v) for k, v in run.histograms.items()]
    found += [Wanted("value", k, [f"{k}/value.txt"], v) for k, v in moved.items()]
    for payload in run.payloads:
        found += _payload(run, payload, files, multiplier, out)
    return found


def _payload(run: Run, payload: Payload, files: Path, multiplier: int, out: Differences) -> list[Wanted]:
    root = project_folder(files, run.project)
    name = payload.stored.rsplit("/", 1)[-1]
    source = readable(root, payload.stored, directory=payload.kind == "file_set")
    if source is None:
        out.add("file.unreadable", run.run, f"{payload.kind} {payload.path!r}: {payload.stored!r}")
        return []
    if payload.kind == "file_set":
        return _members(run, payload, name, source, out)
    folders = [payload.path]
    if payload.kind == "file_series":
        folders = [f"{payload.path}/step_{text}" for text in _step_texts(payload.step, multiplier)]
    return [Wanted("file", payload.path, [f"{folder}/{name}" for folder in folders], source)]


def _members(run: Run, payload: Payload, name: str, source: Path, out: Differences) -> list[Wanted]:
    found, refused = [], 0
    for member in sorted(p for p in source.rglob("*") if not p.is_dir() or p.is_symlink()):
        inside = member.relative_to(source).as_posix()
        if readable(source, inside, directory=False) is None:
            refused += 1
            out.add("file.unreadable", run.run, f"member {inside!r} of {payload.path!r}")
        else:
            found.append(Wanted("file", payload.path, [f"{payload.path}/{name}/{inside}"], member))
    for one in found:
        one.optional = refused > 0
    return found


def readable(root: Path, stored: str, directory: bool) -> Path | None:
    """The payload's path when it lies below `root`, links followed, and is of the right kind."""
    if not stored or stored.startswith("/") or ".." in stored.split("/") or "\0" in stored:
        return None
    place = root / stored
    try:
        real = place.resolve(strict=True)
        mode = real.stat().st_mode
    except OSError:
        return None
    if not real.is_relative_to(root.resolve()):
        return None
    return place if (stat.S_ISDIR(mode) if directory else stat.S_ISREG(mode)) else None


def _step_texts(step: Decimal | None, multiplier: int) -> list[str]:
    if step is None:
        return ["None", "none"]
    exact = [step_text(step), step_text(step * multiplier), f"{step:f}"]
    return [*dict.fromkeys([*exact, str(whole_step(int(step * MICRO), multiplier)[0])])]


def compare(
    run: Run, wanted: list[Wanted], shown: dict[str, int], get, multiplier: int, out: Differences
) -> None:
    """`get(path)` gives the bytes of one of the target's artifacts."""
    claims = Claims(shown)

    def fetch(path: str) -> bytes:
        # MLflow 2.x servers break the connection when asked for an empty file; its size says all of it.
        return get(path) if shown[path] else b""

    where = [next((p for p in map(claims.exact, one.paths) if p), None) for one in wanted]
    for one, path in zip(wanted, where):
        if path is None:
            path = claims.alike(one.paths[0], lambda p, one=one: _equal(run, one, fetch(p), multiplier))
            if path is None:
                kind = "file.unreadable" if one.optional else f"{one.kind}.missing"
                out.add(kind, run.run, f"{one.paths[0]!r}")
                continue
            out.add("name.changed", run.run, f"{one.paths[0]!r} is {path!r}")
        _compare_one(run, one, path, fetch(path), multiplier, out)
    for path in claims.free:
        out.add("artifact.extra", run.run, f"{path!r}")


def _equal(run: Run, one: Wanted, content: bytes, multiplier: int) -> bool:
    trial = Differences()
    _compare_one(run, one, "", content, multiplier, trial)
    return not trial.counts.keys() - {"step.rounded"}


def _compare_one(run: Run, one: Wanted, path: str, content: bytes, multiplier: int, out: Differences) -> None:
    if one.kind == "series":
        documents.compare_lines(run.run, one.key, one.content, content, multiplier, out)
    elif one.kind == "histograms":
        documents.compare_histograms(run.run, one.key, one.content, content, multiplier, out)
    elif one.kind == "value":
        out.compared["values"] += 1
        if content != one.content.encode():
            out.add("value.different", run.run, f"{path!r}")
    else:
        out.compared["files"] += 1
        mine = one.content.read_bytes()
        if content != mine:
            out.add(
                "file.different",
                run.run,
                f"{path!r}: {len(content)} bytes, not the {len(mine)} of the archive",
            )
