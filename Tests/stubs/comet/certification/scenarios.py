# SPDX-License-Identifier: Apache-2.0
"""What the real client does against the server, each in a server of its own."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..server import CometServer
from . import content
from .client import Client, Ran
from .expectations import check_read, check_state, sha
from .findings import Findings

READ_ALONE = "train/loss"


class Scenarios:
    def __init__(self, client: Client, folder: Path, findings: Findings):
        self.client, self.folder, self.findings = client, folder, findings

    def fine(self, ran: Ran, server: CometServer, allowed: tuple[str, ...] = (), refused: int = 0) -> Ran:
        """The program ended well, said nothing of trouble, and the server refused nothing."""
        self.findings.equal(f"exit code ({ran.text[-1500:]})", ran.code, 0)
        self.findings.equal("complaints of the client", ran.complaints(allowed), [])
        no = [r for r in server.requests() if r["refused"]]
        self.findings.equal(f"refused requests ({no[:3]})", len(no), refused)
        self.findings.equal("problems", server.problems(), [])
        self.findings.true("no key in the log", server.api_key not in server.log.path.read_text())
        return ran

    def one(self, server: CometServer) -> tuple[str, dict]:
        held = server.state()["experiments"]
        self.findings.equal("number of experiments", len(held), 1)
        return next(iter(held.items()))

    def whole(self, server: CometServer, scratch: Path, window: tuple[int, int]) -> str:
        """The one experiment is what was logged, and reads back as such."""
        key, held = self.one(server)
        files = content.make_files(scratch / "files")
        check_state(self.findings, held, files, window)
        read = self.fine(self.client.python(server, scratch, "reading_run.py", key, READ_ALONE), server)
        check_read(self.findings, read.result, held, key, window)
        self.findings.equal("state after reading", server.state()["experiments"][key], held)
        return key

    def online(self, server: CometServer, scratch: Path) -> None:
        ran = self.fine(self.client.python(server, scratch, "logging_run.py", "online", scratch), server)
        key = self.whole(server, scratch, ran.window)
        self.findings.equal("key", ran.result.get("key"), key)
        before = server.state()["experiments"][key]
        self.fine(self.client.python(server, scratch, "logging_run.py", "existing", scratch, key), server)
        _, after = self.one(server)
        self.findings.equal("tags later", after["tags"], sorted([*content.TAGS, "later"]))
        later = [(p["value"], p["step"]) for p in after["metrics"].pop("later", [])]
        self.findings.equal("metric later", later, [("0.5", 1)])
        empty = [a["size"] for a in after["assets"] if a["name"] == "empty.bin"]
        self.findings.equal("empty asset later", empty, [0])
        for metrics in (before["metrics"], after["metrics"]):
            metrics.pop("process duration", None)
        self.findings.equal("metrics of before", after["metrics"], before["metrics"])

    def offline(self, server: CometServer, scratch: Path) -> None:
        ran = self.fine(self.client.python(server, scratch, "logging_run.py", "offline", scratch), server)
        self.findings.equal("experiments before the upload", server.state()["experiments"], {})
        archive = scratch / f"{ran.result['key']}.zip"
        self.fine(self.client.comet(server, scratch, "upload", archive), server)
        key = self.whole(server, scratch, ran.window)
        before = server.state()
        self.findings.true("made offline", before["experiments"][key]["offline"])
        start, end = (before["experiments"][key][name] for name in ("start", "end"))
        self.findings.true("true times", ran.began <= start <= end <= ran.ended)
        again = self.client.comet(server, scratch, "upload", archive)
        self.findings.equal("exit code of a second upload", again.code, 1)
        self.findings.equal("state after a second upload", server.state(), before)

    def defaults(self, server: CometServer, scratch: Path) -> None:
        self.fine(self.client.python(server, scratch, "default_run.py"), server)
        _, held = self.one(server)
        lines = {(line["text"].strip(), line["stderr"]) for line in held["output"]}
        for line in (("a line of output", False), ("a line of errors", True)):
            self.findings.true(f"output has {line}", line in lines)
        for name in ("pid", "hostname", "os", "command", "pythonVersion", "installedPackages", "user"):
            self.findings.true(f"system details have {name}", held["system"].get(name))
        self.findings.true("the main script is kept", "default_run.py" in str(held["source_code"]))

    def rest(self, server: CometServer, scratch: Path) -> None:
        ran = self.fine(self.client.python(server, scratch, "rest_run.py", scratch), server)
        key, held = self.one(server)
        self.findings.equal("listed while archived", ran.result.get("archived"), [[], [key]])
        self.findings.true("archived", held["archived"])
        first, rows = 1_700_000_000_250, held["metrics"]
        loss = [(p["bits"], p["step"], p["epoch"], p["timestamp"]) for p in rows["loss"]]
        told = [(content.bits(1.0 / (i + 1)), i, 0, first + i * 1000) for i in range(4)]
        self.findings.equal("loss", loss, told)
        self.findings.equal("parameter", held["parameters"]["lr"]["value"], 0.001)
        self.findings.equal("time of the parameter", held["parameters"]["lr"]["timestamp"], first)
        self.findings.equal("other", held["others"]["note"]["value"], "words")
        expected = {
            "name": "rest run",
            "tags": ["t1", "t2"],
            "html": "<i>h</i>",
            "graph": "g",
            "code": "print()",
        }
        expected |= {"file_path": "dir/x.py", "start": 1_700_000_000_000, "end": 1_700_003_600_000}
        self.findings.equal("fields", {name: held[name] for name in expected}, expected)
        self.findings.equal("packages", held["system"].get("installedPackages"), ["a==1"])
        self.findings.equal("command", held["system"].get("command"), ["x.py", "--a"])
        self.findings.equal("branch", held["git"].get("branch"), "refs/heads/main")
        self.findings.equal("output", "".join(line["text"] for line in held["output"]), "l1\nl2\n")
        files = content.make_files(scratch / "files")
        kept = {(a["type"], a["sha256"], a["step"]) for a in held["assets"]}
        told = {("asset", sha(files["notes.txt"]), 3), ("image", sha(files["red.png"]), 4)}
        self.findings.equal("assets", kept, told)

    def artifacts(self, server: CometServer, scratch: Path) -> None:
        got = self.fine(self.client.python(server, scratch, "artifact_run.py", scratch), server).result
        files = content.make_files(scratch / "files")
        told = {"d/every_byte.bin": sha(files["every_byte.bin"]), "notes.txt": sha(files["notes.txt"])}
        self.findings.equal("files of the artifact", got.get("files"), told)
        self.findings.equal("artifacts", got.get("listed"), ["my-data"])
        self.findings.equal("versions", got.get("versions"), ["1.0.0"])
        self.findings.equal("registered", got.get("models"), ["1.0.0"])
        assets = {a["name"]: a for e in server.state()["experiments"].values() for a in e["assets"]}
        far, scene = assets.get("m.bin") or {}, assets.get("scene") or {}
        told = ("far", "s3://bucket/m.bin", {"a": 1})
        self.findings.equal("remote model", (far.get("group"), far.get("link"), far.get("metadata")), told)
        points = b"[1, 1, 1, 0.5]\n[0, 0, 0, 0.25]\n"
        kept = [(i["type"], i["size"]) for i in scene.get("items", [])]
        self.findings.equal(
            "scene", (scene.get("type"), scene.get("step"), kept[0]), ("3d-image", 3, ("points", len(points)))
        )
        version = server.state()["artifacts"]["team/my-data"]["versions"]["1.0.0"]
        self.findings.equal(
            "state of the version", (version["state"], version["alias"]), ("CLOSED", ["prod"])
        )

    def direct(self, server: CometServer, scratch: Path) -> None:
        """Assets over the threshold go to object storage in parts, which must not see the key."""
        size = 12 * 2**20
        small = {
            "COMET_S3_MULTIPART_SIZE_THRESHOLD": str(5 * 2**20),
            "COMET_S3_MULTIPART_PART_SIZE": str(5 * 2**20),
        }
        ran = self.client.python(server, scratch, "large_run.py", scratch, size, **small)
        got = self.fine(ran, server).result
        _, held = self.one(server)
        kept = {a["name"]: (a["size"], a["sha256"]) for a in held["assets"]}
        body = hashlib.sha256((scratch / "large.bin").read_bytes()).hexdigest()
        self.findings.equal("large assets", kept, {"large.bin": (size, body)})
        self.findings.equal("read back", got.get("sha256"), body)
        parts = [r for r in server.requests() if r["path"].startswith("/__s3__/") and r["method"] == "PUT"]
        self.findings.equal("parts", len(parts), 3)

    def throttled(self, server: CometServer, scratch: Path) -> None:
        """Comet's own header is obeyed by its client, and every value still arrives."""
        for path in ("experiment/metric", "experiment/log-other", "asset/upload", "visualizations/upload"):
            server.fault("429", f"POST .*{path}$", retry_after=0.2)
        server.fault("500", "POST .*asset/upload$", nth=4)
        server.fault("503", "POST .*experiment/parameter$")
        ran = self.client.python(server, scratch, "logging_run.py", "online", scratch)
        self.fine(ran, server, allowed=("throttl", "rate limit", "Retry"))
        self.findings.equal("faults that struck", sum(1 for r in server.requests() if r["fault"]), 6)
        self.whole(server, scratch, ran.window)

    def rates(self, server: CometServer, scratch: Path) -> None:
        """Only batches are limited: an upload that is throttled twice is sent over and over by the client."""
        ran = self.client.python(server, scratch, "logging_run.py", "online", scratch)
        self.fine(ran, server, allowed=("throttl", "rate limit", "Retry"), refused=len(refusals(server)))
        self.findings.true("some requests were over the rate", bool(refusals(server)))
        check_state(self.findings, self.one(server)[1], content.make_files(scratch / "files"), ran.window)


def refusals(server: CometServer) -> list[dict]:
    return [r for r in server.requests() if r["status"] == 429 and r["refused"]]


# Settings of the server by scenario.
SCENARIOS = {
    "online": {},
    "offline": {},
    "defaults": {},
    "rest": {},
    "artifacts": {},
    "direct": {"direct_upload": True},
    "throttled": {},
    "rates": {"rates": {"metrics": 10, "parameters": 3}, "rate_window": 1.0},
}
