# SPDX-License-Identifier: Apache-2.0
"""Exit codes of wrong commands, and of targets that are not there."""

from __future__ import annotations

import json

import pytest
from checks import assert_exit
from mlflow_server import free_port

WRONG = {
    "unknown-verb": ["walk"],
    "unknown-flag": ["run", "--from", "parquet:{data}", "--to", "parquet:{out}", "--frobnicate"],
    "no-target": ["run", "--from", "parquet:{data}"],
    "no-source": ["run", "--to", "parquet:{out}"],
    "no-value": ["run", "--from"],
    "transfers-text": ["run", "--from", "parquet:{data}", "--to", "parquet:{out}", "--transfers", "many"],
    "transfers-nought": ["run", "--from", "parquet:{data}", "--to", "parquet:{out}", "--transfers", "0"],
    "multiplier-nought": [
        "run",
        "--from",
        "parquet:{data}",
        "--to",
        "parquet:{out}",
        "--step-multiplier",
        "0",
    ],
    "multiplier-fraction": [
        "run",
        "--from",
        "parquet:{data}",
        "--to",
        "parquet:{out}",
        "--step-multiplier",
        "0.5",
    ],
    "on-existing": ["run", "--from", "parquet:{data}", "--to", "parquet:{out}", "--on-existing", "perhaps"],
    "unknown-option": [
        "run",
        "--from",
        "parquet:{data}",
        "--to",
        "parquet:{out}",
        "--from-opt",
        "colour=red",
    ],
    "option-without-value": [
        "run",
        "--from",
        "parquet:{data}",
        "--to",
        "parquet:{out}",
        "--from-opt",
        "files-path",
    ],
    "unknown-plugin": ["run", "--from", "parquet:{data}", "--to", "no-such-tracker:x"],
    "empty-endpoint": ["run", "--from", "", "--to", "parquet:{out}"],
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage(archive, host, tmp_path, name):
    places = {"data": str(archive("small")), "out": str(tmp_path / "out")}
    done = assert_exit(host(*[a.format(**places) for a in WRONG[name]], limit=30), 64)
    assert not (tmp_path / "out").exists(), "nothing is written before the command is right"
    assert done.err.strip(), "the error is told"
    assert "Fatal" not in done.err and "Stack dump" not in done.err


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help(host, arguments):
    done = assert_exit(host(*arguments, limit=30), 0)
    assert done.out.strip()


def test_no_server_there(archive, host):
    data = archive("small")
    assert_exit(host.run(data, f"mlflow:http://127.0.0.1:{free_port()}", "--retry-for", "3", limit=60), 69)


def test_no_such_address(archive, host):
    assert_exit(
        host.run(archive("small"), "mlflow:http://no-such-host.invalid:5000", "--retry-for", "3", limit=60),
        69,
    )


def test_not_an_mlflow_server(archive, server, host):
    """A path of the server where nothing answers."""
    done = host.run(archive("small"), f"mlflow:{server.url}/nothing/here", "--retry-for", "3", limit=60)
    assert done.code not in (0, 70), done.told()


def test_no_such_folder(host, tmp_path):
    done = host.run(tmp_path / "absent" / "data", f"parquet:{tmp_path}/out", limit=60)
    assert done.code not in (0, 70) and "absent" in done.err + done.out, done.told()


def test_empty_folder(host, tmp_path):
    (tmp_path / "data").mkdir()
    done = assert_exit(host.run(tmp_path / "data", f"parquet:{tmp_path}/out", limit=60), 0)
    assert done.summary["units"]["seen"] == 0


def test_plugin_list(host):
    plugins = json.loads(assert_exit(host("plugin", "list", "--json"), 0).out)
    roles = {p["name"]: set(p["roles"]) for p in plugins}
    assert {"parquet", "mlflow"} <= roles.keys()
    for one in plugins:
        assert {"name", "version", "roles", "path"} <= one.keys()


def test_ls_names_each_run(fixtures, host):
    data = fixtures / "neptune3" / "data"
    listed = json.loads(assert_exit(host("ls", f"parquet:{data}", "--json"), 0).out)
    manifest = json.loads((fixtures / "neptune3" / "manifest.json").read_text())["runs"].values()
    runs = {(u["project"], u["id"]) for u in listed if u["kind"] == "run"}
    assert runs == {(m["project_id"], m["run_id"]) for m in manifest}
    assert all("name" in u for u in listed)


def test_plan_writes_nothing(archive, proxy, host):
    data = archive("small")
    done = host("plan", "--from", f"parquet:{data}", "--to", f"mlflow:{proxy.url}", limit=120)
    assert_exit(done, 0, 2)
    assert not proxy.writes()
