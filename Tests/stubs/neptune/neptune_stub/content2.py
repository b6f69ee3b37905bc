# SPDX-License-Identifier: Apache-2.0
"""The runs, models and model versions of a Neptune 2 project and what they hold. Values that are no numbers
are missing: the 1.x client never sends them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Iterator

from .values import MILLIONTHS, Attribute, Payload, Points, Series
from .values2 import Artifact, FileSet, Reference

if TYPE_CHECKING:
    from .data import Head, Project

SHAPES = ("full", "plain", "trashed", "empty", "unicode", "notebook")
ODD_LINES = ("", "tab\there", "two\nlines", "Zażółć 😀", 'quote " and \\', "x" * 900)


def heads(project: "Project") -> Iterator["Head"]:
    from .data import FIRST_CREATION, Head

    def head(index: int, sys_id: str, container: str, shape: str, **more) -> Head:
        created = FIRST_CREATION + index * 60_000 + project.rng(index, "head").randrange(1000)
        trashed = shape == "trashed"
        identifier = project.data.uuid(f"{project.identifier}/{sys_id}")
        return Head(index, sys_id, None, container, identifier, shape, created, trashed=trashed, **more)

    count = project.run_count
    for index in range(count):
        yield head(
            index, f"{project.key}-{index + 1}", "run", SHAPES[index] if index < len(SHAPES) else "plain"
        )
    if project.name == "vision":
        for number, (model, shape) in enumerate((("DET", "model"), ("OLD", "trashed"), ("ÜBR", "model"))):
            model_id = f"{project.key}-{model}"
            yield head(count + 10 * number, model_id, "model", shape)
            for version in range(1, 4 if model == "DET" else 2):
                shape = "trashed" if (model, version) == ("DET", 3) else "version"
                version_id = f"{model_id}-{version}"
                yield head(
                    count + 10 * number + version, version_id, "modelVersion", shape, parent_id=model_id
                )


def project_head(project: "Project") -> "Head":
    """The project itself is a container too."""
    from .data import FIRST_CREATION, Head

    return Head(-1, project.key, None, "project", project.uuid, "project", FIRST_CREATION)


def attributes(project: "Project", head: "Head", changes: int) -> Iterator[Attribute]:
    yield from _system(project, head, changes)
    if changes:
        yield Attribute("changed", "int", changes)
    if head.shape in ("empty", "project"):
        return
    yield from _parameters(project, head)
    if head.container == "run":
        yield from _series(project, head, changes)
    if head.shape in ("full", "unicode", "model", "version"):
        yield from _files(project, head)
    if head.shape in ("full", "notebook"):
        yield from _references(project, head)


def _system(project: "Project", head: "Head", changes: int) -> Iterator[Attribute]:
    rng = project.rng(head.sys_id, "system")
    modified = head.created + rng.randrange(5_000, 9_000_000) + changes * 1_000
    yield Attribute("sys/id", "string", head.sys_id)
    yield Attribute("sys/name", "string", f"{head.container} {head.index}")
    yield Attribute("sys/owner", "string", rng.choice(("ada", "grace")))
    yield Attribute("sys/creation_time", "datetime", head.created)
    yield Attribute("sys/modification_time", "datetime", modified)
    yield Attribute("sys/ping_time", "datetime", modified)
    yield Attribute("sys/running_time", "float", rng.randrange(10**6) / 8)
    yield Attribute("sys/monitoring_time", "int", rng.randrange(10**5))
    yield Attribute("sys/size", "float", float(rng.randrange(1 << 30)))
    yield Attribute("sys/trashed", "bool", head.trashed)
    yield Attribute("sys/tags", "stringSet", rng.sample(["baseline", "größer", "a,b", "v2"], 2))
    if head.container == "run":
        yield Attribute("sys/failed", "bool", rng.random() < 0.2)
        yield Attribute("sys/hostname", "string", "host-1.example")
        yield Attribute("sys/group_tags", "stringSet", ["group"] if head.index % 2 else [])
        yield Attribute("sys/state", "experimentState", Reference({"value": "idle"}))
    if head.container == "modelVersion":
        yield Attribute("sys/model_id", "string", head.parent_id)
        yield Attribute("sys/stage", "string", rng.choice(("none", "staging", "production")))


def _parameters(project: "Project", head: "Head") -> Iterator[Attribute]:
    rng = project.rng(head.sys_id, "parameters")
    yield Attribute("config/lr", "float", rng.random())
    yield Attribute("config/batch_size", "int", rng.choice((16, 32)))
    yield Attribute("config/optimizer", "string", rng.choice(("adam", "läuft")))
    yield Attribute("config/amp", "bool", rng.random() < 0.5)
    yield Attribute("config/started", "datetime", head.created - rng.randrange(10**9))
    if head.shape in ("full", "unicode"):
        for name, value in {
            "minus zero": -0.0,
            "zero": 0.0,
            "tiny": 5e-324,
            "largest": 1.7976931348623157e308,
        }.items():
            yield Attribute(f"odd/float/{name}", "float", value)
        for name, value in {"largest": 2**63 - 1, "smallest": -(2**63), "odd": 2**53 + 1}.items():
            yield Attribute(f"odd/int/{name}", "int", value)
        yield Attribute("odd/empty string", "string", "")
        yield Attribute("odd/empty set", "stringSet", [])
        yield Attribute("odd/long text", "string", "Ω long text\n" * 500)
        yield Attribute("odd/epoch", "datetime", 0)
        yield Attribute("odd/whole second", "datetime", 1_700_000_000_000)
        yield Attribute("names/caf\u00e9", "string", "composed")
        yield Attribute("names/cafe\u0301", "string", "decomposed")
        yield Attribute("names/実験 🔑 a+b&c=d%20", "string", "unicode")


def _series(project: "Project", head: "Head", changes: int) -> Iterator[Attribute]:
    sizes = project.data.sizes

    def floats(name: str, count: int):
        def make() -> Points:
            rng = project.rng(head.sys_id, "metric", name)
            stride = rng.choice((MILLIONTHS, 500_000))
            times = [head.created + i * 1_000 + rng.randrange(999) for i in range(count + changes)]
            return Points(
                [i * stride for i in range(count + changes)], times, [rng.gauss(0, 1) for _ in times]
            )

        return Series(make)

    def texts(lines: list[str]) -> Series:
        steps = [i * MILLIONTHS for i in range(len(lines))]
        return Series(lambda: Points(steps, [head.created + i for i in range(len(lines))], lines))

    for number in range(sizes.metrics):
        yield Attribute(f"metrics/m{number}", "floatSeries", floats(f"m{number}", sizes.points))
    if head.shape == "full":
        yield Attribute("metrics/one page", "floatSeries", floats("one page", 1_000 - changes))
        yield Attribute("metrics/pages", "floatSeries", floats("pages", max(sizes.long, 2_500)))
        yield Attribute("metrics/without points", "floatSeries", Series(lambda: Points([], [], [])))
        yield Attribute(
            "logs/long", "stringSeries", texts([f"line {i} ä" for i in range(max(sizes.lines, 2_100))])
        )
        yield Attribute("logs/odd", "stringSeries", texts(list(ODD_LINES)))
        yield Attribute("logs/without lines", "stringSeries", texts([]))


def _files(project: "Project", head: "Head") -> Iterator[Attribute]:
    rng = project.rng(head.sys_id, "files")

    def payload(name: str, size: int, kind: str = "application/octet-stream") -> Payload:
        return Payload(f"{head.uuid}/{name}", size, kind)

    yield Attribute("files/report.txt", "file", payload("report.txt", rng.randrange(1, 900)))
    yield Attribute("files/with space & plus+", "file", payload("with space.dat", 77))
    yield Attribute("files/отчёт №1", "file", payload("отчёт.pdf", 333))
    yield Attribute("files/empty", "file", payload("empty.txt", 0))
    members = (("train.py", payload("train.py", 300)), ("pkg/__init__.py", payload("init", 0)))
    members += (("pkg/ünï.py", payload("uni", 50)), ("pkg/deep/er/data.bin", payload("data", 5_000)))
    yield Attribute("source_code/files", "fileSet", FileSet(members))
    yield Attribute("source_code/nothing", "fileSet", FileSet(()))
    digests = [hashlib.sha1(f"{head.sys_id}/{i}".encode()).hexdigest() for i in range(3)]
    remote = (
        ("b.csv", digests[0], 30, "s3://bucket/b.csv"),
        ("ключ/c.csv", digests[1], 2**40, "s3://bucket/c.csv"),
    )
    yield Attribute("datasets/remote", "artifact", Artifact(remote))
    yield Attribute("datasets/local", "artifact", Artifact((("a.txt", digests[2], 3, "file:///data/a.txt"),)))
    if head.container == "run":
        kinds = ("image/png", "image/jpeg", "image/gif")
        images = [payload(f"image-{i}", 100 + i, kinds[i % 3]) for i in range(7)]
        # The service tells neither step nor time of an image; what can be known is its place.
        points = Points([i * MILLIONTHS for i in range(7)], [None] * 7, images)
        yield Attribute("images/predictions", "imageSeries", Series(lambda: points))
        yield Attribute("images/none", "imageSeries", Series(lambda: Points([], [], [])))
    if head.shape == "full" and project.name == "vision":
        yield Attribute("files/largest", "file", payload("largest.bin", project.data.sizes.largest_file))


def _references(project: "Project", head: "Head") -> Iterator[Attribute]:
    commit = {
        "commitId": hashlib.sha1(head.uuid.encode()).hexdigest(),
        "message": "first ✓",
        "authorName": "A. Uthor",
        "authorEmail": "a@example.test",
        "commitDate": "2024-03-01T10:00:00.123Z",
    }
    git = {
        "commit": commit,
        "currentBranch": "main",
        "remotes": ["git@example.test:x/y.git"],
        "repositoryDirty": True,
    }
    yield Attribute("source_code/git", "gitRef", Reference(git))
    if head.shape == "notebook":
        notebook = {
            "notebookId": project.data.uuid(f"{head.uuid}/notebook"),
            "notebookName": "train.ipynb",
            "checkpointId": project.data.uuid(f"{head.uuid}/checkpoint"),
            "checkpointName": "first",
            "notebookDeleted": False,
            "checkpointDeleted": False,
        }
        yield Attribute("source_code/notebook", "notebookRef", Reference(notebook))
