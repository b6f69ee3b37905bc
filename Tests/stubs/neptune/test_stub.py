# SPDX-License-Identifier: Apache-2.0
"""The stub itself: that its data are the same each time, that its faults strike where they are told, and that
what it logs holds no secret. Run with pytest; certify.py holds it against the real clients."""

from __future__ import annotations

import http.client
import json
import socket
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from neptune_stub import Dataset, NeptuneServer, PageCaps  # noqa: E402
from neptune_stub import expected  # noqa: E402

DEFINITIONS = "/api/leaderboard/v1/leaderboard/attributes/definitions/query"
TOKEN = "/auth/realms/neptune/protocol/openid-connect/token"


class Client:
    """As little of a client as the tests need: every answer is given back, none is tried again."""

    def __init__(self, server: NeptuneServer):
        self.server = server
        self.tokens = json.loads(self.get("/api/backend/v1/authorization/oauth-token", api=True)[2])

    def get(self, path: str, api: bool = False, **headers: str):
        if api:
            headers["X-Neptune-Api-Token"] = self.server.api_token
        elif "Authorization" not in headers and not path.startswith(("http", "/storage")):
            headers["Authorization"] = "Bearer " + self.tokens["accessToken"]
        return self._send(path, None, headers)

    def post(self, path: str, body: object):
        headers = {
            "Authorization": "Bearer " + self.tokens["accessToken"],
            "Content-Type": "application/json",
        }
        return self._send(path, json.dumps(body).encode(), headers)

    def refresh(self, refresh_token: str):
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": "neptune-cli"}
        return self._send(TOKEN, urllib.parse.urlencode(form).encode(), {})

    def _send(self, path: str, body: bytes | None, headers: dict):
        url = path if path.startswith("http") else self.server.url + path
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=20) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers, refused.read()

    def definitions(self, **more) -> tuple[int, dict]:
        asked = {
            "projectIdentifiers": ["acme/vision"],
            "attributeNameFilter": {},
            "nextPage": {"limit": 10_000},
        }
        status, _, body = self.post(DEFINITIONS, asked | more)
        return status, json.loads(body)

    def sign(self, *paths: str) -> list[dict]:
        files = [{"path": path, "permission": "read", "project_identifier": "acme/vision"} for path in paths]
        return json.loads(self.post("/api/storagebridge/v1/signedUrl", {"files": files})[2])["files"]


@pytest.fixture
def server(tmp_path):
    with NeptuneServer(tmp_path, "small", 3) as one:
        yield one
        one.requests()  # raises when the stub failed in itself


@pytest.fixture
def client(server):
    return Client(server)


@pytest.mark.parametrize("generation", [2, 3])
def test_the_same_seed_gives_the_same_data(generation):
    made = [list(expected.rows(Dataset("small", seed, generation), "acme/vision")) for seed in (5, 5, 6)]
    assert made[0] == made[1]
    assert made[0] != made[2]


def test_every_kind_of_value_is_there():
    tables = expected.tables(Dataset("small", 1, 3))
    found = {row["bits"] for row in tables["points"]}
    assert {"7ff8000000000000", "7ff0000000000000", "fff0000000000000", "8000000000000000"} <= found
    assert {row["type"] for row in tables["fields"]} == {"int", "float", "text", "bool", "time", "set"}
    assert {row["type"] for row in tables["unreadable"]} == {"experimentState", "gitRef", "complex"}
    assert any(row["gone"] for row in tables["files"]) and any(row["preview"] for row in tables["points"])
    assert any(row["fork_parent"] for row in tables["units"]) and any(
        row["archived"] for row in tables["units"]
    )
    assert any(row["step"] >= 10**18 for row in tables["points"]) and any(
        row["step"] < 0 for row in tables["points"]
    )


def test_many_runs_are_listed_without_being_made():
    data = Dataset("many", 1, 3)
    project = data.project("acme/vision")
    assert len(project.heads) == 15_000
    assert data._own.cache_info().misses == 0
    assert (
        len({head.sys_id for head in project.heads})
        == len({head.custom_id for head in project.heads})
        == 15_000
    )


def test_a_fork_has_its_ancestors_points_up_to_the_fork():
    project = Dataset("small", 1, 3).project("acme/vision")
    fork = project.heads[1]
    names = [one.name for one in project.attributes(fork).values() if one.type == "floatSeries"]
    inherited = [name for name in names if name not in project.own_attributes(fork)]
    assert inherited
    for name in inherited:
        assert len(project.points(fork, name, inherited=False)) == 0
        steps = project.points(fork, name, inherited=True).steps
        assert all(step <= fork.fork_step for step in steps)


def test_a_change_changes_revision_and_data(server):
    before = server.expected("acme/vision")
    assert server.change("acme/vision", "VIS-1") == 1
    after = server.expected("acme/vision")
    assert len(after["points"]) > len(before["points"])

    def modified(tables: dict) -> list[int]:
        rows = (row for row in tables["fields"] if row["path"] == "sys/modification_time")
        return [row["value"] for row in rows if row["sys_id"] in ("VIS-1", "VIS-2")]

    first, second = modified(before), modified(after)
    assert second[0] == first[0] + 1_000 and second[1] == first[1]


def test_status_with_retry_after_strikes_the_nth_request(server, client):
    server.fault("query_definitions", "status", status=429, retry_after="2", nth=2, times=2)
    answers = [client.post(DEFINITIONS, {"projectIdentifiers": ["acme/vision"]}) for _ in range(4)]
    assert [status for status, _, _ in answers] == [200, 429, 429, 200]
    assert answers[1][1]["Retry-After"] == "2"
    assert [one["fault"] for one in server.requests("query_definitions")] == [None, "status", "status", None]


def test_a_fault_can_be_bound_to_what_is_asked(server, client):
    server.fault("query_definitions", "status", contains="VIS-3")
    assert client.definitions()[0] == 200
    assert client.definitions(experimentIdsFilter=["acme/vision/VIS-3"])[0] == 503


def test_an_expired_token_stays_expired_until_it_is_refreshed(server, client):
    server.fault("list_projects", "expired_token")
    status, _, body = client.get("/api/backend/v1/projects")
    assert status == 401 and json.loads(body)["errorType"] == "AUTHORIZATION_TOKEN_EXPIRED"
    assert client.get("/api/backend/v1/projects")[0] == 401
    old = client.tokens["refreshToken"]
    status, _, body = client.refresh(old)
    assert status == 200
    client.tokens["accessToken"] = json.loads(body)["access_token"]
    assert client.get("/api/backend/v1/projects")[0] == 200
    assert client.refresh(old)[0] == 400, "a refresh token works once"


def test_tokens_are_asked_for(server, client):
    assert client.get("/api/backend/v1/projects", Authorization="Bearer nothing")[0] == 401
    refused = client.get("/api/backend/v1/authorization/oauth-token")
    assert refused[0] == 400 and b"X-Neptune-Api-Token" in refused[2]
    # The generations are told apart by this call without a token.
    assert client.get("/api/backend/v1/clients/config")[0] == 200


def test_a_cut_body_ends_too_early(server, client):
    server.fault("list_projects", "cut")
    with pytest.raises(http.client.IncompleteRead):
        client.get("/api/backend/v1/projects")


def test_a_wrong_length_is_too_small(server, client):
    right = client.get("/api/backend/v1/projects")[2]
    server.fault("list_projects", "wrong_length", bytes=5)
    assert client.get("/api/backend/v1/projects")[2] == right[:-5]


def test_a_slow_body_comes_whole(server, client):
    right = client.get("/api/backend/v1/projects")[2]
    server.fault("list_projects", "slow", seconds=0.3)
    assert client.get("/api/backend/v1/projects")[2] == right


def test_a_reset_is_a_reset(server, client):
    server.fault("list_projects", "reset")
    with socket.create_connection(
        (urllib.parse.urlsplit(server.url).hostname, int(server.url.rpartition(":")[2]))
    ) as s:
        token = client.tokens["accessToken"]
        head = f"GET /api/backend/v1/projects HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
        s.sendall(head.encode())
        with pytest.raises(ConnectionResetError):
            s.recv(1)


def test_a_duplicate_page_is_the_one_before(tmp_path):
    with NeptuneServer(tmp_path, caps=PageCaps.tiny()) as server:
        client = Client(server)
        first = client.definitions()[1]
        token = first["nextPage"]["nextPageToken"]
        server.fault("query_definitions", "duplicate_page")
        asked = {"nextPage": {"limit": 10_000, "nextPageToken": token}}
        assert client.definitions(**asked)[1] == first
        assert client.definitions(**asked)[1]["entries"] != first["entries"]


def test_tokens_lead_through_all_pages(tmp_path):
    with NeptuneServer(tmp_path, caps=PageCaps.tiny()) as small, NeptuneServer(tmp_path / "whole") as whole:
        entries, token = [], None
        for _ in range(100):
            page = {"limit": 10_000} | ({"nextPageToken": token} if token else {})
            answer = Client(small).definitions(nextPage=page)[1]
            entries += answer["entries"]
            token = answer["nextPage"].get("nextPageToken")
            if token is None:
                break
        assert entries == Client(whole).definitions()[1]["entries"]


def test_files_come_from_signed_addresses(server, client):
    rows = {
        row["path"]: row for row in server.expected("acme/vision")["files"] if row["unit"] == "baseline-001"
    }
    project = server.data.project("acme/vision")
    payloads = {
        one.name: one.value for one in project.attributes(project.heads[0]).values() if one.type == "fileRef"
    }
    wanted = payloads["files/largest"]
    (signed,) = client.sign(wanted.path)
    status, _, body = client.get(signed["url"])
    assert status == 200 and len(body) == rows["files/largest"]["size"]
    status, headers, part = client.get(signed["url"], Range="bytes=10-19")
    assert (status, part) == (206, body[10:20]) and headers["Content-Range"] == f"bytes 10-19/{len(body)}"
    assert client.get(signed["url"], Authorization="Bearer x")[0] == 400
    assert client.get(signed["url"][:-3] + "abc")[0] in (400, 403)
    (gone,) = client.sign(payloads["files/gone"].path)
    assert client.get(gone["url"])[0] == 404
    server.fault("storage_get", "expired_url")
    assert [client.get(signed["url"])[0] for _ in range(2)] == [
        403 if signed["provider"] == "azure" else 400
    ] * 2
    assert client.get(client.sign(wanted.path)[0]["url"])[0] == 200


def test_what_is_too_much_is_refused(server, client):
    assert client.definitions(nextPage={"limit": 10_001})[0] == 400
    assert (
        client.definitions(attributeNameFilter={"mustMatchAny": [{"mustMatchRegexes": ["x" * 130_000]}]})[0]
        == 400
    )
    assert (
        client.definitions(attributeNameFilter={"mustMatchAny": [{"mustMatchRegexes": ["a(?=b)"]}]})[0] == 400
    )
    body = {"requests": [{}] * 11, "perSeriesPointsLimit": 100_000, "order": "ascending"}
    assert client.post("/api/leaderboard/v1/proto/attributes/series/float", body)[0] == 400


def test_the_log_holds_no_secret(server, client):
    client.refresh(client.tokens["refreshToken"])
    client.get("/api/backend/v1/projects")
    project = server.data.project("acme/vision")
    path = next(
        one.value.path for one in project.attributes(project.heads[0]).values() if one.type == "fileRef"
    )
    signed = client.sign(path)[0]["url"]
    client.get(signed)
    logged = (server.folder / "requests.jsonl").read_text()
    signature = signed.rpartition("=")[2]
    for secret in (server.api_token, client.tokens["accessToken"], client.tokens["refreshToken"], signature):
        assert secret not in logged
    assert len(server.requests()) == 5


def test_faults_and_changes_from_another_process(server, client):
    assert (
        client.post("/stub/faults", {"endpoint": "list_projects", "kind": "status", "status": 502})[0] == 200
    )
    assert [client.get("/api/backend/v1/projects")[0] for _ in range(2)] == [502, 200]
    assert client.post("/stub/faults", {"endpoint": "list_projects", "kind": "unknown"})[0] == 400
    assert client.post("/stub/change", {"project": "acme/vision", "sys_id": "VIS-1"})[2] == b'{"changes": 1}'
    assert client.post("/stub/change", {"project": "acme/vision", "sys_id": "NO-1"})[0] == 404
