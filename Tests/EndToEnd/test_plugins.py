# SPDX-License-Identifier: Apache-2.0
"""Plugins as a person installs, lists, removes and begins them."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import subprocess
import threading
import time
from hashlib import sha256
from pathlib import Path

import pytest
from checks import assert_exit
from host_command import REPOSITORY, HostCommand, binary

FIXTURE = REPOSITORY / "Tests" / "HostPluginsTests" / "Fixtures" / "named.c"
SDK = REPOSITORY / "plugin-sdk"


@pytest.fixture
def made(tmp_path):
    """Compiles a plugin as its author would; `wrong` is how the fixture spoils it."""

    def build(name: str = "csvx", version: str = "1.0.0", wrong: int = 0, manifest: bool = True) -> Path:
        folder = tmp_path / f"made-{name}-{version}-{wrong}"
        folder.mkdir()
        library = folder / f"libhost-plugin-{name}.so"
        subprocess.run(
            ["cc", "-std=c11", "-shared", "-fPIC", "-fvisibility=hidden", "-I", str(SDK / "include")]
            + [f'-DNAME="{name}"', f'-DVERSION="{version}"', f"-DWRONG={wrong}", "-o", str(library), str(FIXTURE)],
            check=True,
        )
        if manifest:
            lines = ["manifest = 1", f'name = "{name}"', f'version = "{version}"', 'abi = "0.2"']
            lines += ['roles = ["exporter"]', 'runtime = "c"', 'licence = "Apache-2.0"']
            lines += [f"[library.linux-{os.uname().machine}]", f'file = "{library.name}"']
            lines += ["[conformance]", "level = 1"]
            (folder / f"{name}.plugin.toml").write_text("\n".join(lines) + "\n")
        return folder

    return build


def listed(host: HostCommand, *more: str) -> dict[str, dict]:
    done = assert_exit(host("plugin", "list", "--json", *more, limit=60), 0)
    return {one["name"]: one for one in json.loads(done.out)}


def installed_folder(host: HostCommand) -> Path:
    return host.folder / ".local/share/host/plugins"


def has_verb(host: HostCommand, verb: str) -> bool:
    return f"  {verb} " in host("plugin", "--help", limit=30).out


def test_list_has_what_programs_rely_on(host):
    plugins = listed(host)
    assert {"parquet", "mlflow", "null"} <= plugins.keys()
    for one in plugins.values():
        assert {"name", "version", "roles", "path", "where", "state"} <= one.keys()
        assert one["state"] == "ok" and one["where"] == "own" and Path(one["path"]).is_file()


def test_install_list_replace_remove(host, made):
    done = assert_exit(host("plugin", "install", str(made()), "--yes", limit=60), 0)
    assert "csvx 1.0.0 is installed" in done.err
    one = listed(host)["csvx"]
    assert (one["version"], one["where"], one["state"], one["conformance"]) == ("1.0.0", "user", "ok", 1)
    assert sorted(p.name for p in installed_folder(host).iterdir()) == [
        "csvx.plugin.toml", "host.lock", "libhost-plugin-csvx.so"]  # fmt: skip

    done = assert_exit(host("plugin", "install", str(made(version="1.1.0")), "--yes", limit=60), 0)
    assert "Replaces: csvx 1.0.0" in done.err and "csvx 1.1.0 (it was 1.0.0)" in done.err
    info = json.loads(assert_exit(host("plugin", "info", "csvx", "--json", limit=60), 0).out)
    library = installed_folder(host) / "libhost-plugin-csvx.so"
    assert info["version"] == "1.1.0" and info["runtime"] == "c" and info["abi"] == "0.2"
    assert info["sha256"] == sha256(library.read_bytes()).hexdigest()

    assert_exit(host("plugin", "remove", "csvx", "--yes", limit=60), 0)
    assert "csvx" not in listed(host)
    assert_exit(host("plugin", "remove", "csvx", "--yes", limit=60), 64)


def test_nobody_is_asked_without_a_terminal(host, made):
    done = assert_exit(host("plugin", "install", str(made()), limit=60), 64)
    assert "--yes" in done.err
    assert not list(installed_folder(host).glob("*")), "nothing is left"


def test_changed_file_is_refused_until_it_is_locked_again(host, made):
    assert_exit(host("plugin", "install", str(made()), "--yes", limit=60), 0)
    library = installed_folder(host) / "libhost-plugin-csvx.so"
    library.write_bytes(library.read_bytes() + b"\0")
    done = assert_exit(host("ls", "csvx:x", limit=60), 77)
    assert "changed since it was installed" in done.err and "--relock csvx" in done.err
    assert "csvx" not in listed(host)
    assert listed(host, "--all")["csvx"]["state"] == "changed!"
    assert_exit(host("plugin", "install", "--relock", "csvx", "--yes", limit=60), 0)
    assert listed(host)["csvx"]["state"] == "ok"


def test_file_put_there_by_hand_is_refused(host, made):
    installed_folder(host).mkdir(parents=True)
    shutil.copy(made() / "libhost-plugin-csvx.so", installed_folder(host))
    done = assert_exit(host("plugin", "info", "csvx", limit=60), 77)
    assert "host plugin install" in done.err
    assert listed(host, "--all")["csvx"]["state"] == "not in lock"


def test_plugin_of_the_search_path_needs_no_lock_but_trust(tmp_path, made):
    folder = made()
    host = HostCommand(tmp_path / "command", HOST_PLUGIN_PATH=f"{folder}:relative")
    assert listed(host)["csvx"]["where"] == "path"
    folder.chmod(0o777)
    done = assert_exit(host("plugin", "list", "--json", "--all", limit=60), 0)
    one = {p["name"]: p for p in json.loads(done.out)}["csvx"]
    assert one["state"] == "refused" and f"chmod o-w {folder}" in one["error"]
    text = assert_exit(host("plugin", "paths", limit=60), 0)
    assert f"{folder}\n   named by HOST_PLUGIN_PATH; root, everybody may write to it" in text.out or os.geteuid() != 0
    assert "relative in HOST_PLUGIN_PATH is not absolute" in text.err


def test_paths_show_what_is_shadowed(tmp_path, made):
    first, second = made(), made(version="2.0.0")
    host = HostCommand(tmp_path / "command", HOST_PLUGIN_PATH=f"{first}:{second}")
    folders = json.loads(assert_exit(host("plugin", "paths", "--json", limit=60), 0).out)
    assert [f["folder"] for f in folders][:3] == [str(first), str(second), str(installed_folder(host))]
    assert [f["plugins"][0]["state"] for f in folders[:2]] == ["ok", "shadowed"]
    assert [f["exists"] for f in folders[:3]] == [True, True, False]


# How each is wrong, and what is told; the numbers are those of the fixture.
WRONG = {
    "no-function": (1, "It has no function host_plugin_v0"),
    "newer-major": (2, "made for major version 7"),
    "undefined-function": (3, "nobody_defines_this"),
    "crashes": (4, "SIGSEGV"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_plugin_is_told_and_never_installed(tmp_path, made, name):
    wrong, told = WRONG[name]
    folder = made(wrong=wrong)
    host = HostCommand(tmp_path / "command", HOST_PLUGIN_PATH=str(folder))
    done = assert_exit(host("plugin", "install", str(folder), "--yes", limit=60), 65)
    assert told in done.err and str(folder) in done.err
    assert not list(installed_folder(host).glob("*")), "nothing is left"
    plugins = listed(host, "--all")
    assert plugins["csvx"]["state"] == "broken" and told in plugins["csvx"]["error"]
    assert plugins["parquet"]["state"] == "ok", "the others are not harmed"


def test_level_1_is_tested_before_installing(host, made, tmp_path):
    if not has_verb(host, "test"):
        pytest.skip("there is no host plugin test")
    folder = made()
    manifest = folder / "csvx.plugin.toml"
    manifest.unlink()
    # Describing takes the name as it is; the rules of level 1 want a licence.
    library = folder / "libhost-plugin-csvx.so"
    subprocess.run(
        ["cc", "-std=c11", "-shared", "-fPIC", "-I", str(SDK / "include"), '-DNAME="csvx"', '-DVERSION=""']
        + ["-o", str(library), str(FIXTURE)],
        check=True,
    )
    done = assert_exit(host("plugin", "install", str(library), "--yes", limit=120), 65)
    assert "level 1" in done.err
    assert "csvx" not in listed(host)


def test_install_from_a_server(host, made):
    folder = made(manifest=False)
    library = folder / "libhost-plugin-csvx.so"
    digest = sha256(library.read_bytes()).hexdigest()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/{library.name}"
        assert_exit(host("plugin", "install", url, "--yes", limit=60), 64)
        done = assert_exit(host("plugin", "install", url, "--sha256", "0" * 64, "--yes", limit=60), 65)
        assert digest in done.err
        assert_exit(host("plugin", "install", url, "--sha256", digest, "--yes", limit=60), 0)
        server.shutdown()
    assert listed(host)["csvx"]["state"] == "ok"


BUILD = {"c": ["make"], "swift": ["swift", "build", "-c", "release"]}


@pytest.mark.parametrize(
    "language", ["c", pytest.param("swift", marks=pytest.mark.slow)])  # fmt: skip
def test_new_plugin_builds_with_one_command_and_works(tmp_path, language):
    host = HostCommand(tmp_path / "command", HOST_SDK=str(SDK))
    folder = tmp_path / "project"
    told = assert_exit(
        host("plugin", "new", "my-tracker", "--lang", language, "--folder", str(folder), limit=60), 0)
    assert "host plugin install" in told.out
    for file in folder.rglob("*"):
        if file.is_file():
            assert "{{" not in str(file) and "{{" not in file.read_text(), file
    subprocess.run(BUILD[language], cwd=folder, check=True, capture_output=True)
    if language == "swift":
        shutil.copy(folder / ".build/release/libhost-plugin-my-tracker.so", folder)
    host.environment["HOST_PLUGIN_PATH"] = str(folder)
    assert listed(host)["my-tracker"]["where"] == "path"
    if has_verb(host, "test"):
        assert_exit(
            host("plugin", "test", str(folder / "libhost-plugin-my-tracker.so"), "--level", "1", limit=300), 0)
    assert_exit(host("plugin", "install", str(folder), "--yes", limit=120), 0)
    del host.environment["HOST_PLUGIN_PATH"]
    assert listed(host)["my-tracker"]["where"] == "user"
    again = host("plugin", "new", "my-tracker", "--lang", language, "--folder", str(folder), limit=60)
    assert "not empty" in assert_exit(again, 64).err


@pytest.mark.parametrize("arguments", [["My-Tracker", "--lang", "c"], ["x", "--lang", "cobol"], ["..", "--lang", "c"]])
def test_new_plugin_with_a_wrong_name_or_language(host, arguments):
    assert_exit(host("plugin", "new", *arguments, limit=30), 64)
    assert not (host.folder / arguments[0] / "README.md").exists()


def test_installed_copy_of_host_finds_its_own(tmp_path):
    prefix = tmp_path / "prefix"
    subprocess.run(
        [str(REPOSITORY / "scripts/install.sh"), str(prefix), str(binary().resolve().parent)],
        check=True, capture_output=True)  # fmt: skip
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}

    def run(*arguments: str) -> str:
        done = subprocess.run([str(prefix / "bin/host"), *arguments], env=home, capture_output=True, cwd=tmp_path)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    for one in json.loads(run("plugin", "list", "--json")):
        assert one["where"] == "own" and one["path"].startswith(str(prefix / "lib/host/plugins"))
    run("plugin", "new", "mine", "--lang", "c")
    subprocess.run(["make"], cwd=tmp_path / "mine", check=True, capture_output=True)
    run("plugin", "install", "mine", "--yes")
    assert "mine" in [one["name"] for one in json.loads(run("plugin", "list", "--json"))]


def quickest(host: HostCommand, *arguments: str) -> float:
    def once() -> float:
        started = time.perf_counter()
        assert_exit(host(*arguments, limit=30), 0)
        return time.perf_counter() - started

    return min(once() for _ in range(10))


def test_listing_and_help_are_quick(host, made):
    """The bars are 30 and 100 ms on a quiet machine; twice that on one that other tests keep busy."""
    assert_exit(host("plugin", "install", str(made()), "--yes", limit=60), 0)
    assert quickest(host, "--help") < 0.060
    assert quickest(host, "plugin", "list") < 0.200
