#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests the csv plugin through the host: HOST_BIN=…/host python3 test.py [--sanitize] [NAME]…

Python's own csv module writes the sources and reads the targets, so that no mistake of the plugin can hide in both
directions. With --sanitize the plugin is built with the address and undefined behaviour sanitizers, which are then
loaded into the host."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
SEED = int(os.environ.get("SEED", "1"))
TABLES = ["fields", "points", "series", "histograms", "files", "links", "grants"]
sanitizes = "--sanitize" in sys.argv


class Sandbox:
    """A folder with the plugin, and the host with all of its state in it."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="host-csv-"))
        self.plugins = self.folder / "plugins"
        self.plugins.mkdir()
        flags = ["-g", "-O1", "-fsanitize=address,undefined"] if sanitizes else ["-O2"]
        subprocess.run(
            [os.environ.get("CC", "cc"), "-std=c11", *flags, "-Wall", "-Wextra", "-Wpedantic", "-Wconversion",
             "-Wshadow", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden", "-I", HERE.parents[1] / "include",
             "-o", self.plugins / "libhost-plugin-csv.so", *sorted(HERE.glob("*.c"))],
            check=True)  # fmt: skip
        kept = {k: v for k, v in os.environ.items() if not k.startswith("HOST_") or k == "HOST_BIN"}
        self.environment = kept | {
            "HOST_PLUGIN_PATH": str(self.plugins), "HOST_STATE_DIR": str(self.folder / "state"),
            "HOME": str(self.folder)}  # fmt: skip
        if sanitizes:
            names = [subprocess.run(["gcc", f"-print-file-name=lib{n}.so"], capture_output=True, text=True,
                                    check=True).stdout.strip() for n in ("asan", "ubsan")]  # fmt: skip
            # The host's own memory is not the matter here, and it is never freed at the end.
            self.environment |= {"LD_PRELOAD": " ".join(names), "ASAN_OPTIONS": "detect_leaks=0",
                                 "UBSAN_OPTIONS": "halt_on_error=1"}  # fmt: skip

    def start(self, *arguments) -> subprocess.Popen:
        return subprocess.Popen(
            [os.environ.get("HOST_BIN", "host"), *map(str, arguments)], env=self.environment,
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip

    def arguments(self, source, target, job) -> list:
        return ["run", "--from", source, "--to", target, "--job", job, "--job-dir", self.folder / "jobs",
                "--progress", "none", "--json"]  # fmt: skip

    def run(self, source, target, job, *more) -> dict:
        """The summary of a finished run, whatever its exit code."""
        process = self.start(*self.arguments(source, target, job), *more)
        out, err = process.communicate(timeout=600)
        if not out.strip():
            raise AssertionError(f"exit {process.returncode}: {err.decode()[-3000:]}")
        return json.loads(out.decode().strip().splitlines()[-1])


def rows(file: Path) -> list[list[str]]:
    if not file.exists():
        return []
    csv.field_size_limit(1 << 30)
    with open(file, newline="", encoding="utf-8") as opened:
        return list(csv.reader(opened))[1:]


def unit_facts(folder: Path) -> dict:
    return {row[0]: row[1] for row in rows(folder / "unit.csv")}


def units(root: Path) -> dict[tuple, Path]:
    found = {}
    for file in sorted(root.glob("*/*/unit.csv")):
        facts = unit_facts(file.parent)
        found[facts.get("kind", "run"), facts["project"], facts["id"]] = file.parent
    return found


def value(text: str):
    """A cell as what it means, so that 1.50 is 1.5; the bits of a float, so that -0 is not 0."""
    try:
        return struct.pack("<d", float(text)) if not text.isdigit() and text.strip() == text else text
    except ValueError:
        return text


def contents(folder: Path) -> dict:
    """All rows of a unit; a file is its bytes."""
    made = {}
    for table in TABLES:
        found = rows(folder / f"{table}.csv")
        if table == "files":
            found = [row[:-1] + [(folder / row[-1]).read_bytes()] for row in found]
        else:
            found = [[value(cell) for cell in row] for row in found]
        made[table] = Counter(tuple(row) for row in found)
    return made


def write_unit(folder: Path, facts: dict, **tables) -> None:
    headers = {
        "fields": ["path", "role", "type", "value"], "points": ["path", "step", "time", "value"],
        "series": ["path", "step", "time", "text"],
        "files": ["path", "role", "name", "step", "time", "size", "sha256", "media_type", "file"]}  # fmt: skip
    folder.mkdir(parents=True)
    with open(folder / "unit.csv", "w", newline="") as opened:
        csv.writer(opened).writerows([["name", "value"], *facts.items()])
    for table, lines in tables.items():
        with open(folder / f"{table}.csv", "w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows([headers[table], *lines])


def state_of(folder: Path) -> dict:
    return {f.relative_to(folder): (f.stat().st_mtime_ns, f.stat().st_size) for f in folder.rglob("*") if f.is_file()}


class CSVPlugin(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox()
        cls.addClassCleanup(shutil.rmtree, cls.box.folder)

    def setUp(self):
        self.folder = self.box.folder / self.id().split(".")[-1]
        self.folder.mkdir()
        self.job = self.id().split(".")[-1]

    def move(self, source: Path, target: Path, *more, job="") -> dict:
        return self.box.run(f"csv:{source}", f"csv:{target}", self.job + job, *more)

    def assert_same(self, source: Path, target: Path):
        wanted, got = units(source), units(target)
        self.assertEqual(set(wanted), set(got))
        for key, folder in wanted.items():
            self.assertEqual(unit_facts(got[key])["status"], "complete")
            for table, expected in contents(folder).items():
                found = contents(got[key])[table]
                self.assertEqual((expected - found, found - expected), (Counter(), Counter()), (key, table))

    def test_fixture_arrives_whole(self):
        done = self.move(HERE / "fixtures/runs", self.folder / "out")
        self.assertEqual((done["exit_code"], done["losses"]), (0, {}))
        self.assert_same(HERE / "fixtures/runs", self.folder / "out")
        first = unit_facts(units(self.folder / "out")["run", "acme/demo", "RUN-1"])
        self.assertEqual((first["created"], first["group"]), ("2024-05-06T07:08:09.123Z", "baseline"))
        second = unit_facts(units(self.folder / "out")["run", "acme/demo", "RUN-2"])
        self.assertEqual((second["fork_parent"], second["fork_step"], second["archived"]), ("RUN-1", "2.5", "true"))

    def test_second_run_writes_nothing(self):
        self.move(HERE / "fixtures/runs", self.folder / "out")
        before = state_of(self.folder / "out")
        done = self.move(HERE / "fixtures/runs", self.folder / "out")
        self.assertEqual((done["units"]["skipped"], done["units"]["complete"]), (2, 0))
        again = self.move(HERE / "fixtures/runs", self.folder / "out", job="-other")
        self.assertEqual(again["exit_code"], 0)
        self.assertEqual(state_of(self.folder / "out"), before)

    def test_random_bytes_of_text(self):
        """Every string that Python can write comes out the same, whatever quotes, commas and line ends it has."""
        rng = random.Random(SEED)
        letters = "a,\"\r\n\t \0;é実🎛\u2028\ufeff'=\\"
        text = lambda: "".join(rng.choice(letters) for _ in range(rng.randrange(12)))  # noqa: E731
        source = self.folder / "in"
        paths = [text() + str(n) for n in range(400)]
        # An empty cell is one without a value; the plugin writes and reads empty text as "".
        texts = [t for t in (text() for _ in range(800)) if t]
        write_unit(source / "p" / "u", {"project": text() + "p", "id": text() + "i"},
                   fields=[[p, "parameter", "text", rng.choice(texts)] for p in paths],
                   series=[[rng.choice(paths), n, "", t] for n, t in enumerate(texts)])  # fmt: skip
        done = self.move(source, self.folder / "out")
        self.assertEqual((done["exit_code"], done["losses"]), (0, {}), f"seed {SEED}")
        self.assert_same(source, self.folder / "out")

    def test_floats_keep_their_bits(self):
        rng = random.Random(SEED)
        numbers = [struct.unpack("<d", rng.randbytes(8))[0] for _ in range(20_000)]
        numbers = [n for n in numbers if n == n] + [0.0, -0.0, 5e-324, 1.7976931348623157e308, 1e15, 1e16, 0.1]
        source = self.folder / "in"
        write_unit(source / "p" / "u", {"project": "p", "id": "i"},
                   points=[["x", n, "", repr(number)] for n, number in enumerate(numbers)])  # fmt: skip
        self.assertEqual(self.move(source, self.folder / "out")["exit_code"], 0)
        found = rows(units(self.folder / "out")["run", "p", "i"] / "points.csv")
        bits = [struct.pack("<d", float(row[3])) for row in found]
        self.assertEqual(bits, [struct.pack("<d", n) for n in numbers], f"seed {SEED}")

    def test_bad_lines_are_told_and_the_rest_arrives(self):
        source = self.folder / "in"
        bad = [["x", "1.0000001", "", "1"], ["x", "2", "yesterday", "1"], ["x", "3", "", "one"], ["x", "4", "", ""],
               ["x", "5", ""], ["", "6", "", "1"], ["x", "7", "2023-02-30T00:00:00Z", "1"]]  # fmt: skip
        good = [["x", n, "", n / 3] for n in range(10, 40)]
        mixed = [row for pair in zip(good, bad) for row in pair] + good[len(bad):]
        write_unit(source / "p" / "u", {"project": "p", "id": "i"}, points=mixed)
        done = self.move(source, self.folder / "out")
        self.assertEqual(done["losses"], {"row.malformed": len(bad)})
        self.assertEqual(done["exit_code"], 65)
        self.assertEqual(len(rows(next(iter(units(self.folder / "out").values())) / "points.csv")), len(good))

    def test_nothing_is_read_outside_the_folder(self):
        source = self.folder / "in"
        secret = self.folder / "secret.txt"
        secret.write_text("secret")
        names = ["../../../secret.txt", str(secret), "files/link", "linked/secret.txt", "files/none", "files/pipe", "files"]
        write_unit(source / "p" / "u", {"project": "p", "id": "i"},
                   files=[["f", "file", "f", "", "", "", "", "", name] for name in names])  # fmt: skip
        (source / "p/u/files").mkdir()
        (source / "p/u/files/link").symlink_to(secret)
        (source / "p/u/linked").symlink_to(self.folder)
        os.mkfifo(source / "p/u/files/pipe")
        done = self.move(source, self.folder / "out")
        self.assertEqual(sum(done["losses"].values()), len(names), done["losses"])
        self.assertNotIn("secret", "".join(f.read_text() for f in (self.folder / "out").rglob("files/*")))

    def test_nothing_is_written_outside_the_folder(self):
        source = self.folder / "in"
        for number, name in enumerate(["..", "../../up", "/etc/x", ".hidden", "a/../../b", "x" * 300, "\0", "."]):
            write_unit(source / "p" / str(number), {"project": name, "id": name},
                       files=[[name, "file", name, "", "", "", "", "", "data"]])  # fmt: skip
            (source / "p" / str(number) / "data").write_text(name)
        done = self.move(source, self.folder / "deep/er/out")
        self.assertEqual(done["exit_code"], 0, done)
        self.assert_same(source, self.folder / "deep/er/out")
        self.assertEqual([p.name for p in self.folder.iterdir() if p.name not in ("in", "deep")], [])
        self.assertEqual([p.name for p in (self.folder / "deep/er").iterdir()], ["out"])

    def test_incomplete_units_are_not_read(self):
        source = self.folder / "in"
        write_unit(source / "p" / "u", {"project": "p", "id": "i", "status": "incomplete"}, points=[["x", 0, "", 1]])
        write_unit(source / "p" / "v", {"project": "p", "id": "j"}, points=[["x", 0, "", 1]])
        (source / "p" / "w").mkdir()
        done = self.move(source, self.folder / "out")
        self.assertEqual((done["exit_code"], done["units"]["complete"], len(done["failures"])), (65, 1, 2))

    def test_a_foreign_folder_stays(self):
        self.move(HERE / "fixtures/runs", self.folder / "out")
        theirs = units(self.folder / "out")["run", "acme/demo", "RUN-1"]
        facts = unit_facts(theirs) | {"key": "0" * 32}
        with open(theirs / "unit.csv", "w", newline="") as opened:
            csv.writer(opened).writerows([["name", "value"], *facts.items()])
        before = state_of(theirs)
        done = self.move(HERE / "fixtures/runs", self.folder / "out", job="-other")
        self.assertEqual((done["exit_code"], done["units"]["failed"]), (65, 1))
        self.assertEqual(state_of(theirs), before)
        done = self.move(HERE / "fixtures/runs", self.folder / "out", "--on-existing", "update", job="-other")
        self.assertEqual(done["exit_code"], 0)
        self.assert_same(HERE / "fixtures/runs", self.folder / "out")

    def test_a_changed_unit_comes_again(self):
        source = self.folder / "in"
        shutil.copytree(HERE / "fixtures/runs", source)
        self.move(source, self.folder / "out")
        with open(source / "demo/first/points.csv", "a") as opened:
            opened.write("loss,3,,0.25\n")
        done = self.move(source, self.folder / "out")
        self.assertEqual((done["exit_code"], done["units"]["complete"], done["units"]["skipped"]), (0, 1, 1))
        self.assert_same(source, self.folder / "out")

    def test_kill_at_random_moments(self):
        """kill -9 whenever so many bytes have come; the same command again and again; then all is there once."""
        rng = random.Random(SEED)
        source, target = self.folder / "in", self.folder / "out"
        for unit, count in enumerate([900_000, 20_000, 20_000]):
            folder = source / "p" / f"u{unit}"
            write_unit(folder, {"project": "p", "id": f"i{unit}"},
                       points=[[f"m{n % 7}", n, "", rng.random()] for n in range(count)],
                       series=[["log", n, "", "line\n" * (n % 5)] for n in range(1, 50_000) if n % 5],
                       files=[["f", "series", f"f{n}", n, "", "", "", "", f"files/f{n}"] for n in range(40)])  # fmt: skip
            (folder / "files").mkdir()
            for n in range(40):
                (folder / "files" / f"f{n}").write_bytes(rng.randbytes(20_000))
        arguments = self.box.arguments(f"csv:{source}", f"csv:{target}", self.job)
        whole = sum(f.stat().st_size for f in source.rglob("*") if f.is_file())
        kills = resumed = 0
        for attempt in range(12):
            process = self.box.start(*arguments)
            # How far it gets before it is killed grows, so that the kills come at all stages of the job.
            limit = whole * (attempt + rng.random()) / 10
            while process.poll() is None and size_of(target) < limit:
                pass
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
            process.communicate()
            resumed += any(
                rows(f) and unit_facts(f.parent)["status"] == "incomplete" for f in target.glob("*/*/progress.csv"))
        done = self.move(source, target)
        print(f"seed {SEED}: {kills} kills, after {resumed} of them there was a journal to go on from", file=sys.stderr)
        self.assertGreaterEqual(kills, 6, "the source is too small for this test")
        self.assertGreaterEqual(resumed, 3, "no kill came while a unit was half durable")
        self.assertEqual(done["exit_code"], 0)
        self.assert_same(source, target)
        self.assertEqual(list(target.rglob("*.new")), [])
        for folder in units(target).values():
            named = {row[-1] for row in rows(folder / "files.csv")}
            self.assertEqual({f"files/{f.name}" for f in (folder / "files").iterdir()}, named, "files nobody names")

    def test_torn_journal_line_is_not_believed(self):
        """What a power cut can leave: the journal's last line cut off, rows behind the last good one."""
        source, target = self.folder / "in", self.folder / "out"
        write_unit(source / "p" / "u", {"project": "p", "id": "i"}, points=[["x", n, "", n] for n in range(100_000)])
        self.move(source, target)
        folder = next(iter(units(target).values()))
        facts = unit_facts(folder) | {"status": "incomplete"}
        with open(folder / "unit.csv", "w", newline="") as opened:
            csv.writer(opened).writerows([["name", "value"], *facts.items()])
        (folder / "progress.csv").write_text("sequence,rows of fields.csv\n1,0,0,1638")
        with open(folder / "points.csv", "a") as opened:
            opened.write("x,1,,1\nx,2,")
        self.assertEqual(self.move(source, target, job="-other")["exit_code"], 0)
        self.assert_same(source, target)

    def test_actions(self):
        help_text = self.box.start("--help").communicate()[0].decode()
        if "\n  action" not in help_text:
            self.skipTest("this host has no actions")
        target = self.folder / "out"
        self.move(HERE / "fixtures/runs", target)
        mine = units(target)["run", "acme/demo", "RUN-1"]
        self.move(HERE / "fixtures/runs", self.folder / "out2", job="-kept")
        shutil.copytree(self.folder / "out2", target / "copy", dirs_exist_ok=True)
        for folder in (target / "copy").iterdir():  # units of another job in the same folder
            shutil.move(folder, target / f"kept-{folder.name}")
        (target / "copy").rmdir()
        call = lambda *words: self.box.start("action", "call", *words, "--at", target, "--json").communicate()  # noqa: E731
        out, err = call("csv.units")
        self.assertEqual(out.count(b'"RUN-1"'), 2, err.decode())
        self.assertEqual(out.count(b'"points":7'), 2, out.decode())
        before = state_of(target)
        out, err = call("csv.delete-job", "--job", self.job, "--dry-run")
        self.assertEqual(state_of(target), before, (out, err))
        self.assertIn(b'"units":2', out, err.decode())
        (mine / "notes.txt").write_text("a person's own")
        out, err = call("csv.delete-job", "--job", self.job, "--yes")
        left = {unit_facts(folder)["job"] for folder in units(target).values()}
        self.assertEqual(left, {self.job + "-kept"}, (out, err))
        self.assertEqual([f.name for f in mine.iterdir()], ["notes.txt"], "what a person put there has to stay")
        self.assertEqual(len(list(target.rglob("RUN-2*"))), 1, "the folder of a unit goes with it")


def size_of(folder: Path) -> int:
    total = 0
    for place, _, files in os.walk(folder):
        for name in files:
            try:
                total += os.stat(os.path.join(place, name)).st_size
            except FileNotFoundError:
                pass
    return total


if __name__ == "__main__":
    unittest.main(argv=[a for a in sys.argv if a != "--sanitize"], verbosity=2)
