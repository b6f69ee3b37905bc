#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the stub by plain HTTP: what it keeps, what it refuses, and every fault on demand."""

from __future__ import annotations

import gzip
import http.client
import json
import sys
import tempfile
import unittest
import urllib.parse
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from comet.java_text import bits, java_text  # noqa: E402
from comet.server import CometServer  # noqa: E402

KEY = "a" * 40
METRICS = "/clientlib/batch/logger/experiment/metric"
OTHER = "/api/rest/v2/write/experiment/log-other"
ROW = {
    "metricName": "m",
    "metricValue": 0.5,
    "step": 1,
    "epoch": None,
    "context": None,
    "timestamp": 1732150004250,
}
BROKEN = (ConnectionError, http.client.HTTPException)


class StubTest(unittest.TestCase):
    settings: dict = {}

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="comet-stub-")
        self.addCleanup(folder.cleanup)
        self.server = CometServer(Path(folder.name), **self.settings).start()
        self.addCleanup(self.server.stop)
        self.handshake()

    def handshake(self, **changed) -> tuple[int, dict, dict]:
        body = {
            "apiKey": self.server.api_key,
            "experimentKey": KEY,
            "offline": True,
            "projectName": "p",
            "teamName": "team",
            "libVersion": "3.58.8",
        }
        return self.call("POST", "/clientlib/logger/add/run", body | changed)

    def call(self, method: str, path: str, body=None, zipped: bool = False, timeout: float = 10, **headers):
        """Status, answer (JSON where it is JSON) and headers."""
        sent = {"Authorization": self.server.api_key} | {k.replace("_", "-"): v for k, v in headers.items()}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json;charset=utf-8"
        if zipped:
            body, sent["Content-Encoding"] = gzip.compress(body), "gzip"
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=timeout)
        try:
            connection.request(method, path, body, {k: v for k, v in sent.items() if v})
            answer = connection.getresponse()
            content = answer.read()
            is_json = answer.headers.get_content_type() == "application/json"
            return answer.status, json.loads(content) if is_json else content, dict(answer.headers)
        finally:
            connection.close()

    def metrics(self, *rows: dict, **options) -> tuple[int, dict, dict]:
        return self.call("POST", METRICS, {"experimentKey": KEY, "values": list(rows)}, True, **options)

    def upload(self, asset: str, content: bytes, part: str = "file", **query) -> tuple[int, dict, dict]:
        asked = urllib.parse.urlencode({"experimentId": KEY, "assetId": asset, "fileName": "f", **query})
        body = f'--b\r\nContent-Disposition: form-data; name="{part}"; filename="file"\r\n\r\n'.encode()
        body += content + b"\r\n--b--\r\n"
        kind = "multipart/form-data; boundary=b"
        return self.call("POST", f"/clientlib/asset/upload?{asked}", body, Content_Type=kind)

    def read(self, what: str, **query) -> tuple[int, dict, dict]:
        asked = urllib.parse.urlencode({"experimentKey": KEY, **query})
        return self.call("GET", f"/api/rest/v2/experiment/{what}?{asked}")

    def held(self) -> dict:
        return self.server.state()["experiments"][KEY]

    def kept(self) -> list[tuple]:
        return [(p["value"], p["step"]) for p in self.held()["metrics"].get("m", [])]


class JavaText(unittest.TestCase):
    def test_numbers_are_written_as_java_does(self):
        for value, text in (
            (0.25, "0.25"),
            (1.0, "1.0"),
            (1e7, "1.0E7"),
            (9999999.0, "9999999.0"),
            (0.001, "0.001"),
            (8.63224093336612e-4, "8.63224093336612E-4"),
            (-0.0, "-0.0"),
            (5e-324, "4.9E-324"),
            (float("nan"), "NaN"),
            (float("-inf"), "-Infinity"),
            (2**53 + 1, "9007199254740993"),
            (True, "true"),
            (None, "null"),
            ("1e3", "1e3"),
        ):
            self.assertEqual(java_text(value), text)

    def test_bits_come_back_from_the_text(self):
        for value in (0.1 + 0.2, 5e-324, 1.7976931348623157e308, 123456.789e-20, 1 / 3):
            self.assertEqual(float(java_text(value)), value)
        self.assertEqual(bits("-0.0"), "8000000000000000")
        self.assertIsNone(bits("1_000"))


class Keeping(StubTest):
    def test_values_are_kept_exactly(self):
        rows = [
            ROW | {"metricValue": v, "step": i}
            for i, v in enumerate(["NaN", "-Infinity", -0.0, 2**63 - 1, "word"])
        ]
        self.assertEqual(self.metrics(*rows)[0], 200)
        texts = ["NaN", "-Infinity", "-0.0", "9223372036854775807", "word"]
        self.assertEqual(self.kept(), list(zip(texts, range(5), strict=True)))
        read = self.read("metrics/get-metric", metricName="m")[1]["metrics"]
        self.assertEqual([row["metricValue"] for row in read], texts)

    def test_a_batch_sent_twice_is_there_twice(self):
        self.metrics(ROW)
        self.metrics(ROW)
        self.assertEqual(self.kept(), [("0.5", 1)] * 2)

    def test_state_survives_a_stop(self):
        self.metrics(ROW)
        port = self.server.port
        self.server.stop()
        self.assertRaises(ConnectionError, self.metrics, ROW)
        self.server.start()
        self.assertEqual((self.server.port, self.metrics(ROW)[0], len(self.kept())), (port, 200, 2))

    def test_an_asset_keeps_its_bytes(self):
        content = bytes(range(256)) + b"\r\n--b\r\n"[:4] + b"\r\n"
        self.assertEqual(self.upload("1" * 32, content)[0], 200)
        self.assertEqual(self.read("asset/get-asset", assetId="1" * 32)[1], content)
        self.assertEqual(self.upload("1" * 32, content)[1]["sdk_error_code"], 7000005)
        self.assertEqual(self.upload("1" * 32, b"new", overwrite="True")[0], 200)
        self.assertEqual(self.read("asset/get-asset", assetId="1" * 32)[1], b"new")

    def test_a_chunked_body_is_read(self):
        body = json.dumps({"experimentKey": KEY, "values": [ROW]}).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        headers = {"Authorization": self.server.api_key, "Content-Type": "application/json"}
        connection.request("POST", METRICS, iter([body[:9], body[9:]]), headers, encode_chunked=True)
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()
        self.assertEqual(self.kept(), [("0.5", 1)])

    def test_the_log_has_no_key(self):
        self.call("POST", f"/clientlib/health?apiKey={self.server.api_key}", {"apiKey": self.server.api_key})
        self.assertNotIn(self.server.api_key, self.server.log.path.read_text())
        self.assertEqual(self.server.requests()[-1]["status"], 404)

    def test_the_stub_answers_other_processes(self):
        self.metrics(ROW)
        self.assertEqual(self.call("GET", "/__stub__/state")[1], self.server.state())
        self.assertEqual(self.call("POST", "/__stub__/faults", {"kind": "503", "endpoint": "metric"})[0], 200)
        self.assertEqual(self.metrics(ROW)[0], 503)


class Refusing(StubTest):
    def test_one_bad_value_refuses_the_whole_batch(self):
        for bad in (
            {"step": 1.5},
            {"timestamp": 1732150004.25},
            {"metricValue": None},
            {"metricValue": True},
            {"metricName": "x" * 101},
            {"step": 2**63},
            {"metricValue": "x" * 1001},
        ):
            self.assertEqual(self.metrics(ROW, ROW | bad)[0], 400, bad)
        self.assertEqual(self.metrics({k: v for k, v in ROW.items() if k != "step"})[0], 400)
        self.assertEqual(self.metrics(*[ROW] * 1001)[0], 400)
        body = b'{"experimentKey": "%s", "values": []}' % KEY.encode()
        nan = body.replace(b"[]", json.dumps([ROW | {"metricValue": float("nan")}]).encode())
        self.assertEqual(self.call("POST", METRICS, nan)[0], 400)
        self.assertEqual(self.kept(), [])

    def test_keys_workspaces_and_experiments(self):
        for status, code, changed in (
            (400, 90212, {"apiKey": "other"}),
            (400, 90219, {"teamName": "nobody", "experimentKey": "d" * 32}),
            (400, 90999, {}),
            (400, 0, {"experimentKey": "short"}),
        ):
            got = self.handshake(**changed)
            self.assertEqual((got[0], got[1]["sdk_error_code"]), (status, code), changed)
        self.assertEqual(self.handshake(getOrCreateEnabled=True)[0], 200)
        self.assertEqual(self.call("GET", "/api/rest/v2/workspaces", Authorization="other")[0], 401)
        self.assertEqual(self.call("GET", "/api/rest/v2/workspaces", Authorization="")[0], 401)
        unknown = self.call("GET", f"/api/rest/v2/experiment/metadata?experimentKey={'b' * 32}")
        self.assertEqual((unknown[0], unknown[1]["sdk_error_code"]), (400, 90210))

    def test_a_deleted_key_is_gone_for_good(self):
        delete = f"/api/rest/v2/write/experiment/delete?experimentKey={KEY}"
        self.assertEqual(self.call("GET", delete)[0], 200)
        self.assertEqual(self.read("metadata")[1]["sdk_error_code"], 90210)
        self.assertEqual(self.handshake()[1]["sdk_error_code"], 90999)
        self.server.settings.deleted_keys_return = True
        self.assertEqual(self.handshake()[0], 200)

    def test_lying_gzip_and_cut_multipart(self):
        lying = {"Content_Encoding": "gzip", "Content_Type": "application/json"}
        self.assertEqual(self.call("POST", METRICS, b"{}", **lying)[0], 400)
        kind = "multipart/form-data; boundary=b"
        path = f"/clientlib/asset/upload?experimentId={KEY}"
        cut = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc'
        self.assertEqual(self.call("POST", path, cut, Content_Type=kind)[0], 400)
        self.assertEqual(self.held()["assets"], [])


class Failing(StubTest):
    def test_refusals_leave_nothing(self):
        for kind in ("401", "429", "500", "502", "503", "504"):
            self.server.fault(kind, METRICS, retry_after=0.25)
            status, _, headers = self.metrics(ROW)
            self.assertEqual(status, int(kind))
            self.assertEqual(headers.get("Retry-After-Custom"), "0.25" if kind == "429" else None)
        self.server.fault("error", METRICS, status=400, code=7000020)
        self.assertEqual(self.metrics(ROW)[1]["sdk_error_code"], 7000020)
        self.assertEqual(self.kept(), [])

    def test_a_reset_leaves_nothing_and_a_lost_answer_leaves_all(self):
        for kind, kept in (("reset", 0), ("lost", 1), ("reset-after", 2), ("cut", 3)):
            self.server.fault(kind, METRICS)
            with self.assertRaises(BROKEN, msg=kind):
                self.metrics(ROW)
            self.assertEqual(len(self.kept()), kept, kind)
        self.assertEqual(self.metrics(ROW)[0], 200)

    def test_a_slow_answer_comes_after_the_work(self):
        self.server.fault("slow", METRICS, seconds=30)
        self.assertRaises(TimeoutError, self.metrics, ROW, timeout=0.3)
        self.assertEqual(len(self.kept()), 1)

    def test_the_nth_of_an_endpoint(self):
        fault = self.server.fault("500", "POST .*log-other$", nth=2, times=2)
        body = {"experimentKey": KEY, "key": "k", "value": 1}
        self.assertEqual([self.call("POST", OTHER, body)[0] for _ in range(4)], [200, 500, 500, 200])
        self.assertEqual((self.metrics(ROW)[0], fault.struck, fault.matched), (200, 2, 4))

    def test_an_unknown_fault_is_an_error(self):
        self.assertRaises(ValueError, self.server.fault, "flood")


class Rated(StubTest):
    settings = {"rates": {"metrics": 10}, "rate_window": 60.0}

    def test_online_is_limited_and_offline_is_not(self):
        self.assertEqual([self.metrics(*[ROW] * 8)[0] for _ in range(3)], [200] * 3)
        online = "c" * 32
        self.handshake(experimentKey=online, offline=False)
        send = {"experimentKey": online, "values": [ROW] * 8}
        first, second = (self.call("POST", METRICS, send, True) for _ in range(2))
        self.assertEqual((first[0], second[0]), (200, 429))
        self.assertTrue(0 < float(second[2]["Retry-After-Custom"]) <= 60)
        about = self.call("GET", f"/api/rest/v2/experiment/metadata?experimentKey={online}")[1]
        self.assertEqual((about["throttle"], about["throttleReasons"]), (True, ["metrics"]))


class Sampled(StubTest):
    settings = {"sample": 5, "full_metrics": 30}

    def test_reads_are_sampled_and_the_files_are_whole(self):
        self.metrics(*[ROW | {"step": i} for i in range(100)])
        steps = [row["step"] for row in self.read("metrics/get-metric", metricName="m")[1]["metrics"]]
        self.assertEqual((len(steps), steps[0], steps[-1], len(self.kept())), (5, 0, 99, 100))
        files = self.read("asset/list", type="ASSET_TYPE_FULL_METRIC")[1]["assets"]
        self.assertEqual([f["fileName"] for f in files], [f"m_{i}.csv.zip" for i in range(4)])
        self.assertEqual(self.read("asset/list", type="all")[1]["assets"], [])


if __name__ == "__main__":
    unittest.main()
