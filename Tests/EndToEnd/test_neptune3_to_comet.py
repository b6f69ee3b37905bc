# SPDX-License-Identifier: Apache-2.0
"""One tracker into another, nothing between: what came through the wire on both sides is what an archive in between holds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from checks import assert_exit
from conftest import SEED
from host_command import HostCommand
from test_comet import Held, held

STUBS = Path(__file__).resolve().parents[1] / "stubs"
sys.path[:0] = [str(STUBS), str(STUBS / "neptune")]
from comet import CometServer  # noqa: E402
from neptune_stub.server import NeptuneServer  # noqa: E402

PROJECT = "acme/vision"


@pytest.fixture
def both(tmp_path):
    with CometServer(tmp_path / "comet") as comet:
        neptune = NeptuneServer(tmp_path / "neptune", profile="small", seed=SEED)
        neptune.start()
        try:
            yield neptune, comet
        finally:
            neptune.stop()


def move(neptune: NeptuneServer, comet: CometServer, folder: Path, source: str, *more: str):
    host = HostCommand(
        folder,
        NEPTUNE_API_TOKEN=neptune.api_token,
        COMET_API_KEY=comet.api_key,
        COMET_URL_OVERRIDE=comet.client_url,
    )
    return host(
        "run", "--from", source, "--to", f"comet:{comet.workspace}", "--job-dir", str(host.job_dir), "--json",
        "--progress", "none", *more,
    )  # fmt: skip


def kept(one: Held) -> dict:
    """What a run holds in Comet, but for what says when and by which job it came."""
    return {part: one.state[part] for part in ("metrics", "parameters", "tags") if part in one.state}


def test_workspace_arrives_and_a_second_run_writes_nothing(both, tmp_path):
    neptune, comet = both
    done = move(neptune, comet, tmp_path / "host", f"neptune3:{PROJECT}")
    assert done.code in (0, 65), done.told()
    assert done.summary["units"]["failed"] == 0, done.told()
    for table, rows in done.summary["records"].items():
        assert rows["read"] == rows["written"] + rows["lost"], (table, rows)
    direct = held(comet)
    assert len(direct) == done.summary["units"]["complete"] > 3
    before = len(comet.requests())
    again = assert_exit(move(neptune, comet, tmp_path / "host", f"neptune3:{PROJECT}"), 0)
    assert again.summary["units"]["complete"] == 0, again.told()
    assert not [r for r in comet.requests()[before:] if "/write/" in r["path"] and r["method"] != "GET"]


def test_way_through_an_archive_leaves_the_same(both, tmp_path):
    neptune, comet = both
    host = HostCommand(tmp_path / "export", NEPTUNE_API_TOKEN=neptune.api_token)
    data = tmp_path / "archive" / "data"
    export = host(
        "run", "--from", f"neptune3:{PROJECT}", "--to", f"parquet:{data}", "--job-dir", str(host.job_dir), "--json",
        "--progress", "none",
    )  # fmt: skip
    assert export.summary["units"]["failed"] == 0, export.told()
    direct = move(neptune, comet, tmp_path / "direct", f"neptune3:{PROJECT}")
    assert direct.summary["units"]["failed"] == 0, direct.told()
    first = {name: kept(one) for (_, name), one in held(comet).items()}
    with CometServer(tmp_path / "other-comet") as other:
        second = move(neptune, other, tmp_path / "second", f"parquet:{data}")
        assert second.summary["units"]["failed"] == 0, second.told()
        through = {name: kept(one) for (_, name), one in held(other).items()}
    assert first.keys() == through.keys()
    for name in first:
        assert first[name]["metrics"] == through[name]["metrics"], name
