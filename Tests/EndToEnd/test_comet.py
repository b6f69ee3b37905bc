# SPDX-License-Identifier: Apache-2.0
"""Archives arrive in Comet as they are, through faults and kills; the same command again writes nothing."""

from __future__ import annotations

import collections
import hashlib
import json
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from checks import assert_balanced, assert_exit
from conftest import SEED
from host_command import HostCommand

STUBS = Path(__file__).resolve().parents[1] / "stubs"
sys.path.insert(0, str(STUBS))
from comet import CometServer  # noqa: E402

WHOLE = 1_000_000
FILES = ("file", "file_set", "artifact")
VALUES = ("int_value", "float_value", "string_value", "bool_value", "datetime_value", "string_set_value")


def bits(value: float) -> str:
    return "nan" if value != value else struct.pack(">d", value).hex()


def rows_of(data: Path) -> dict[tuple[str, str], list[dict]]:
    """All rows of an archive by project and run, read by pyarrow alone."""
    runs = collections.defaultdict(list)
    for file in sorted(data.rglob("*.parquet")):
        for row in pq.read_table(file).to_pylist():
            runs[row["project_id"], row["run_id"]].append(row)
    return runs


def milliseconds(moment) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)


def micro(step: Decimal | None) -> int | None:
    return None if step is None else int(step * WHOLE)


class Held:
    """One experiment as the server has it."""

    def __init__(self, server: CometServer, key: str, state: dict):
        self.server, self.key, self.state = server, key, state
        self.others = {name: entry["value"] for name, entry in state["others"].items()}

    @property
    def identity(self) -> tuple[str, str]:
        return self.others["host.project"], self.others.get("host.id", self.others["Name"])

    def lines(self, name: str) -> list[dict]:
        found = [a for a in self.state["assets"] if a["name"] == name]
        assert len(found) == 1, f"{len(found)} assets are called {name}"
        return [json.loads(line) for line in self.server.content(self.key, found[0]["id"]).splitlines()]

    def named(self, kind: str, path: str):
        """What is held under a name, or under the shortened name of one that is too long."""
        held = self.state[kind]
        if path in held:
            return held[path]
        assert len(path) > 100, f"no {kind} {path!r}"
        cut = [name for name in held if name.startswith(path[:80]) and re.search(r"_[0-9a-f]{8}$", name)]
        assert len(cut) == 1, f"{len(cut)} {kind} begin as {path!r}"
        return held[cut[0]]


def held(server: CometServer) -> dict[tuple[str, str], Held]:
    """The experiments that count: each unit's one, complete. Others must say that they are replaced."""
    result = {}
    for key, state in server.state()["experiments"].items():
        one = Held(server, key, state)
        mark = one.others.get("host.state")
        if mark == "replaced":
            assert state["archived"], f"{key} is replaced, and not archived"
            continue
        assert mark == "complete", f"{key} is {mark}"
        assert one.identity not in result, f"two experiments of {one.identity}"
        result[one.identity] = one
    return result


def value_text(row: dict) -> str | list | None:
    """A field's value as Comet keeps it: text, numbers as Java writes them left to `same_value`."""
    for column in VALUES:
        if row[column] is not None:
            return row[column]
    return None


def same_value(there, value) -> bool:
    if isinstance(value, bool):
        return there in (value, str(value).lower())
    if isinstance(value, int):
        return there == value
    if isinstance(value, float):
        if there in ("NaN", "Infinity", "-Infinity"):
            return bits(float(there.replace("Infinity", "inf"))) == bits(value)
        return not isinstance(there, str) and bits(float(there)) == bits(value)
    if isinstance(value, list):
        return (json.loads(there) if isinstance(there, str) else there) == value
    if isinstance(value, str):
        return there == value[:1000]
    return there.startswith(value.strftime("%Y-%m-%dT%H:%M:%S")) and there.endswith("+00:00")


def compare_fields(run: list[dict], one: Held) -> int:
    by_path = collections.defaultdict(list)
    for row in run:
        if "series" not in row["attribute_type"] and row["attribute_type"] not in FILES:
            value = value_text(row)
            if value is not None:
                by_path[row["attribute_path"]].append(value)
    for path, values in by_path.items():
        system = path.startswith("sys/")
        kind = "others" if system else "parameters"
        if len(values) == 1:
            assert same_value(one.named(kind, path)["value"], values[0]), f"{path}: {values[0]!r}"
        else:
            there = [e["value"] for k in ("parameters", "others") for n, e in one.state[k].items()
                     if n == path or n.startswith(f"{path} (")]  # fmt: skip
            assert all(any(same_value(t, v) for t in there) for v in values), f"{path}: {values} are {there}"
        for value in values:
            if system and isinstance(value, list):
                assert set(value) <= set(one.state["tags"])
            if isinstance(value, str) and len(value) > 1000:
                asset = next(a for a in one.state["assets"] if a["name"] == f"{path}.txt")
                assert one.server.content(one.key, asset["id"]).decode() == value
    return sum(map(len, by_path.values()))


def compare_points(run: list[dict], one: Held) -> int:
    """Every point with time and all bits of its value; whole steps are exact, others rounded and told."""
    wanted = collections.defaultdict(collections.Counter)
    start = one.state["start"]
    for row in run:
        if row["attribute_type"] == "float_series":
            # An archive has NaN as null.
            value = float("nan") if row["float_value"] is None else row["float_value"]
            time_ms = milliseconds(row["timestamp"])
            moment = start if time_ms is None else max(time_ms, 0)
            step = micro(row["step"])
            exact = None if step is None or step % WHOLE else step // WHOLE
            wanted[row["attribute_path"]][exact, moment, bits(value)] += 1
    for path, points in wanted.items():
        there = collections.Counter()
        for point in one.named("metrics", path):
            value = "nan" if point["value"] == "NaN" else point["bits"]
            key = (point["step"], point["timestamp"], value)
            there[key if key in points else (None, *key[1:])] += 1
        assert there == points, f"{path}: missing {points - there}, too many {there - points}"
    assert len(one.state["metrics"]) == len(wanted)
    return sum(p.total() for p in wanted.values())


def compare_lines(run: list[dict], one: Held) -> int:
    series, histograms = collections.defaultdict(list), collections.defaultdict(list)
    for row in run:
        at = (micro(row["step"]), milliseconds(row["timestamp"]))
        if row["attribute_type"] == "string_series" and row["string_value"] is not None:
            series[row["attribute_path"]].append((*at, row["string_value"].replace("\0", "\ufffd")))
        if row["attribute_type"] == "histogram_series" and row["histogram_value"] is not None:
            histograms[row["attribute_path"]].append((*at, row["histogram_value"]))

    def place(line: dict) -> tuple:
        step = None if line["step"] is None else micro(Decimal(str(line["step"])))
        return step, line["time"] and milliseconds(moment_of(line["time"]))

    for path, values in series.items():
        assert [(*place(line), line["value"]) for line in one.lines(f"{path}.jsonl")] == values, path
    for path, values in histograms.items():
        lines = one.lines(f"{path}.histograms.jsonl")
        assert [place(line) for line in lines] == [v[:2] for v in values], path
        for line, (*_, value) in zip(lines, values):
            for mine, name in ((line["edges"], "edges"), (line["values"], "values")):
                numbers = [float(str(n).replace("Infinity", "inf")) for n in mine]
                assert [bits(n) for n in numbers] == [bits(n) for n in value[name]], f"{path} {name}"
        shown = {entry["step"]: entry for entry in one.state["histograms"][path]}
        assert set(shown) == {v[0] // WHOLE for v in values}, path
        for step, _, value in values:
            entry = shown[step // WHOLE]
            if value["type"] == "COUNTING" and "host.scale" not in (entry["metadata"] or {}):
                total = sum(count for _, count in entry["histogram"]["index_values"])
                assert total == sum(value["values"]), path
    return sum(map(len, series.values())) + sum(map(len, histograms.values()))


def moment_of(text: str):
    from datetime import datetime

    return datetime.fromisoformat(text)


def compare_files(data: Path, project: str, run: list[dict], one: Held) -> int:
    """Each payload's bytes, found by the path and step that the asset's metadata tells."""
    there = collections.Counter()
    for asset in one.state["assets"]:
        facts = asset["metadata"] or {}
        if "host.role" in facts:
            step = facts.get("host.step")
            there[facts["host.path"][:80], step and micro(Decimal(step)), asset["sha256"]] += 1
    wanted = collections.Counter()
    prefix, all_folders = re.sub(r"[^\w.-]", "_", project), list((data.parent / "files").iterdir())
    folders = [f for f in all_folders if f.name.startswith(prefix)] or all_folders
    for row in run:
        if row["file_value"] is None or row["file_value"]["path"] is None:
            continue
        found = [f / row["file_value"]["path"] for f in folders if (f / row["file_value"]["path"]).exists()]
        for place in found[:1]:
            for file in [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file()):
                digest = hashlib.sha256(file.read_bytes()).hexdigest()
                wanted[row["attribute_path"][:80], micro(row["step"]), digest] += 1
    assert there == wanted, f"missing {wanted - there}, too many {there - wanted}"
    return wanted.total()


def compare(data: Path, server: CometServer) -> collections.Counter:
    runs, experiments = rows_of(data), held(server)
    assert set(experiments) == set(runs)
    compared = collections.Counter()
    for (project, name), run in runs.items():
        one = experiments[project, name]
        compared["fields"] += compare_fields(run, one)
        compared["points"] += compare_points(run, one)
        compared["lines"] += compare_lines(run, one)
        compared["files"] += compare_files(data, project, run, one)
    assert not server.problems()
    return compared


def writes(server: CometServer, before: int = 0) -> list[str]:
    """Requests that change something; some of Comet's do it by GET."""
    return [r["path"] for r in server.requests()[before:] if r["method"] != "GET" or "/write/" in r["path"]]


@pytest.fixture
def comet(tmp_path):
    with CometServer(tmp_path / "comet") as one:
        yield one


def command(server: CometServer, folder: Path) -> HostCommand:
    return HostCommand(folder, COMET_API_KEY=server.api_key, COMET_URL_OVERRIDE=server.client_url)


@pytest.fixture
def loader(comet, tmp_path):
    return command(comet, tmp_path / "loader")


@pytest.mark.parametrize("generation", ["neptune3", "neptune2"])
def test_fixture_arrives_and_stays(fixtures, comet, loader, generation):
    data = fixtures / generation / "data"
    first = assert_exit(loader.run(data, f"comet:{comet.workspace}"), 0)
    assert_balanced(first.summary)
    compared = compare(data, comet)
    print(dict(compared), len(comet.requests()), "requests")
    assert compared["points"] == first.summary["records"]["points"]["written"] > 3000
    assert compared["fields"] == first.summary["records"]["fields"]["written"]
    assert compared["files"] == first.summary["records"]["files"]["written"]
    before = len(comet.requests())
    again = assert_exit(loader.run(data, f"comet:{comet.workspace}"), 0)
    assert not writes(comet, before)
    assert again.summary["units"]["skipped"] == first.summary["units"]["seen"]


def test_other_job_finds_them_by_key(fixtures, comet, loader, tmp_path):
    """Without the ledger the marks in Comet tell what is there; renamed by a person it is still found."""
    data = fixtures / "neptune2" / "data"
    assert_exit(loader.run(data, f"comet:{comet.workspace}"), 0)
    before = len(comet.requests())
    other = command(comet, tmp_path / "second")
    again = assert_exit(other.run(data, f"comet:{comet.workspace}", job="two"), 0)
    assert not writes(comet, before)
    assert again.summary["units"]["skipped"] == again.summary["units"]["seen"] > 20


def test_key_is_told_nowhere(fixtures, comet, loader):
    done = assert_exit(loader.run(fixtures / "neptune2" / "data", f"comet:{comet.workspace}"), 0)
    secret = comet.api_key.encode()
    assert comet.api_key not in done.out + done.err
    for file in loader.folder.rglob("*"):
        assert not file.is_file() or secret not in file.read_bytes(), file


def test_wrong_key_stops(fixtures, comet, tmp_path):
    loader = HostCommand(tmp_path / "wrong", COMET_API_KEY="wrong", COMET_URL_OVERRIDE=comet.client_url)
    done = loader.run(fixtures / "neptune2" / "data", f"comet:{comet.workspace}")
    assert done.code not in (0, 65) and "COMET_API_KEY" in done.out + done.err
    assert not comet.state()["experiments"]


def test_workspace_and_project(fixtures, comet, loader):
    data = fixtures / "neptune2" / "data"
    assert_exit(loader.run(data, f"comet:{comet.workspace}/one-for-all"), 0)
    assert {e["project"] for e in comet.state()["experiments"].values()} == {"one-for-all"}
    done = loader.run(data, "comet:nobody", job="nobody")
    assert done.code != 0 and "nobody" in done.out + done.err


# Every kind of request that a load makes.
REQUESTS = [
    "POST .*logger/add/run", "GET .*experiment/log-other", "POST .*write/experiment/log-other",
    "status-report/update", "tags/add-tags", "experiment/parameter$", "experiment/metric$", "asset/upload$",
    "visualizations/upload", "system-details", "GET .*experiment/parameters$", "GET .*experiment/tags$",
    "metrics/summary", "metrics/get-metric", "asset/list", "set-start-end-time", "GET .*experiment/metadata",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["429", "500", "502", "503", "504", "reset", "reset-after", "lost", "cut"])
def test_fault_at_each_request(fixtures, comet, loader, kind):
    data = fixtures / "neptune3" / "data"
    options = {"retry_after": 0.2} if kind == "429" else {}
    faults = [comet.fault(kind, endpoint, nth=2, **options) for endpoint in REQUESTS]
    done = loader.run(data, f"comet:{comet.workspace}")
    unmet = [f.endpoint for f in faults if not f.struck]
    assert not unmet, f"no request met {unmet}"
    comet.faults.clear()
    assert_exit(done, 0)
    compare(data, comet)
    before = len(comet.requests())
    assert_exit(loader.run(data, f"comet:{comet.workspace}"), 0)
    assert not writes(comet, before)


@pytest.mark.parametrize("kind", ["lost", "reset-after", "504"])
def test_points_whose_fate_is_unknown_are_not_doubled(fixtures, comet, loader, kind):
    """Comet keeps twice what it is sent twice: the experiment is made anew, under another key."""
    data = fixtures / "neptune3" / "data"
    comet.fault(kind, "batch/logger/experiment/metric", nth=3, times=2)
    done = assert_exit(loader.run(data, f"comet:{comet.workspace}", "--transfers", "1"), 0)
    replaced = [e for e in comet.state()["experiments"].values()
                if e["others"]["host.state"]["value"] == "replaced"]  # fmt: skip
    assert replaced and done.losses["experiment.archived"] == len(replaced)
    compare(data, comet)


def test_throttled_for_long(fixtures, comet, loader):
    data = fixtures / "neptune2" / "data"
    comet.fault("429", "batch/logger", times=12, retry_after=0.1)
    assert_exit(loader.run(data, f"comet:{comet.workspace}"), 0)
    compare(data, comet)


def test_refusal_is_final_and_the_rest_arrives(fixtures, comet, loader):
    data = fixtures / "neptune2" / "data"
    comet.fault("error", "batch/logger/experiment/parameter", nth=3, status=400)
    done = assert_exit(loader.run(data, f"comet:{comet.workspace}", "--transfers", "1"), 65)
    assert done.summary["units"]["failed"] == 1
    assert_exit(loader.run(data, f"comet:{comet.workspace}"), 0)
    compare(data, comet)


@pytest.mark.slow
def test_commit_sees_what_is_missing(fixtures, comet, loader):
    """A server that says 200 and keeps nothing: the unit must not be called complete."""
    data = fixtures / "neptune2" / "data"
    original = type(comet.store).add_asset

    def forget(store, experiment, asset, content, overwrite):
        made = original(store, experiment, asset, content, overwrite)
        experiment.assets.pop(made.key, None)
        return made

    type(comet.store).add_asset = forget
    try:
        done = loader.run(data, f"comet:{comet.workspace}", "--run", "^LCV-1$", "--retry-for", "1", limit=200)
    finally:
        type(comet.store).add_asset = original
    assert done.code != 0 and "does not hold" in done.out + done.err
    states = {e["others"]["host.state"]["value"] for e in comet.state()["experiments"].values()}
    assert states <= {"incomplete", "replaced"}


def changed_copy(data: Path, root: Path) -> Path:
    """The archive with another value in a field of each run that has points, and one point fewer."""
    shutil.copytree(data.parent, root)
    for file in (root / "data").rglob("*.parquet"):
        table = pq.read_table(file)
        points = [i for i, kind in enumerate(table["attribute_type"].to_pylist()) if kind == "float_series"]
        if points:
            kept = [i for i in range(table.num_rows) if i != points[-1]]
            pq.write_table(table.take(pa.array(kept)), file)
    return root / "data"


def test_update_makes_anew_what_changed(fixtures, comet, loader, tmp_path):
    data = fixtures / "neptune2" / "data"
    assert_exit(loader.run(data, f"comet:{comet.workspace}"), 0)
    changed = changed_copy(data, tmp_path / "changed")
    before = compare(data, comet)
    done = assert_exit(
        loader.run(changed, f"comet:{comet.workspace}", "--on-existing", "update", job="two"), 0)  # fmt: skip
    after = compare(changed, comet)
    assert after["points"] < before["points"] and done.summary["units"]["complete"] > 5
    # Once more: the second attempt is deleted, the first stays in the archive.
    third = changed_copy(changed, tmp_path / "third")
    assert_exit(loader.run(third, f"comet:{comet.workspace}", "--on-existing", "update", job="three"), 0)
    compare(third, comet)
    archived = [e for e in comet.state()["experiments"].values()
                if e["others"]["host.state"]["value"] == "replaced"]  # fmt: skip
    assert len(archived) == done.summary["units"]["complete"]


def without(data: Path, root: Path, is_gone) -> Path:
    """A copy of the archive that lacks some rows."""
    shutil.copytree(data.parent, root)
    for file in (root / "data").rglob("*.parquet"):
        table = pq.read_table(file)
        kept = [i for i, row in enumerate(table.to_pylist()) if not is_gone(row)]
        pq.write_table(table.take(pa.array(kept, pa.int64())), file)
    return root / "data"


def test_what_another_revision_left_half_is_not_gone_on_with(fixtures, comet, loader, tmp_path):
    """Parameters of a load that failed must not stay when the source has changed since."""
    # Without points a half experiment could be gone on with.
    data = without(fixtures / "neptune2" / "data", tmp_path / "first",
                   lambda row: row["attribute_type"] == "float_series")  # fmt: skip
    comet.fault("error", "GET .*experiment/parameters$", times=100, status=400)
    done = assert_exit(loader.run(data, f"comet:{comet.workspace}"), 65)
    assert done.summary["units"]["failed"] > 5
    comet.faults.clear()
    changed = without(data, tmp_path / "changed", lambda row: row["attribute_path"].startswith("params/"))
    assert_exit(loader.run(changed, f"comet:{comet.workspace}", job="two"), 0)
    compare(changed, comet)
    for one in held(comet).values():
        assert not [path for path in one.state["parameters"] if path.startswith("params/")]


@pytest.mark.slow
@pytest.mark.parametrize("generation", ["neptune3", "neptune2"])
def test_kill_at_random_moments(fixtures, comet, loader, generation):
    data = fixtures / generation / "data"
    rng, killed = random.Random(SEED), 0
    arguments = loader.run_arguments(data, f"comet:{comet.workspace}", "--transfers", "2")
    for _ in range(25):
        process = loader.start(*arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wanted = len(comet.requests()) + rng.randrange(0, 250)
        limit = time.monotonic() + 60
        while len(comet.requests()) < wanted and process.poll() is None and time.monotonic() < limit:
            time.sleep(0.0005)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    print(f"seed {SEED}: {killed} of 25 commands were killed, {len(comet.requests())} requests")
    assert killed >= 8, "too few kills for this test"
    assert_exit(loader.run(data, f"comet:{comet.workspace}"), 0)
    compare(data, comet)


def test_kill_at_each_kind_of_request(fixtures, comet, loader):
    """The server is slow at one kind of request, and the command dies while it waits for the answer."""
    data = fixtures / "neptune3" / "data"
    arguments = loader.run_arguments(data, f"comet:{comet.workspace}", "--transfers", "1")
    for endpoint in REQUESTS:
        fault = comet.fault("slow", endpoint, seconds=20)
        process = loader.start(*arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        limit = time.monotonic() + 60
        while not fault.struck and process.poll() is None:
            assert time.monotonic() < limit, endpoint
            time.sleep(0.001)
        process.kill()
        process.wait()
        comet.faults.clear()
    assert_exit(loader.run(data, f"comet:{comet.workspace}"), 0)
    compare(data, comet)


def archive_messages(file: Path) -> tuple[dict, list[dict], zipfile.ZipFile]:
    archive = zipfile.ZipFile(file)
    assert archive.testzip() is None
    messages = [json.loads(line) for line in archive.read("messages.json").splitlines()]
    return json.loads(archive.read("experiment.json")), messages, archive


def test_archive_holds_every_point(fixtures, host, tmp_path):
    data, folder = fixtures / "neptune3" / "data", tmp_path / "archives"
    arguments = ["--to-opt", f"offline-archive={folder}"]
    done = assert_exit(host.run(data, "comet:team", *arguments), 0)
    points = files = 0
    for file in folder.glob("*.zip"):
        experiment, messages, archive = archive_messages(file)
        assert experiment["offline_id"] == file.stem and experiment["workspace"] == "team"
        points += sum(m["type"] == "metric_msg" for m in messages)
        for message in messages:
            if message["type"] == "file_upload":
                assert archive.getinfo(message["payload"]["file_path"])
                files += "host.role" in message["payload"]["metadata"]
    assert points == done.summary["records"]["points"]["written"] > 3000
    assert files == done.summary["records"]["files"]["written"]
    assert not list(folder.glob("*.part"))
    before = {f: f.stat().st_mtime_ns for f in folder.iterdir()}
    again = assert_exit(host.run(data, "comet:team", *arguments, job="again"), 0)
    assert again.summary["units"]["skipped"] == again.summary["units"]["seen"]
    assert before == {f: f.stat().st_mtime_ns for f in folder.iterdir()}


@pytest.mark.slow
def test_archives_are_taken_by_the_real_uploader(fixtures, comet, host, tmp_path):
    """`comet upload`, from a virtual environment that HOST_COMET_VENV names or that is made here."""
    venv = Path(os.environ.get("HOST_COMET_VENV") or tmp_path / "venv")
    if not (venv / "bin" / "comet").exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True, timeout=120)
        subprocess.run([str(venv / "bin" / "pip"), "install", "-q", "comet_ml"], check=True, timeout=500)
    data, folder = fixtures / "neptune3" / "data", tmp_path / "archives"
    assert_exit(host.run(data, f"comet:{comet.workspace}", "--to-opt", f"offline-archive={folder}"), 0)
    home = tmp_path / "home"
    home.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "COMET_API_KEY": comet.api_key,
                   "COMET_URL_OVERRIDE": comet.client_url}  # fmt: skip
    files = sorted(str(f) for f in folder.glob("*.zip"))
    done = subprocess.run([str(venv / "bin" / "comet"), "upload", *files], env=environment, cwd=home,
                          capture_output=True, text=True, timeout=500)  # fmt: skip
    told = done.stdout + done.stderr
    assert done.returncode == 0, told[-3000:]
    # It says that it cannot choose infinities and NaN when it samples; they arrive all the same.
    complaints = [line for line in told.splitlines()
                  if re.search("WARNING|ERROR", line) and "has been skipped" not in line]  # fmt: skip
    assert not complaints, complaints
    states = {e["others"]["host.state"]["value"] for e in comet.state()["experiments"].values()}
    assert states == {"from an archive"}
    # Whether all of it arrived nobody told Comet; said here, the same comparison serves.
    for experiment in comet.store.experiments.values():
        experiment.set_other("host.state", "complete", None)
    compared = compare(data, comet)
    print(dict(compared))
    assert compared["points"] > 3000


def test_uploaded_archives_are_not_doubled(fixtures, comet, loader):
    """What was uploaded from an archive is made anew by a load, and leaves one experiment that counts."""
    data = fixtures / "neptune2" / "data"
    assert_exit(loader.run(data, f"comet:{comet.workspace}"), 0)
    for experiment in comet.store.experiments.values():
        experiment.set_other("host.state", "from an archive", None)
        for name in ("host.points", "host.revision"):
            experiment.others.pop(name, None)
            experiment.other_values.pop(name, None)
    done = assert_exit(loader.run(data, f"comet:{comet.workspace}", job="two"), 0)
    assert done.losses["experiment.archived"] == done.summary["units"]["seen"]
    compare(data, comet)
