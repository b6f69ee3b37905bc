# SPDX-License-Identifier: Apache-2.0
"""The runs of a Neptune 3 project and what they hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Iterator

from .hostile3 import HOSTILE, hostile
from .values import MILLIONTHS, Attribute, Histogram, Payload, Points, Series

if TYPE_CHECKING:
    from .data import Head, Project

# The first runs of a project have these shapes, in this order, whatever the seed; the others are "plain".
SHAPES = ("full", "fork", "fork of fork", "archived", "trashed", "empty", "unicode", "half", "previews")

WORDS = ("loss", "accuracy", "grad norm", "lr", "f1.macro", "val/loss", "precision@5", "recall")
ODD_LINES = ("", " ", "tab\there", "two\nlines", "Zażółć 😀 \u202e rtl", 'quote " and \\', "x" * 3000)


def heads(project: "Project") -> Iterator["Head"]:
    from .data import FIRST_CREATION, Head

    for index in range(project.run_count):
        rng = project.rng(index, "head")
        hostile_name = list(HOSTILE)[index] if project.name == "hostile" else None
        shape = hostile_name or (SHAPES[index] if index < len(SHAPES) else "plain")
        parent = {"fork": 0, "fork of fork": 1}.get(shape)
        if shape == "plain" and rng.random() < 0.1:
            parent = rng.randrange(max(0, index - 6), index)
        yield Head(
            index=index,
            sys_id=f"{project.key}-{index + 1}",
            custom_id=_custom_id(index, shape, rng),
            container="run",
            uuid=project.data.uuid(f"{project.identifier}/{index}"),
            shape=shape,
            created=FIRST_CREATION + index * 60_000 + rng.randrange(1000),
            archived=shape == "archived" or (shape == "plain" and rng.random() < 0.05),
            trashed=shape == "trashed",
            fork_parent=parent,
            fork_step=(
                0 if parent is None else {"fork": 40, "fork of fork": 60}.get(shape, 3) * MILLIONTHS + 500_000
            ),
        )


def _custom_id(index: int, shape: str, rng) -> str | None:
    if shape in HOSTILE:
        return HOSTILE[shape]
    named = {
        "full": "baseline-001",
        "fork": "fork/a b",
        "unicode": "запуск-📈 №7 é",
        "half": 'say "hi" \\ ok.',
    }
    return named.get(shape, f"run-{index + 1:05d}-{rng.randrange(16**6):06x}")


def attributes(project: "Project", head: "Head", changes: int) -> Iterator[Attribute]:
    yield from _system(project, head, changes)
    if changes:
        yield Attribute("changed", "int", changes)
    if head.shape in HOSTILE:
        yield from hostile(project, head)
    elif head.shape != "empty":
        yield from _parameters(project, head)
        yield from _metrics(project, head, changes)
        if head.shape in ("full", "unicode", "half", "fork", "previews"):
            yield from _texts(project, head)
            yield from _histograms(project, head)
            yield from _files(project, head)
        if head.shape == "full":
            yield from _wide(project, head)


def _system(project: "Project", head: "Head", changes: int) -> Iterator[Attribute]:
    rng = project.rng(head.index, "system")
    lasted = rng.randrange(5_000, 9_000_000)
    modified = head.created + lasted + changes * 1_000
    yield Attribute("sys/id", "string", head.sys_id)
    if head.custom_id is not None:
        yield Attribute("sys/custom_run_id", "string", head.custom_id)
    yield Attribute("sys/name", "string", f"experiment {head.index // 4}")
    yield Attribute("sys/experiment/name", "string", f"experiment {head.index // 4}")
    yield Attribute("sys/experiment/is_head", "bool", head.index % 4 == 3)
    yield Attribute("sys/owner", "string", rng.choice(("ada", "grace", "linus")))
    yield Attribute("sys/archived", "bool", head.archived)
    yield Attribute("sys/trashed", "bool", head.trashed)
    yield Attribute("sys/failed", "bool", rng.random() < 0.2)
    yield Attribute("sys/creation_time", "datetime", head.created)
    yield Attribute("sys/modification_time", "datetime", modified)
    yield Attribute("sys/ping_time", "datetime", modified)
    yield Attribute("sys/running_time_seconds", "float", lasted / 1000)
    yield Attribute("sys/size", "int", rng.randrange(1 << 40))
    yield Attribute("sys/tags", "stringSet", rng.sample(["baseline", "größer", "a,b", "x y", "v2"], 2))
    yield Attribute("sys/group_tags", "stringSet", [] if head.index % 2 else [f"group-{head.index % 3}"])
    yield Attribute("sys/state", "experimentState", None)
    if head.shape in ("full", "unicode"):
        yield Attribute("sys/description", "string", "First line.\nSecond line: ąę 漢字.")
    if head.fork_parent is not None:
        parent = project.heads[head.fork_parent]
        yield Attribute("sys/forking/parent", "string", parent.custom_id)
        yield Attribute("sys/forking/step", "float", head.fork_step / MILLIONTHS)
        yield Attribute("sys/forking/depth", "int", _depth(project, head))


def _depth(project: "Project", head: "Head") -> int:
    return 0 if head.fork_parent is None else 1 + _depth(project, project.heads[head.fork_parent])


def _parameters(project: "Project", head: "Head") -> Iterator[Attribute]:
    rng = project.rng(head.index, "parameters")
    yield Attribute("config/lr", "float", rng.choice((0.1, 1e-3, 3e-4, rng.random())))
    yield Attribute("config/batch_size", "int", rng.choice((16, 32, 64)))
    yield Attribute("config/optimizer", "string", rng.choice(("adam", "sgd", "läuft")))
    yield Attribute("config/amp", "bool", rng.random() < 0.5)
    yield Attribute("config/started", "datetime", head.created - rng.randrange(10**9))
    yield Attribute(
        "config/layers", "stringSet", rng.sample(["conv1", "conv2", "fc", "ñ"], rng.randrange(1, 4))
    )
    if head.shape in ("full", "unicode"):
        specials = {"nan": math.nan, "inf": math.inf, "minus inf": -math.inf, "minus zero": -0.0, "zero": 0.0}
        specials |= {"tiny": 5e-324, "largest": 1.7976931348623157e308, "third": 1 / 3}
        for name, value in specials.items():
            yield Attribute(f"odd/float/{name}", "float", value)
        for name, value in {"zero": 0, "minus": -1, "safe": 2**53 - 1}.items():
            yield Attribute(f"odd/int/{name}", "int", value)
        yield Attribute("odd/empty string", "string", "")
        yield Attribute("odd/empty set", "stringSet", [])
        yield Attribute("odd/long text", "string", "Ω long text\n" * 2_000)
        yield Attribute("odd/epoch", "datetime", 0)
        yield Attribute("odd/before the epoch", "datetime", -1_234)
        yield Attribute(" leading and trailing ", "int", 7)
        # Two names that Unicode calls equivalent and that are two.
        yield Attribute("names/caf\u00e9", "string", "composed")
        yield Attribute("names/cafe\u0301", "string", "decomposed")
        yield Attribute("names/実験/ключ 🔑", "string", "unicode")
        yield Attribute("names/" + "n" * 900, "int", 1)


def _metrics(project: "Project", head: "Head", changes: int) -> Iterator[Attribute]:
    sizes = (
        project.data.sizes
        if project.name == "vision"
        else project.data.sizes.__class__(1, 3, 30, 0, 0, 0, 2, 10)
    )
    rng = project.rng(head.index, "metrics")
    count = sizes.metrics + (head.shape == "full")
    for word in rng.sample(WORDS, min(count, len(WORDS))):
        yield Attribute(
            f"metrics/{word}", "floatSeries", Series(_maker(project, head, word, sizes.points, changes))
        )
    if head.shape in ("full", "previews"):
        yield Attribute("metrics/special", "floatSeries", Series(lambda: _special_points(project, head)))
    if head.shape == "full":
        yield Attribute("metrics/without points", "floatSeries", Series(lambda: Points([], [], [])))
    if head.shape == "previews":
        yield Attribute("metrics/with preview", "floatSeries", Series(lambda: _preview_points(head)))


def _maker(project: "Project", head: "Head", word: str, count: int, changes: int):
    def make() -> Points:
        rng = project.rng(head.index, "metric", word)
        # A fork's own points lie behind the step at which it left its parent.
        step = (head.fork_step // MILLIONTHS + 1) * MILLIONTHS if head.fork_parent is not None else 0
        stride = rng.choice((MILLIONTHS, MILLIONTHS, 500_000, 1))
        steps = [step + i * stride for i in range(count + changes)]
        times = [head.created + i * 1_000 + rng.randrange(999) for i in range(count + changes)]
        return Points(steps, times, [rng.gauss(0, 1) for _ in steps])

    return make


def _special_points(project: "Project", head: "Head") -> Points:
    values = [math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308, -1 / 3, math.nan]
    first = head.fork_step + 1 if head.fork_parent is not None else -250_000
    steps = [first, first + 1, first + 250_000, first + 1_250_000] + [first + 10**7 * i for i in range(1, 6)]
    times = [head.created + 1_000 - i for i in range(len(steps))]
    return Points(steps, times, values)


def _preview_points(head: "Head") -> Points:
    steps = [i * MILLIONTHS for i in range(7)]
    times = [head.created + i for i in range(7)]
    return Points(steps, times, [i / 2 for i in range(7)], {5: 0.25, 6: 0.5})


def _wide(project: "Project", head: "Head") -> Iterator[Attribute]:
    sizes = project.data.sizes
    if project.name == "vision":
        for number in range(sizes.wide):
            make = _maker(project, head, f"wide {number}", sizes.long, 0)
            yield Attribute(f"wide/series_{number:03d}", "floatSeries", Series(make))


def _texts(project: "Project", head: "Head") -> Iterator[Attribute]:
    sizes = project.data.sizes

    def lines(count: int, name: str) -> Points:
        rng = project.rng(head.index, "lines", name)
        steps = [head.fork_step + (i + 1) * MILLIONTHS for i in range(count)]
        times = [head.created + i for i in range(count)]
        return Points(steps, times, [f"{name} line {i}: {rng.randrange(10**9)} ä" for i in range(count)])

    def odd() -> Points:
        steps = [head.fork_step + 1 + i * 500_000 for i in range(len(ODD_LINES))]
        return Points(steps, [head.created] * len(steps), list(ODD_LINES))

    yield Attribute("logs/stdout", "stringSeries", Series(lambda: lines(40, "stdout")))
    yield Attribute("logs/odd", "stringSeries", Series(odd))
    if head.shape == "full" and project.name == "vision":
        yield Attribute("logs/long", "stringSeries", Series(lambda: lines(sizes.lines, "long")))
        yield Attribute("logs/without lines", "stringSeries", Series(lambda: Points([], [], [])))


def _histograms(project: "Project", head: "Head") -> Iterator[Attribute]:
    def make() -> Points:
        rng = project.rng(head.index, "histograms")
        steps = [head.fork_step + 1 + i * MILLIONTHS for i in range(25)]
        made = []
        for i in steps:
            bins = rng.randrange(1, 20)
            edges = sorted(rng.gauss(0, 3) for _ in range(bins + 1))
            made.append(Histogram("COUNTING", edges, [float(rng.randrange(1000)) for _ in range(bins)]))
        return Points(steps, [head.created + i for i in range(25)], made)

    yield Attribute("histograms/weights", "histogramSeries", Series(make))


def _files(project: "Project", head: "Head") -> Iterator[Attribute]:
    sizes = project.data.sizes
    rng = project.rng(head.index, "files")
    kinds = ("text/plain", "image/png", "application/octet-stream", "application/json")

    def payload(name: str, size: int, kind: str, **more) -> Payload:
        return Payload(
            f"{project.uuid}/{head.uuid}/{name}/{rng.randrange(16**10):010x}.bin", size, kind, **more
        )

    yield Attribute("files/report.txt", "fileRef", payload("report", rng.randrange(1, 900), "text/plain"))
    yield Attribute("files/отчёт №1", "fileRef", payload("unicode", 333, "application/pdf"))
    frames = [payload(f"frame-{i}", 60 + i, "image/png") for i in range(5)]
    steps = [head.fork_step + 1 + i * 500_000 for i in range(5)]
    points = Points(steps, [head.created + i for i in range(5)], frames)
    yield Attribute("images/samples", "fileRefSeries", Series(lambda: points))
    if head.shape == "full" and project.name == "vision":
        yield Attribute("files/empty", "fileRef", payload("empty", 0, "text/plain"))
        yield Attribute("files/gone", "fileRef", payload("gone", 10, "text/plain", gone=True))
        yield Attribute("files/encoded", "fileRef", payload("encoded", 5_000, "text/csv", encoded=True))
        yield Attribute("files/largest", "fileRef", payload("largest", sizes.largest_file, kinds[2]))
        for number in range(sizes.files):
            yield Attribute(
                f"files/many/{number:04d}", "fileRef", payload(f"many-{number}", number, kinds[number % 4])
            )
