# SPDX-License-Identifier: Apache-2.0
"""Names: of attributes, runs, experiments."""

from __future__ import annotations

from ..layout import payload_path
from ..profiles import START_MS
from ..rows import RunRows
from .case import ARRIVES, EITHER, case

ODD_KEYS = [
    "a//b", "/leading", "trailing/", "a/./b", "a/../b", "..", ".", "/", "emoji/🚀", "tab\there", "new\nline",
    "apostrophe's", 'quo"te', "back\\slash", "x@y", "100%", "q?", "h#sh", "a+b", "[0]", "{k}", "a=b,c",
    "with:colon", "näme/µ", "准确率", "e\u0301", " both ends ",
]  # fmt: skip
ODD_RUNS = [
    "it's", 'say "hi"', "back\\slash", "emoji 🚀", "line\nbreak", "50%41", "a/b/c", "..", "x#y?z=1",
    " padded ", "ünïcødé", "' OR 1=1 --", "tab\tid",
]  # fmt: skip


def base(project: str, run: str, name: str | None = "names", created_ms: int = START_MS) -> RunRows:
    return RunRows(project, run).system(name, created_ms)


@case(ARRIVES, "name.")
def odd_keys(out, rng, project):
    """Each odd key as parameter, metric and series, with a value of its own."""
    rows = base(project, "keys")
    for number, key in enumerate(ODD_KEYS):
        rows.param(key, "int", 1_000 + number)
        rows.point(key, number, START_MS + number, number / 3)
        rows.line(key, number, START_MS + number, f"line of key {number}")
    out.part(project, "keys", [rows.batch()])


@case(ARRIVES, "name.")
def nul_key(out, rng, project):
    """U+0000 in a key, and next to it the key that comes of leaving it out."""
    rows = base(project, "nul-key").param("a\x00b", "int", 1).param("ab", "int", 2).param("a_b", "int", 3)
    out.part(project, "nul-key", [rows.batch()])


@case(ARRIVES, "name.")
def colliding_keys(out, rng, project):
    """Keys that become one when the forbidden characters are replaced; one of them is clean."""
    rows = base(project, "collide")
    for number, key in enumerate(["x_y", "x@y", "x#y", "x(y", "s p", "s_p", "s*p"]):
        rows.param(key, "string", f"value {number}").point(key, 0, START_MS, float(number))
        stored = out.payload(project, payload_path("collide", f"f{number}"), b"content %d" % number)
        rows.file(key, stored).line(f"log/{key}", 0, START_MS, f"text {number}")
    out.part(project, "collide", [rows.batch()])


@case(ARRIVES, "name.")
def long_keys(out, rng, project):
    """300 characters with a common beginning of 280, some of several bytes; and exactly 250 and 251."""
    rows = base(project, "long")
    stem = "layer/" + "q" * 274
    for number, key in enumerate([stem + "a" * 20, stem + "b" * 20, "ж" * 300, "z" * 250, "y" * 251]):
        rows.param(key, "int", number).point(key, number, START_MS, float(number))
    out.part(project, "long", [rows.batch()])


@case(ARRIVES, silent=True)
def letter_case(out, rng, project):
    """Keys that differ in case only stay apart."""
    rows = base(project, "case").param("LR", "int", 1).param("lr", "int", 2).param("Lr", "int", 3)
    out.part(project, "case", [rows.point("Acc", 0, START_MS, 1.0).point("acc", 0, START_MS, 2.0).batch()])


@case(ARRIVES, silent=True)
def one_key_many_kinds(out, rng, project):
    """One name as parameter, metric, series and file."""
    rows = base(project, "kinds").param("thing", "int", 1).point("thing", 0, START_MS, 2.0)
    rows.line("thing", 0, START_MS, "three")
    rows.file("thing", out.payload(project, payload_path("kinds", "thing", extension=".txt"), b"four"))
    out.part(project, "kinds", [rows.batch()])


@case(EITHER, "name.", "file.renamed")
def file_inside_file(out, rng, project):
    """A series stored as `a/series.txt` and a file attribute of the name `a/series.txt`."""
    rows = base(project, "nest").line("a", 0, START_MS, "line")
    rows.file("a/series.txt", out.payload(project, payload_path("nest", "x", extension=".txt"), b"payload"))
    out.part(project, "nest", [rows.batch()])


@case(EITHER, "row.unnamed", "name.")
def empty_key(out, rng, project):
    """An attribute with a name of no length."""
    rows = base(project, "nameless").param("", "int", 5).point("", 0, START_MS, 1.0)
    out.part(project, "nameless", [rows.batch()])


@case(ARRIVES)
def odd_run_ids(out, rng, project):
    """Run ids with quotes, slashes, line breaks, SQL; the second load must find each of them again."""
    for number, run in enumerate(ODD_RUNS):
        rows = base(project, run, created_ms=START_MS + number).param("number", "int", number)
        out.part(project, run, [rows.point("m", 0, START_MS, float(number)).batch()])


@case(ARRIVES)
def odd_experiments(out, rng, project):
    """The same characters in `sys/name`, which names the experiment."""
    for number, name in enumerate(
        ["it's", 'a "b"', "c\\d", "e🚀", "f/g//h", " blank ", "50%41", "' OR 1=1 --", "a#b"]
    ):
        run = f"exp-{number}"
        out.part(project, run, [base(project, run, name).param("number", "int", number).batch()])


@case(EITHER, "experiment.renamed", "name.")
def long_experiment(out, rng, project):
    """Two experiments whose names are longer than the 500 characters a server takes."""
    for number in range(2):
        run = f"long-exp-{number}"
        name = "E" * 600 + str(number)
        out.part(project, run, [base(project, run, name).param("number", "int", number).batch()])


@case(ARRIVES, silent=True)
def equal_run_names(out, rng, project):
    """Two runs with one custom run id: both arrive, as two."""
    for number in range(2):
        run = f"twin-{number}"
        rows = (
            RunRows(project, run).system("twins", START_MS, custom="the twin").param("number", "int", number)
        )
        out.part(project, run, [rows.batch()])
