# SPDX-License-Identifier: Apache-2.0
"""Archive → host → archive: the same rows, the same files, the exporter's layout."""

from __future__ import annotations

import pytest
from archive_rows import assert_layout, assert_same_archive
from checks import assert_exit, beside_notes

LOSSLESS = [
    "odd_keys", "odd_steps", "special_points", "equal_points", "null_times", "times_before_1970",
    "null_steps", "number_params", "long_params", "control_text", "series_text", "odd_sets",
    "odd_histograms", "several_parts", "shuffled_row_groups", "padding_rows", "file_sets",
    "file_series_steps", "odd_run_ids", "odd_file_names", "no_system_rows", "deep_forks", "fork_cycle",
    "one_key_many_kinds", "nul_in_text", "nan_points",
]  # fmt: skip


@pytest.mark.parametrize("generation", ["neptune3", "neptune2"])
def test_fixture(fixtures, tmp_path, host, generation):
    data, out = fixtures / generation / "data", tmp_path / "out" / "data"
    done = assert_exit(host.run(data, f"parquet:{out}"), 0)
    assert beside_notes(done.losses) == {}
    assert_same_archive(data, out)
    assert_layout(out)


@pytest.mark.parametrize("name", LOSSLESS)
def test_case(archive, tmp_path, host, name):
    data, out = archive("hostile", only=[name]), tmp_path / "out" / "data"
    assert_exit(host.run(data, f"parquet:{out}", limit=120), 0)
    assert_same_archive(data, out)
    assert_layout(out)


def test_small_twice(archive, tmp_path, host):
    data, out = archive("small"), tmp_path / "out" / "data"
    assert_exit(host.run(data, f"parquet:{out}"), 0)
    before = state_of(out.parent)
    done = assert_exit(host.run(data, f"parquet:{out}"), 0)
    assert done.summary["units"]["skipped"] == done.summary["units"]["seen"] == 7
    assert state_of(out.parent) == before
    assert_same_archive(data, out)


def test_and_on_to_a_server(archive, server, tmp_path, host):
    """What the host wrote loads like what it was made from."""
    from checks import assert_equal

    data, out = archive("small"), tmp_path / "out" / "data"
    assert_exit(host.run(data, f"parquet:{out}", job="one"), 0)
    done = assert_exit(host.run(out, f"mlflow:{server.url}", job="two"), 0)
    assert_equal(data, server.url, done.losses)


def state_of(folder) -> dict:
    return {
        f.relative_to(folder): (f.stat().st_mtime_ns, f.stat().st_size)
        for f in folder.rglob("*")
        if f.is_file()
    }
