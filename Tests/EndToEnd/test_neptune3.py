# SPDX-License-Identifier: Apache-2.0
"""Neptune 3 as a source: what arrives in an archive is what the server has, whatever happens on the way."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import signal
import struct
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from host_command import HostCommand

from checks import assert_exit
from conftest import SEED

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "stubs" / "neptune"))
from neptune_stub.expected import rows as stub_rows  # noqa: E402
from neptune_stub.pages import PageCaps  # noqa: E402
from neptune_stub.server import NeptuneServer  # noqa: E402

TABLES = ("fields", "points", "series", "histograms", "files")
TYPES = {
    "float": "float",
    "int": "int",
    "string": "text",
    "bool": "bool",
    "datetime": "time",
    "string_set": "set",
}
# The archive's own limits, and what the plugin tells for completeness.
KNOWN_LOSSES = {
    "type.unreadable",
    "value.nan",
    "series.count",
    "file.missing",
    "identity.added",
    "file.name-other",
    "parent.missing",
}
ARCHIVED = ("--from-opt", "include-archived=true")


@pytest.fixture
def neptune(tmp_path):
    """Makes stubs; all are stopped at the end."""
    running: list[NeptuneServer] = []

    def start(profile: str = "small", **more) -> NeptuneServer:
        server = NeptuneServer(tmp_path / f"neptune-{len(running)}", profile=profile, seed=SEED, **more)
        running.append(server.start())
        return server

    yield start
    for server in running:
        server.stop()


class Move:
    """A job from a stub into an archive of its own."""

    def __init__(self, server: NeptuneServer, folder: Path, place: str = "acme/vision", *options: str):
        self.host = HostCommand(folder, NEPTUNE_API_TOKEN=server.api_token)
        self.data = folder / "out" / "data"
        self.arguments = self.host.run_arguments(f"neptune3:{place}", f"parquet:{self.data}", *options)

    def run(self, *codes: int):
        return assert_exit(self.host(*self.arguments, limit=300), *(codes or (0, 65)))

    def rows(self) -> dict[str, Counter]:
        return arrived(self.data)


def bits(number: float) -> str:
    return struct.pack(">d", number).hex()


def arrived(data: Path) -> dict[str, Counter]:
    found = {table: Counter() for table in TABLES}
    for table, row in archive_rows(data):
        found[table][row] += 1
    return found


def archive_rows(data: Path):
    for part in sorted(data.rglob("*.parquet")):
        payloads = data.parent / "files" / part.parent.name
        for batch in pq.ParquetFile(part).iter_batches(20_000):
            for row in batch.to_pylist():
                yield archive_row(row, payloads)


def folded(rows) -> dict[str, tuple[int, int]]:
    """For each table the number of its rows and their order-free sum: millions of rows need no memory."""
    sums = {table: (0, 0) for table in TABLES}
    for table, row in rows:
        count, total = sums[table]
        sums[table] = (count + 1, (total + hash(row)) % 2**64)
    return sums


def archive_row(row: dict, payloads: Path) -> tuple[str, tuple]:
    kind = row["attribute_type"]
    key = (row["project_id"], row["run_id"], row["attribute_path"])
    step = None if row["step"] is None else int(row["step"] * 1_000_000)
    time_of = None if row["timestamp"] is None else milliseconds(row["timestamp"])
    number = float("nan") if row["float_value"] is None else row["float_value"]
    if kind in TYPES:
        value = {
            "float": lambda: bits(number),
            "int": lambda: row["int_value"],
            "string": lambda: row["string_value"],
            "bool": lambda: row["bool_value"],
            "datetime": lambda: milliseconds(row["datetime_value"]),
            "string_set": lambda: tuple(sorted(row["string_set_value"])),
        }[kind]()
        return "fields", (*key, TYPES[kind], value)
    if kind == "float_series":
        return "points", (*key, step, time_of, bits(number))
    if kind == "string_series":
        return "series", (*key, step, time_of, row["string_value"])
    if kind == "histogram_series":
        one = row["histogram_value"]
        return "histograms", (
            *key,
            step,
            time_of,
            one["type"],
            *(tuple(map(bits, one[n])) for n in ("edges", "values")),
        )
    assert kind in ("file", "file_series"), kind
    content = (payloads / row["file_value"]["path"]).read_bytes()
    return "files", (*key, step, time_of, len(content), hashlib.sha256(content).hexdigest())


def milliseconds(moment) -> int:
    """Exact, as `timestamp()` is not."""
    return (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)


def expected(server: NeptuneServer, project: str | None = None, take=lambda table, row: True,
             inherited: bool = False, previews: bool = False, units=None) -> dict[str, Counter]:  # fmt: skip
    """What a reader must arrive at. `take` chooses rows of the stub's own tables."""
    made = {table: Counter() for table in TABLES}
    known = server.expected(project)
    chosen = {(u["project"], u["sys_id"]) for u in known["units"] if (units or (lambda one: True))(u)}
    for table in TABLES:
        for row in known[table]:
            if (row["project"], row["sys_id"]) not in chosen or not take(table, row):
                continue
            if (
                not (row.get("own", True) or inherited)
                or row.get("preview")
                and not previews
                or row.get("gone")
            ):
                continue
            made[table][expected_row(table, row)] += 1
    return made


def expected_row(table: str, row: dict) -> tuple:
    key = (row["project"], row["unit"] or row["sys_id"], row["path"])
    if table == "fields":
        return (*key, row["type"], tuple(row["value"]) if row["type"] == "set" else row["value"])
    place = (*key, row["step"], row["time"])
    if table == "points":
        return (*place, row["bits"])
    if table == "series":
        return (*place, row["text"])
    if table == "histograms":
        return (*place, row["kind"], tuple(row["edges"]), tuple(row["values"]))
    return (*place, row["size"], row["sha256"])


def assert_same(found: dict[str, Counter], wanted: dict[str, Counter]) -> None:
    for table in TABLES:
        missing, extra = wanted[table] - found[table], found[table] - wanted[table]
        # A run without an id of its own gets the one by which an archive's readers know it.
        extra = Counter({r: n for r, n in extra.items() if table != "fields" or r[2] != "sys/custom_run_id"})
        assert not missing and not extra, (
            f"{table}: {sum(missing.values())} missing, {sum(extra.values())} extra\n"
            f"missing: {list(missing)[:3]}\nextra: {list(extra)[:3]}"
        )


def not_archived(unit: dict) -> bool:
    return not unit["archived"]


def test_all_of_a_project_arrives(neptune, tmp_path):
    server = neptune()
    move = Move(server, tmp_path / "move", "acme/vision", *ARCHIVED)
    done = move.run(65)
    wanted = expected(server, "acme/vision")
    assert_same(move.rows(), wanted)
    assert sum(map(len, wanted.values())) > 5_000, "the data set is too small for this test"
    assert set(done.losses) <= KNOWN_LOSSES, done.losses
    # One payload is gone from the storage: a row of the source that is told, and not handed over.
    assert done.losses["file.missing"] == 1
    for table in TABLES:
        count = done.summary["records"][table]
        assert count["written"] == sum(wanted[table].values()), (table, count)
        assert count["read"] == count["written"] + count["lost"], (table, count)


def test_hostile_runs_arrive_or_are_told(neptune, tmp_path):
    """Steps that an archive can't hold are a loss by name; all else arrives, the run without an id, too."""
    server = neptune()
    move = Move(server, tmp_path / "move", "acme/hostile", *ARCHIVED)
    done = move.run(65)
    # A name of 240 characters is longer than an archive's file names may be; such a run fails by name.
    assert [failure["id"] for failure in done.summary["failures"]] == ["x" * 240]
    wanted = expected(server, "acme/hostile", units=lambda unit: unit["unit"] != "x" * 240)
    far = Counter({row: n for row, n in wanted["points"].items() if row[3] >= 10**18})
    wanted["points"] -= far
    assert_same(move.rows(), wanted)
    assert far, "the data set has no far step"
    assert sum(n for code, n in done.losses.items() if code.startswith("step.")) == sum(far.values()), (
        done.losses
    )
    unknown = [row for row in server.expected("acme/hostile")["unreadable"] if row["unit"] != "x" * 240]
    assert done.losses["type.unreadable"] == len(unknown)


def test_workspace_with_patterns(neptune, tmp_path):
    server = neptune()
    move = Move(server, tmp_path / "move", "acme", "--from-opt", r"project-pattern=n|v", "--from-opt",
                "project-exclude=^vis", *ARCHIVED)  # fmt: skip
    done = move.run()
    assert_same(move.rows(), expected(server, "acme/nlp.beta_2"))
    assert done.summary["units"]["seen"] == 3


def test_second_run_moves_nothing(neptune, tmp_path):
    server = neptune()
    move = Move(server, tmp_path / "move", "acme/vision")
    move.run()
    before = len(server.requests())
    again = move.run().summary
    assert again["units"]["complete"] == 0 and again["units"]["skipped"] == again["units"]["seen"] > 5
    asked = {entry["endpoint"] for entry in server.requests()[before:]}
    assert not asked & {"query_values", "float_series", "object_series", "storage_get"}, asked
    assert_same(move.rows(), expected(server, "acme/vision", units=not_archived))


def test_a_run_that_changed_is_moved_again(neptune, tmp_path):
    server = neptune()
    move = Move(server, tmp_path / "move", "acme/vision", "--on-existing", "update")
    move.run()
    server.change("acme/vision", "VIS-1")
    again = move.run().summary
    assert again["units"]["complete"] == 1, again["units"]
    assert_same(move.rows(), expected(server, "acme/vision", units=not_archived))


def test_archived_runs_are_left_out_unless_asked_for(neptune, tmp_path):
    server = neptune()
    move = Move(server, tmp_path / "move", "acme/vision")
    move.run()
    wanted = expected(server, "acme/vision", units=not_archived)
    assert wanted != expected(server, "acme/vision"), "the data set has no archived run"
    assert_same(move.rows(), wanted)
    log = "".join(p.read_text(errors="replace") for p in move.host.job_dir.rglob("log.txt"))
    assert "archived runs are left out" in log


def test_ids_from_a_file(neptune, tmp_path):
    server = neptune()
    units = server.expected("acme/vision")["units"]
    ids = [unit["unit"] for unit in units if unit["archived"]][:1] + [units[0]["unit"], units[6]["unit"]]
    file = tmp_path / "ids.txt"
    file.write_text("\n".join([*ids, "no such run"]) + "\n", encoding="utf-8")
    move = Move(server, tmp_path / "move", "acme/vision", "--from-opt", f"run-ids-file={file}")
    done = move.run(65)
    assert_same(move.rows(), expected(server, "acme/vision", units=lambda unit: unit["unit"] in ids))
    assert done.losses["unit.not-found"] == 1 and done.summary["units"]["failed"] == 1


def test_runs_by_joined_patterns(neptune, tmp_path):
    server = neptune()
    move = Move(
        server, tmp_path / "move", "acme/vision", "--from-opt", "runs=^run- & !0001 | ^base", *ARCHIVED
    )
    move.run()

    def taken(unit: dict) -> bool:
        name = unit["unit"]
        return name.startswith("run-") and "0001" not in name or name.startswith("base")

    assert_same(move.rows(), expected(server, "acme/vision", units=taken))


@pytest.mark.parametrize(
    "option, take",
    [
        ("classes=parameters,files", lambda table, row: table in ("fields", "files")),
        ("exclude-classes=metrics", lambda table, row: table != "points"),
        ("attributes=^sys/ | loss & !val", lambda _, row: row["path"].startswith("sys/")
         or "loss" in row["path"] and "val" not in row["path"]),
    ],
)  # fmt: skip
def test_chosen_attributes(neptune, tmp_path, option, take):
    server = neptune()
    move = Move(server, tmp_path / "move", "acme/vision", "--from-opt", option)
    move.run()
    wanted = expected(server, "acme/vision", take=take, units=not_archived)
    assert_same(move.rows(), wanted)
    # What was taken in part is not whole for a job that takes all.
    whole = HostCommand(tmp_path / "whole", NEPTUNE_API_TOKEN=server.api_token)
    done = whole.run("neptune3:acme/vision", f"parquet:{move.data}", "--on-existing", "update")
    assert done.summary["units"]["complete"] == done.summary["units"]["seen"]
    assert_same(move.rows(), expected(server, "acme/vision", units=not_archived))


def test_attribute_names_from_a_file(neptune, tmp_path):
    server = neptune()
    names = ["sys/id", "odd/float/nan", "logs/long", "not there"]
    (tmp_path / "names.txt").write_text("\n".join(names), encoding="utf-8")
    option = f"attribute-names-file={tmp_path / 'names.txt'}"
    move = Move(server, tmp_path / "move", "acme/vision", "--from-opt", option)
    move.run()
    wanted = expected(server, "acme/vision", take=lambda _, row: row["path"] in names, units=not_archived)
    # The archive's writer adds the attributes by which its readers know a run.
    found = {t: Counter({r: n for r, n in rows.items() if r[2] in names}) for t, rows in move.rows().items()}
    assert_same(found, wanted)
    added = {row[2] for row in move.rows()["fields"]} - set(names)
    assert all(name.startswith("sys/") for name in added), added


def test_previews_and_inherited_points(neptune, tmp_path):
    server = neptune()
    move = Move(server, tmp_path / "move", "acme/vision", "--from-opt", "previews=true", "--from-opt",
                "inherited=true", *ARCHIVED)  # fmt: skip
    move.run()
    wanted = expected(server, "acme/vision", inherited=True, previews=True)
    own = expected(server, "acme/vision")
    assert sum(wanted["points"].values()) > sum(own["points"].values())
    assert_same(move.rows(), wanted)


def test_tiny_pages(neptune, tmp_path):
    """A server that gives smaller pages than it is asked for loses nothing."""
    server = neptune(caps=PageCaps(entries=5, definitions=7, values=11, objects=13, projects=2))
    move = Move(server, tmp_path / "move", "acme", *ARCHIVED, "--from-opt", "project-exclude=hostile")
    move.run()
    wanted = expected(server, "acme/vision")
    for table, rows in expected(server, "acme/nlp.beta_2").items():
        wanted[table] += rows
    assert_same(move.rows(), wanted)


READING = (
    "search_entries",
    "query_definitions",
    "query_values",
    "float_series",
    "object_series",
    "signed_url",
    "storage_get",
)


@pytest.mark.parametrize(
    "kind", ["status 429", "status 503", "expired_token", "cut", "reset", "wrong_length"]
)
def test_faults_on_the_way(neptune, tmp_path, kind):
    server = neptune()
    rng = random.Random(f"{SEED} {kind}")
    name, _, status = kind.partition(" ")
    more = {"status": int(status), "retry_after": "0.2"} if status else {}
    for endpoint in READING:
        if name != "expired_token" or endpoint != "storage_get":
            server.fault(endpoint, name, nth=rng.randrange(1, 8), **more)
    if name != "expired_token":
        server.fault("exchange_api_token", name, nth=1, **more)
        server.fault("get_project", name, nth=1, **more)
    move = Move(server, tmp_path / "move", "acme/vision")
    done = move.run()
    assert done.summary["units"]["failed"] == 0, done.told()
    assert_same(move.rows(), expected(server, "acme/vision", units=not_archived))
    struck = {entry["endpoint"] for entry in server.requests() if entry["fault"]}
    assert len(struck) >= 5, struck


@pytest.mark.parametrize(
    "endpoint", ["float_series", "object_series", "query_values", "search_entries", "signed_url"]
)
def test_a_page_that_comes_twice(neptune, tmp_path, endpoint):
    server = neptune(caps=PageCaps(entries=4, values=40, objects=200))
    server.fault(endpoint, "duplicate_page", nth=4)
    move = Move(server, tmp_path / "move", "acme/vision", "--transfers", "1")
    done = move.run()
    if done.summary["units"]["failed"]:
        done = move.run()
    assert done.summary["units"]["failed"] == 0, done.told()
    assert_same(move.rows(), expected(server, "acme/vision", units=not_archived))
    assert any(entry["fault"] for entry in server.requests(endpoint))


def test_addresses_that_ran_out(neptune, tmp_path):
    server = neptune()
    server.fault("storage_get", "expired_url", nth=2, times=2)
    move = Move(server, tmp_path / "move", "acme/vision")
    assert move.run().losses["file.missing"] == 1
    assert_same(move.rows(), expected(server, "acme/vision", units=not_archived))


def test_tokens_of_short_life(neptune, tmp_path):
    server = neptune(token_seconds=31)
    move = Move(server, tmp_path / "move", "acme/vision")
    server.fault("float_series", "slow", nth=1, seconds=2.5)
    move.run()
    assert server.requests("refresh_token"), "no token was renewed"
    assert_same(move.rows(), expected(server, "acme/vision", units=not_archived))


def test_a_token_that_is_not_accepted(neptune, tmp_path):
    server = neptune()
    token = base64.b64encode(
        json.dumps({"api_address": server.url, "api_key": "wrong-key-000"}).encode()
    ).decode()
    host = HostCommand(tmp_path / "command", NEPTUNE_API_TOKEN=token)
    done = host.run("neptune3:acme/vision", f"parquet:{tmp_path / 'out'}")
    assert done.code in (77, 78), done.told()
    assert "NEPTUNE_API_TOKEN" in done.err + done.out
    assert len(server.requests("exchange_api_token")) == 1, "what is refused for good is not tried again"


@pytest.mark.parametrize("token", ["", "not base64 !", "e30="])
def test_a_token_that_is_none(tmp_path, token):
    host = HostCommand(tmp_path / "command", NEPTUNE_API_TOKEN=token)
    done = host.run("neptune3:acme/vision", f"parquet:{tmp_path / 'out'}")
    assert done.code in (64, 78) and "api-token" in done.err, done.told()


def test_no_secret_is_left_behind(neptune, tmp_path):
    server = neptune()
    server.fault("query_values", "status", status=400, times=100)
    server.fault("storage_get", "status", status=500, times=3)
    move = Move(server, tmp_path / "move", "acme/nlp.beta_2")
    process = move.host.start(*move.arguments)
    out, err = process.communicate(timeout=280)
    kept = b"".join(p.read_bytes() for p in (tmp_path / "move").rglob("*") if p.is_file()) + out + err
    assert server.requests("query_values"), "nothing was read"
    for secret in (server.api_token, "Signature=", "eyJ"):
        assert secret.encode() not in kept, secret[:12]


@pytest.mark.slow
def test_kill_at_random_moments(neptune, tmp_path):
    server = neptune(caps=PageCaps(objects=100))
    rng = random.Random(SEED)
    move = Move(server, tmp_path / "move", "acme/vision", "--transfers", "2")
    killed = 0
    for _ in range(12):
        seen = len(server.requests())
        process = move.host.start(*move.arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wanted, limit = seen + rng.randrange(1, 60), time.monotonic() + 60
        while len(server.requests()) < wanted and process.poll() is None:
            assert time.monotonic() < limit
            time.sleep(0.002)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    assert killed >= 6, killed
    done = move.run()
    assert done.summary["units"]["failed"] == 0, done.told()
    assert_same(move.rows(), expected(server, "acme/vision", units=not_archived))


@pytest.mark.slow
def test_long_series_and_large_files_killed_twice(neptune, tmp_path):
    """Series of many pages, groups of series side by side, a file of 40 MiB."""
    server = neptune("medium")
    for nth in (10, 40, 70):
        server.fault("float_series", "duplicate_page", nth=nth, contains='"afterStep"')
    move = Move(server, tmp_path / "move", "acme/vision", *ARCHIVED)
    for wanted in (60, 40):
        seen, limit = len(server.requests("float_series")), time.monotonic() + 120
        process = move.host.start(*move.arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(server.requests("float_series")) < seen + wanted and process.poll() is None:
            assert time.monotonic() < limit
            time.sleep(0.05)
        assert process.poll() is None, "the data set is too small for this test"
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = move.run(65)
    assert done.summary["units"]["failed"] == 0, done.told()
    known = (
        (table, expected_row(table, row))
        for table, row in stub_rows(server.data, "acme/vision")
        if table in TABLES and row.get("own", True) and not row.get("preview") and not row.get("gone")
    )
    wanted = folded(known)
    assert wanted["points"][0] > 1_000_000
    assert any(entry["fault"] for entry in server.requests("float_series"))
    assert folded(archive_rows(move.data)) == wanted


@pytest.mark.slow
def test_fifteen_thousand_runs_are_listed_lazily(neptune, tmp_path):
    server = neptune("many")
    host = HostCommand(tmp_path / "command", NEPTUNE_API_TOKEN=server.api_token)
    first = host("ls", "neptune3:acme/vision", "--limit", "10", "--json")
    assert first.code == 0 and len(json.loads(first.out)) == 10, first.told()
    assert len(server.requests("search_entries")) <= 3
    every = host("ls", "neptune3:acme/vision", "--from-opt", "include-archived=true", "--json")
    listed = Counter(unit["id"] for unit in json.loads(every.out))
    assert listed == Counter(
        head.custom_id or head.sys_id for head in server.data.project("acme/vision").heads
    )
