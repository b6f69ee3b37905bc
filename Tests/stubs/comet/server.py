# SPDX-License-Identifier: Apache-2.0
"""The server as a context manager: `with CometServer(folder) as comet: comet.url`."""

from __future__ import annotations

import json
import secrets
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

from . import routes as routes  # Importing them makes them known.
from .faults import Fault, Faults
from .handler import Handler
from .log import RequestLog
from .rates import PUBLISHED, Rates
from .state import canonical, state
from .store import Settings, Store


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, owner: CometServer):
        self.owner, self.connections = owner, set()
        super().__init__(("127.0.0.1", owner.port), Handler)

    def handle_error(self, *_) -> None:
        """A client that goes away is no error of the server."""


class CometServer:
    """Holds its state over `stop` and `start`, which takes the same port again.

    `rates` is True for Comet's published rates, or a dictionary of values by kind in each `rate_window`
    seconds. Other settings are those of `store.Settings`."""

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        workspace: str = "team",
        more_workspaces: tuple[str, ...] = (),
        rates: bool | dict[str, int] = False,
        rate_window: float = 60.0,
        api_key: str = "",
        **settings,
    ):
        self.folder, self.port, self.workspace = Path(folder), port, workspace
        self.folder.mkdir(parents=True, exist_ok=True)
        self.api_key = api_key or secrets.token_hex(16)
        self.settings = Settings(self.api_key, [workspace, *more_workspaces], **settings)
        limits = dict(PUBLISHED) if rates is True else rates or None
        self.store = Store(self.folder, self.settings, Rates(limits, rate_window))
        self.faults, self.log = Faults(), RequestLog(self.folder / "requests.jsonl", self.api_key)
        self.lock, self.stopping = threading.RLock(), threading.Event()
        self._listener: Listener | None = None

    @property
    def url(self) -> str:
        """Scheme and host, as for the REST API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def client_url(self) -> str:
        """What `COMET_URL_OVERRIDE` holds."""
        return f"{self.url}/clientlib/"

    def __enter__(self) -> CometServer:
        return self.start()

    def __exit__(self, *_) -> None:
        self.stop()

    def start(self) -> CometServer:
        self.stopping.clear()
        self._listener = Listener(self)
        self.port = self._listener.server_address[1]
        threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Ends listening and every open connection."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self.stopping.set()
        listener.shutdown()
        listener.server_close()
        for connection in list(listener.connections):
            try:
                connection.shutdown(2)
            except OSError:
                pass

    def fault(self, kind: str, endpoint: str = "", nth: int = 1, times: int = 1, **options) -> Fault:
        """The `nth` request from now whose `METHOD path` matches `endpoint` fails; see `Fault`."""
        return self.faults.add(Fault(kind, endpoint, nth, times, **options))

    def requests(self) -> list[dict]:
        return self.log.entries()

    def problems(self) -> list[dict]:
        """What a typed server would refuse, or what looks wrong without being refused."""
        with self.lock:
            return list(self.store.problems)

    def state(self) -> dict:
        with self.lock:
            # A copy, and the very thing that the stub's own endpoint gives to other processes.
            return json.loads(canonical(state(self.store)))

    def content(self, experiment: str, asset: str) -> bytes:
        with self.lock:
            return self.store.experiments[experiment].assets[asset].content()
