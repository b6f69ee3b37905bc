# SPDX-License-Identifier: Apache-2.0
"""`host plugin test` against plugins that are known: a sound one, and the same one with one planted defect each."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from conftest import SEED
from host_command import binary

ROOT = Path(__file__).resolve().parents[2]
PLANTED = ROOT / "Tests" / "PlantedDefects"
DEFECTS = tomllib.loads((PLANTED / "defects.toml").read_text())["defect"]
FIXTURES = ROOT / "Tests" / "Fixtures" / "neptune-exports" / "neptune3" / "data"
# Nobody's endpoints and secrets.
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def compiled(folder: Path, defect: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    library = folder / "libhost-plugin-keeper.so"
    flags = ["-std=c11", "-D_GNU_SOURCE", f"-DDEFECT={defect}", "-O1", "-shared", "-fPIC", "-fvisibility=hidden"]
    flags += ["-Wall", "-Wextra", "-Werror", "-Wno-format-truncation"]
    sources = [str(PLANTED / name) for name in ("keeper.c", "store.c")]
    subprocess.run(
        ["cc", *flags, "-I", str(ROOT / "plugin-sdk" / "include"), "-o", str(library), *sources, "-lpthread"],
        check=True,
    )
    (folder / "keeper.plugin.toml").write_text((PLANTED / "keeper.plugin.toml").read_text())
    return library


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """A source for the exporter's tests, written by the sound plugin itself."""
    folder = tmp_path_factory.mktemp("sound")
    compiled(folder)
    subprocess.run(
        [binary(), "run", "--from", f"parquet:{FIXTURES}", "--to", f"keeper:{folder}/fixtures", "--job-dir",
         str(folder / "job"), "--progress", "none"],
        check=True, env=ENVIRONMENT | {"HOST_PLUGIN_PATH": str(folder)}, stdout=subprocess.DEVNULL,
    )
    return folder


def run_kit(library: Path, source: Path, *flags: str) -> tuple[int, dict]:
    place = library.parent / "fixtures"
    if not place.exists():
        place.symlink_to(source / "fixtures")
    done = subprocess.run(
        [binary(), "plugin", "test", str(library), "--json", "--seed", str(SEED), "--fuzz-seconds", "1", *flags],
        capture_output=True, text=True, timeout=400, env=ENVIRONMENT,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def test_sound_plugin_passes_all_levels(source, tmp_path):
    report = tmp_path / "junit.xml"
    code, result = run_kit(source / "libhost-plugin-keeper.so", source, "--junit", str(report))
    assert [(t["test"], t["findings"]) for t in result["tests"] if t["outcome"] != "passed"] == []
    assert (code, result["level"], result["failed"], result["skipped"]) == (0, 8, 0, 0)
    suites = ElementTree.parse(report).getroot()
    assert int(suites.attrib["tests"]) == len(result["tests"]) == len(list(suites.iter("testcase")))
    assert len(suites) == 9


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect["what"].replace(" ", "-"))
def test_planted_defect_is_found_by_its_rule(defect, source, tmp_path):
    library = compiled(tmp_path / "planted", defect["number"])
    code, result = run_kit(library, source, "--time-limit", "60", "--test", defect["test"])
    assert code == 65
    assert defect["rule"] in [f["rule"] for t in result["tests"] for f in t["findings"]], result["tests"]
    # The level that it has by name is the one below the first that fails.
    code, result = run_kit(library, source, "--time-limit", "60", "--level", str(defect["level"] + 1))
    failed = {t["test"]: t["findings"] for t in result["tests"] if t["outcome"] == "failed"}
    assert code == 65 and (-1 if result["level"] is None else result["level"]) == defect["level"], failed


def test_a_gap_is_shown_and_does_not_fail(source, tmp_path):
    library = compiled(tmp_path / "planted", 17)
    manifest = library.parent / "keeper.plugin.toml"
    gaps = ""
    for name in ("describe-texts", "describe-options"):
        gaps += f'\n[[conformance.gap]]\ntest = "{name}"\nreason = "because of {name}"\n'
    manifest.write_text(manifest.read_text() + gaps)
    code, result = run_kit(library, source, "--level", "1")
    outcomes = {t["test"]: t for t in result["tests"]}
    assert code == 0 and result["level"] == 1 and result["gaps"] == 1
    assert outcomes["describe-texts"]["outcome"] == "gap"
    assert outcomes["describe-texts"]["note"] == "because of describe-texts"
    # A gap that passes is told, so that it can be taken out.
    assert outcomes["describe-options"]["outcome"] == "gap-closed"


def test_a_gap_of_an_unknown_test_is_refused(source, tmp_path):
    library = compiled(tmp_path / "planted")
    manifest = library.parent / "keeper.plugin.toml"
    manifest.write_text(manifest.read_text() + '\n[[conformance.gap]]\ntest = "no-such"\nreason = "none"\n')
    done = subprocess.run([binary(), "plugin", "test", str(library)], capture_output=True, text=True)
    assert done.returncode == 64 and "no-such" in done.stderr


def test_a_seed_brings_the_same_run_back(source):
    flags = ("--test", "load-kill", "--test", "fuzz-batches")
    first = run_kit(source / "libhost-plugin-keeper.so", source, *flags)[1]
    again = run_kit(source / "libhost-plugin-keeper.so", source, *flags)[1]
    assert first["seed"] == again["seed"] == SEED
    assert [t["outcome"] for t in first["tests"]] == [t["outcome"] for t in again["tests"]] == ["passed", "passed"]


def test_a_manifest_that_says_something_else_is_found(source, tmp_path):
    library = compiled(tmp_path / "planted")
    manifest = library.parent / "keeper.plugin.toml"
    manifest.write_text(manifest.read_text().replace('version = "1.0"', 'version = "2.0"'))
    code, result = run_kit(library, source, "--test", "describe-manifest")
    assert code == 65
    assert [f["rule"] for t in result["tests"] for f in t["findings"]] == ["R-DESCRIBE-10"]
