# SPDX-License-Identifier: Apache-2.0
"""The stub as a whole: a data set, a server of one generation, its log and its faults."""

from __future__ import annotations

import threading
from pathlib import Path

from . import expected
from .backend import Backend
from .control import Control
from .data import Dataset
from .faults import Fault, Faults
from .neptune2 import Neptune2
from .neptune3 import Neptune3
from .pages import PageCaps
from .request_log import RequestLog
from .sessions import Sessions
from .storage import Storage
from .web import Service, make_server


class NeptuneServer:
    """Serves on 127.0.0.1 from `with` until its end, in threads of this process.

    `generation` 3 is what neptune-query reads, 2 what the 1.x client reads. `token_seconds` is the life of an
    access token: clients refresh 30 seconds before its end. The log is `requests.jsonl` in the folder."""

    def __init__(
        self,
        folder: Path,
        profile: str = "small",
        seed: int = 1,
        generation: int = 3,
        port: int = 0,
        token_seconds: int = 3_600,
        url_seconds: int = 600,
        caps: PageCaps = PageCaps(),
    ):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = Dataset(profile, seed, generation)
        self.faults = Faults()
        self._log = RequestLog(self.folder / "requests.jsonl")
        self._service = Service([], lambda _: None, self.faults, self._log)
        before: dict = {}
        self._server = make_server(self._service, before, port)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.sessions = Sessions(self.url, token_seconds)
        storage = Storage(self.data, self.url, url_seconds)
        before |= {"expired_token": self.sessions.expire, "expired_url": storage.expire}
        own = Neptune3(self.data, self.sessions, storage, caps) if generation == 3 else None
        own = own or Neptune2(self.data, self.sessions, caps)
        shared = Backend(self.data, self.sessions, caps)
        self._service.routes = own.routes() + shared.routes() + Control(self).routes()
        self._service.check = self.sessions.check
        self._thread: threading.Thread | None = None

    @property
    def api_token(self) -> str:
        return self.sessions.api_token

    def __enter__(self) -> "NeptuneServer":
        return self.start()

    def __exit__(self, *_) -> None:
        self.stop()

    def start(self) -> "NeptuneServer":
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()
        self._log.close()

    def fault(self, endpoint: str, kind: str, **more) -> Fault:
        """See faults.Fault: `server.fault("query_values", "status", status=429, retry_after="1", nth=2)`."""
        return self.faults.add(Fault(endpoint, kind, **more))

    def requests(self, endpoint: str | None = None) -> list[dict]:
        entries = self._log.entries()
        broken = [entry["error"] for entry in entries if entry["endpoint"] == "stub_error"]
        if broken:
            raise RuntimeError(f"the stub itself failed:\n{broken[0]}")
        return [entry for entry in entries if endpoint in (None, entry["endpoint"])]

    def expected(self, project: str | None = None) -> dict[str, list[dict]]:
        return expected.tables(self.data, project)

    def change(self, project: str, sys_id: str) -> int:
        return self.data.change(project, sys_id)
