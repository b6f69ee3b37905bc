# SPDX-License-Identifier: Apache-2.0
"""What plugins do beside moving records: looking at jobs, deleting what one made, checking an archive."""

from __future__ import annotations

import itertools
import json
import os
import pty
import shutil
import subprocess

import pytest
from checks import assert_exit
from fault_proxy import FaultProxy
from host_command import Finished, HostCommand, binary
from proxy.faults import Fault

NUMBERS = itertools.count(1)


def action(host: HostCommand, name: str, *arguments: str, code: int = 0) -> dict:
    done = assert_exit(host("action", "call", name, *arguments, "--json", limit=120), code)
    answer = json.loads(done.out)
    assert answer["action"] == name and answer["dry_run"] == ("--dry-run" in arguments)
    return answer


def rows(host: HostCommand, name: str, *arguments: str, code: int = 0) -> list[dict]:
    return action(host, name, *arguments, code=code)["rows"]


def jobs(host: HostCommand, url: str) -> dict[str, tuple[int, int]]:
    return {r["job"]: (r["complete"], r["incomplete"]) for r in rows(host, "mlflow.list-jobs", "--at", url)}


def load_two(archive, server, host, prefix: str):
    counts = {}
    for name in (f"{prefix}-first", f"{prefix}-second"):
        done = assert_exit(host.run(archive("small"), f"mlflow:{server.url}", job=name), 0)
        counts[name] = done.summary["units"]["complete"]
    return counts


@pytest.fixture
def two_jobs(archive, server, host, tmp_path):
    """The runs of two jobs on a server that holds others too: server, the jobs' names, their numbers of runs."""
    counts = load_two(archive, server, host, f"{os.getpid()}-{next(NUMBERS)}")
    return server, list(counts), counts


def test_list_tells_effects_and_parameters(host):
    listed = {
        (a["plugin"], a["action"]): a for a in json.loads(assert_exit(host("action", "list", "--json"), 0).out)
    }
    assert listed["mlflow", "delete-job"]["effect"] == "deletes" and listed["mlflow", "delete-job"]["dry_run"]
    assert listed["parquet", "check-archive"]["effect"] == "reads"
    one = assert_exit(host("action", "list", "parquet"), 0).out
    assert "parquet.list-parts" in one and "mlflow" not in one
    info = json.loads(assert_exit(host("action", "info", "mlflow.delete-job", "--json"), 0).out)
    assert [p["name"] for p in info["parameters"]] == ["job"] and info["parameters"][0]["required"]
    for plugin, name in listed:
        told = json.loads(assert_exit(host("action", "info", f"{plugin}.{name}", "--json"), 0).out)
        assert told["problems"] == []


WRONG = {
    "unknown-action": (["mlflow.delete-jobs", "--at", "http://127.0.0.1:1"], "Did you mean 'delete-job'?"),
    "unknown-plugin": (["no-such.thing"], "no-such"),
    "no-name": (["mlflow"], "plugin.action"),
    "unknown-parameter": (["mlflow.delete-job", "--at", "http://127.0.0.1:1", "--jbo", "x"], "--job"),
    "missing-parameter": (["mlflow.delete-job", "--at", "http://127.0.0.1:1", "--yes"], "--job"),
    "missing-location": (["mlflow.delete-job", "--job", "x", "--yes"], "--at"),
    "dry-run-of-a-reader": (["mlflow.list-jobs", "--at", "http://127.0.0.1:1", "--dry-run"], "--dry-run"),
    "unknown-option": (["mlflow.list-jobs", "--at", "http://127.0.0.1:1", "--opt", "colour=red"], "colour"),
    "nobody-to-ask": (["mlflow.delete-job", "--at", "http://127.0.0.1:1", "--job", "x"], "--yes"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage(host, name):
    arguments, words = WRONG[name]
    done = assert_exit(host("action", "call", *arguments, limit=30), 64)
    assert words in done.err and not done.out, done.told()


def test_jobs_and_experiments_are_listed(archive, own_server, host):
    url = own_server.url
    counts = load_two(archive, own_server, host, "job")
    assert jobs(host, url) == {name: (count, 0) for name, count in counts.items()}
    experiments = rows(host, "mlflow.list-experiments", "--at", url, "--count-runs")
    assert sum(e["runs"] for e in experiments) == sum(counts.values())
    assert all(e["state"] == "active" and e["created"] for e in experiments)
    some = rows(host, "mlflow.list-experiments", "--at", url, "--filter", "Def*")
    assert [(e["name"], e["runs"]) for e in some] == [("Default", None)]
    table = assert_exit(host("action", "call", "mlflow.list-jobs", "--at", url), 0).out.splitlines()
    assert table[0].split() == ["job", "complete", "incomplete", "experiments", "last-write", "source"]
    assert [line.split()[0] for line in table[1:]] == list(counts)


def test_dry_run_of_delete_job_writes_nothing(two_jobs, host):
    server, (first, _), counts = two_jobs
    with FaultProxy(server.url) as proxy:
        told = rows(host, "mlflow.delete-job", "--at", proxy.url, "--job", first, "--dry-run")
        assert {e["path"].rsplit("/", 1)[1] for e in proxy.entries} == {"search"}
    assert len(told) == counts[first] and {r["outcome"] for r in told} == {"would be deleted"}
    assert counts == {name: jobs(host, server.url)[name][0] for name in counts}


@pytest.mark.parametrize("where", ["--in-process", "--isolate"])
def test_delete_job_takes_its_runs_and_no_others(two_jobs, host, where):
    server, (first, _), counts = two_jobs
    before = jobs(host, server.url)
    gone = rows(host, "mlflow.delete-job", "--at", server.url, "--job", first, "--yes", where)
    assert len(gone) == counts[first] and {r["outcome"] for r in gone} == {"deleted"}
    assert {r["state"] for r in gone} == {"complete"}
    del before[first]
    assert jobs(host, server.url) == before
    for name in (first, first[:-1], "%", f"{first[:-1]}_", "it's \"odd\" `too`"):
        assert rows(host, "mlflow.delete-job", "--at", server.url, "--job", name, "--yes") == []
    assert jobs(host, server.url) == before


def test_incomplete_runs_are_counted_and_deleted(archive, server, host):
    """A load that the server broke off leaves runs that carry the mark, and they go with their job."""
    data, job = archive("small"), f"broken-{os.getpid()}"
    with FaultProxy(server.url) as proxy:
        proxy.plan.set(Fault("status", path="delete-tag", status=403, times=1000))
        broken = host.run(data, f"mlflow:{proxy.url}", job=job)
    assert broken.code != 0, broken.told()
    complete, incomplete = jobs(host, server.url)[job]
    assert incomplete > 0
    gone = rows(host, "mlflow.delete-job", "--at", server.url, "--job", job, "--yes")
    assert sum(r["state"] == "incomplete" for r in gone) == incomplete and len(gone) == complete + incomplete
    assert job not in jobs(host, server.url)


def test_deletion_that_breaks_off_tells_how_far_it_came(two_jobs, host):
    server, (first, _), counts = two_jobs
    with FaultProxy(server.url) as proxy:
        proxy.plan.set(Fault("status", path="runs/delete$", status=403, first=3))
        arguments = ["--at", proxy.url, "--job", first, "--yes"]
        answer = action(host, "mlflow.delete-job", *arguments, code=77)
        assert [r["outcome"] for r in answer["rows"]] == ["deleted", "deleted"]
        assert f"2 of {counts[first]} runs are deleted" in answer["error"]["message"]
        assert len(rows(host, "mlflow.delete-job", *arguments)) == counts[first] - 2


def at_terminal(host: HostCommand, answer: bytes, *arguments: str) -> Finished:
    """The command with a terminal for questions and answers, its result in a pipe."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(binary()), *arguments], env=host.env(), stdin=theirs, stderr=theirs, stdout=subprocess.PIPE
    )
    os.close(theirs)
    told = b""
    while b"[y/N]" not in told:
        told += os.read(ours, 4096)
    os.write(ours, answer)
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    return Finished(process.returncode, out.decode(), told.decode())


def test_person_at_a_terminal_is_asked(two_jobs, host):
    server, (first, _), counts = two_jobs
    arguments = ["action", "call", "mlflow.delete-job", "--at", server.url, "--job", first]
    done = assert_exit(at_terminal(host, b"no\n", *arguments), 130)
    assert done.err.count("would be deleted") == counts[first] and not done.out
    assert jobs(host, server.url)[first] == (counts[first], 0)
    assert_exit(at_terminal(host, b"y\n", *arguments), 0)
    assert first not in jobs(host, server.url)


@pytest.mark.parametrize("generation", ["neptune3", "neptune2"])
def test_sound_archive_has_no_problems(fixtures, host, generation):
    data = fixtures / generation / "data"
    assert rows(host, "parquet.check-archive", "--at", str(data)) == []
    assert rows(host, "parquet.check-archive", "--at", str(data), "--isolate") == []
    parts = rows(host, "parquet.list-parts", "--at", str(data))
    assert {p["file"] for p in parts} == {str(f.relative_to(data)) for f in data.rglob("*.parquet")}
    assert all(p["bytes"] == (data / p["file"]).stat().st_size and p["rows"] > 0 for p in parts)


@pytest.fixture
def copied(fixtures, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(fixtures / "neptune3", root)
    return root


def problems(host: HostCommand, root, *arguments: str) -> list[dict]:
    answer = action(host, "parquet.check-archive", "--at", str(root / "data"), *arguments, code=65)
    assert answer["error"]["status"] == "invalid-data"
    return answer["rows"]


def test_deleted_payload_is_found(copied, host):
    payload = sorted(p for p in (copied / "files").rglob("*.png"))[0]
    payload.unlink()
    found = problems(host, copied)
    assert [p["problem"] for p in found] == ["file.missing"] and payload.name in found[0]["note"]
    assert rows(host, "parquet.check-archive", "--at", str(copied / "data"), "--no-payloads") == []


def test_damaged_parts_are_found(copied, host):
    first, second, third = sorted((copied / "data").rglob("*.parquet"))[:3]
    first.write_bytes(first.read_bytes()[:-200])
    second.rename(second.with_name(second.name.replace("_part_0", "_part_1")))
    third.with_name("twin-0123456789abcdef_part_0.parquet").write_bytes(third.read_bytes())
    third.with_name("torn-0123456789abcdef_part_0.parquet.tmp").write_bytes(b"")
    found = {p["problem"]: p["place"] for p in problems(host, copied)}
    assert found.keys() == {"part.unreadable", "part.missing", "run.duplicate", "run.unfinished"}
    assert found["part.unreadable"] == str(first.relative_to(copied / "data"))
    assert found["part.missing"].endswith("_part_0.parquet")
    listed = rows(host, "parquet.list-parts", "--at", str(copied / "data"))
    assert [p["file"] for p in listed if p["rows"] is None] == [found["part.unreadable"]]


def test_damaged_pages_are_found_behind_a_sound_footer(copied, host):
    part = max((copied / "data").rglob("*.parquet"), key=lambda p: p.stat().st_size)
    content = bytearray(part.read_bytes())
    content[4:2000] = bytes(1996)
    part.write_bytes(content)
    assert {p["problem"] for p in problems(host, copied)} == {"part.unreadable"}


def test_payload_outside_of_the_folder_is_found(copied, host, tmp_path):
    payload = sorted(p for p in (copied / "files").rglob("*.png"))[0]
    outside = tmp_path / "outside.png"
    payload.rename(outside)
    payload.symlink_to(outside)
    assert [p["problem"] for p in problems(host, copied)] == ["file.unsafe-path"]


def test_only_projects_that_were_asked_for(copied, host):
    for part in (copied / "data").rglob("*.parquet"):
        part.write_bytes(b"PAR1")
    projects = sorted(p.name for p in (copied / "data").iterdir())
    found = problems(host, copied, "--project", projects[0], "--project", "no-such-*")
    assert {p["place"].split("/")[0] for p in found} == {projects[0]}
