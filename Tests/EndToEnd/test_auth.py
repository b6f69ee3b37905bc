# SPDX-License-Identifier: Apache-2.0
"""Basic auth, and that no secret is ever written down."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from checks import assert_equal, assert_exit
from fault_proxy import FaultProxy
from host_command import Finished, HostCommand
from proxy.faults import Fault

TOKEN = "tok-4f1d9c-very-secret-indeed"


def assert_secret_nowhere(secret: str, done: Finished, *folders: Path) -> None:
    forms = {secret.encode(), base64.b64encode(secret.encode())}
    for form in forms:
        assert form not in done.out.encode() and form not in done.err.encode()
        for folder in folders:
            for file in folder.rglob("*"):
                assert not file.is_file() or form not in file.read_bytes(), file


def with_password(folder: Path, user: str, password: str) -> HostCommand:
    return HostCommand(folder, MLFLOW_TRACKING_USERNAME=user, MLFLOW_TRACKING_PASSWORD=password)


def test_right_password(archive, auth_server, tmp_path, monkeypatch):
    data = archive("hostile", only=["letter_case"])
    command = with_password(tmp_path / "right", auth_server.user, auth_server.password)
    done = assert_exit(command.run(data, f"mlflow:{auth_server.url}"), 0)
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", auth_server.user)
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", auth_server.password)
    assert_equal(data, auth_server.url, done.losses)
    assert_secret_nowhere(auth_server.password, done, command.folder)
    assert_secret_nowhere(f"{auth_server.user}:{auth_server.password}", done, command.folder)


@pytest.mark.parametrize("password", ["wrong-password-1234", ""])
def test_wrong_password(archive, auth_server, tmp_path, password):
    command = with_password(tmp_path / "wrong", auth_server.user, password)
    done = assert_exit(
        command.run(archive("hostile", only=["letter_case"]), f"mlflow:{auth_server.url}", limit=120), 77
    )
    if password:
        assert_secret_nowhere(password, done, command.folder)


def test_no_password(archive, auth_server, host):
    assert_exit(
        host.run(archive("hostile", only=["letter_case"]), f"mlflow:{auth_server.url}", limit=120), 77
    )


def test_password_in_url_is_not_kept(archive, auth_server, host):
    address = auth_server.url.replace("http://", f"http://{auth_server.user}:{auth_server.password}@")
    done = host.run(archive("hostile", only=["letter_case"]), f"mlflow:{address}", limit=120)
    assert done.code != 70
    assert_secret_nowhere(auth_server.password, done, host.folder)


def test_rights_end_in_the_middle(archive, server, tmp_path):
    """401 in the middle of a load stops it with 77; with the right to go on, it goes on."""
    data = archive("small")
    command = HostCommand(tmp_path / "token", MLFLOW_TRACKING_TOKEN=TOKEN)
    with FaultProxy(server.url) as proxy:
        proxy.plan.set(Fault("status", path="log-batch", status=401, first=3, times=10**9))
        done = command.run(data, f"mlflow:{proxy.url}", limit=120)
        assert_exit(done, 77, 65, 75)
        assert_secret_nowhere(TOKEN, done, command.folder)
        proxy.plan.set()
        done = assert_exit(command.run(data, f"mlflow:{proxy.url}"), 0)
    assert_equal(data, server.url, done.losses)


@pytest.mark.parametrize("fault", [Fault("status", status=500, times=3), Fault("reset_before", times=2)])
def test_token_is_not_written_down(archive, server, tmp_path, fault):
    data = archive("hostile", only=["letter_case"])
    command = HostCommand(tmp_path / "token", MLFLOW_TRACKING_TOKEN=TOKEN)
    with FaultProxy(server.url) as proxy:
        proxy.plan.set(fault)
        done = command.run(data, f"mlflow:{proxy.url}", limit=300)
    assert_secret_nowhere(TOKEN, done, command.folder)
