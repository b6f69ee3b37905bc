# SPDX-License-Identifier: Apache-2.0
"""Payload files: paths that must not be followed, names that targets dislike, sizes."""

from __future__ import annotations

import json
import os

from ..layout import payload_path, project_folder
from ..profiles import START_MS
from .case import ARRIVES, EITHER, case
from .names import base

# Content of files outside the archive: it must never be found in a target.
OUTSIDE_MARK = b"this file lies outside the archive and is nobody's to move"
FILE_LOSS = ("file.",)


def outside_mark(root) -> bytes:
    """A mark of its own for each archive: a server that is shared may hold what another test has found."""
    return OUTSIDE_MARK + str(root).encode()


def outside_file(out) -> str:
    target = out.root.resolve() / "outside.txt"
    target.write_bytes(outside_mark(out.root))
    return str(target)


@case(EITHER, *FILE_LOSS)
def absolute_path(out, rng, project):
    """A payload path that begins with `/` and exists."""
    rows = base(project, "absolute").file("stolen", outside_file(out))
    out.part(project, "absolute", [rows.batch()])


@case(EITHER, *FILE_LOSS)
def parent_path(out, rng, project):
    """Payload paths with `..`, plain and hidden in the middle."""
    outside_file(out)
    out.payload(project, "deep/in/file.txt", b"inside")
    rows = base(project, "parent").file("up", "../../outside.txt").file("hidden", "deep/../../../outside.txt")
    out.part(project, "parent", [rows.file("set", "..", kind="file_set").batch()])


@case(EITHER, *FILE_LOSS)
def leaving_symlink(out, rng, project):
    """Links that leave the folder of files: of a file, of a directory, within a file set."""
    outside = outside_file(out)
    root = project_folder(out.files, project)
    (root / "set").mkdir(parents=True)
    (root / "link.txt").symlink_to(outside)
    (root / "folder").symlink_to(out.root.resolve())
    (root / "set" / "member.txt").symlink_to(outside)
    (root / "set" / "good.txt").write_bytes(b"good")
    rows = base(project, "links").file("link", "link.txt").file("through", "folder/outside.txt")
    out.part(project, "links", [rows.file("set", "set", kind="file_set").batch()])


@case(EITHER, *FILE_LOSS)
def missing_payload(out, rng, project):
    """Rows whose files are not there; the other rows are."""
    good = out.payload(project, payload_path("missing", "there"), b"there")
    rows = base(project, "missing").file("gone", payload_path("missing", "gone")).file("there", good)
    rows.file("images", "missing/images/step_0_000000.png", "file_series", step=0)
    out.part(
        project, "missing", [rows.file("set", "missing/set", kind="file_set").param("a", "int", 1).batch()]
    )


@case(EITHER, *FILE_LOSS)
def not_a_file(out, rng, project):
    """A directory where a file should be, and a pipe that nobody writes to."""
    root = project_folder(out.files, project)
    (root / "directory").mkdir(parents=True)
    os.mkfifo(root / "pipe")
    rows = base(project, "irregular").file("directory", "directory").file("pipe", "pipe")
    out.part(project, "irregular", [rows.batch()])


@case(EITHER, *FILE_LOSS)
def empty_path(out, rng, project):
    """A payload path of no length."""
    rows = base(project, "pathless").file("nothing", "").param("a", "int", 1)
    out.part(project, "pathless", [rows.batch()])


@case(ARRIVES, silent=True)
def empty_and_large(out, rng, project):
    """A file of no bytes and one of 20 MiB."""
    rows = base(project, "sizes").file("empty", out.payload(project, "sizes/empty.bin", b""))
    rows.file("large", out.payload(project, "sizes/large.bin", rng.bytes(20 * 1024 * 1024)))
    out.part(project, "sizes", [rows.batch()])


@case(ARRIVES)
def odd_file_names(out, rng, project):
    """Unicode, `#`, `%41`, `?`, quotes, blanks, 200 characters in base names."""
    leaves = [
        "имя файла.txt",
        "a#b.txt",
        "x%41y.txt",
        "what?.txt",
        "it's.txt",
        'q"q.txt',
        "a b.txt",
        "🚀.txt",
    ]
    leaves += ["back\\slash.txt", "semi;colon.txt", "plus+and&.txt", "n" * 200 + ".txt", ".hidden", "tail."]
    rows = base(project, "odd-names")
    for number, leaf in enumerate(leaves):
        rows.file(f"file/{number:02d}", out.payload(project, f"odd/{number}/{leaf}", b"content %d" % number))
    out.part(project, "odd-names", [rows.batch()])


@case(ARRIVES)
def file_sets(out, rng, project):
    """A directory with sub-directories, an archive of the second generation, a listing."""
    for name in ("a.txt", "sub/b.txt", "sub/deeper/c.bin", "sub/empty.txt"):
        out.payload(project, f"set/source/{name}", b"" if "empty" in name else name.encode())
    listing = [{"filePath": "s3://b/k", "fileHash": "00", "type": "S3", "size": 5, "metadata": []}]
    out.payload(project, "set/data/files_list.json", json.dumps(listing).encode())
    rows = base(project, "sets").file("source", "set/source", kind="file_set")
    rows.file("dataset", "set/data/files_list.json", kind="artifact")
    out.part(project, "sets", [rows.batch()])


@case(ARRIVES)
def file_series_steps(out, rng, project):
    """Whole and fractional steps, and members with one name in several steps."""
    rows = base(project, "file-steps")
    for number, step in enumerate(["0", "1", "2.5", "2.75", "-1", "1000000"]):
        stored = out.payload(project, f"series/{number}/image.png", b"image %d" % number)
        rows.file("images", stored, "file_series", step=step, time_ms=START_MS + number)
    out.part(project, "file-steps", [rows.batch()])


@case(ARRIVES, silent=True)
def shared_payload(out, rng, project):
    """Two attributes that point at one file, as the exporter leaves them when names meet."""
    stored = out.payload(project, "shared/a_b.txt", b"last one wins")
    rows = base(project, "shared").file("a.b", stored).file("a_b", stored)
    out.part(project, "shared", [rows.batch()])
