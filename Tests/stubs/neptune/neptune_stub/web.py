# SPDX-License-Identifier: Apache-2.0
"""Requests, answers and routes of the stub, and the faults and the log that lie around them."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable

from .faults import Fault, Faults
from .request_log import RequestLog

# Above what any client sends; a larger body is a client's mistake.
LARGEST_BODY = 8 << 20


@dataclass
class Answer:
    body: bytes = b""
    kind: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: object, status: int = 200) -> "Answer":
        return cls(json.dumps(value, ensure_ascii=False).encode(), status=status)

    @classmethod
    def protobuf(cls, body: bytes) -> "Answer":
        return cls(body, "application/x-protobuf")


class Refusal(Exception):
    """An error the service answers with."""

    def __init__(self, status: int, message: str, **more: object):
        super().__init__(message)
        self.answer = Answer.json({"code": status, "message": message, **more}, status)


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    def one(self, name: str) -> str:
        if name not in self.query:
            raise Refusal(400, f"Required parameter '{name}' is missing")
        return self.query[name][0]

    def number(self, name: str, default: int) -> int:
        text = self.query.get(name, [str(default)])[0]
        if not re.fullmatch(r"\d{1,9}", text):
            raise Refusal(400, f"Parameter '{name}' is no number")
        return int(text)

    def json(self) -> dict:
        try:
            value = json.loads(self.body or b"{}")
        except ValueError as bad:
            raise Refusal(400, f"The body is no JSON: {bad}") from bad
        if not isinstance(value, dict):
            raise Refusal(400, "The body is no JSON object")
        return value


@dataclass(frozen=True)
class Route:
    """`path` is a whole path, or the beginning of one when it ends in `*`. Requests to a route that is not
    open need a valid access token."""

    method: str
    path: str
    endpoint: str
    handle: Callable[[Request], Answer]
    open: bool = False

    def fits(self, method: str, path: str) -> bool:
        same = path.startswith(self.path[:-1]) if self.path.endswith("*") else path == self.path
        return same and method == self.method


class Service:
    def __init__(
        self, routes: list[Route], check: Callable[[Request], None], faults: Faults, log: RequestLog
    ):
        self.routes, self.check, self.faults, self.log = routes, check, faults, log
        self._last: dict[str, Answer] = {}
        self._lock = threading.Lock()

    def endpoint(self, request: Request) -> Route | None:
        return next((route for route in self.routes if route.fits(request.method, request.path)), None)

    def answer(self, request: Request, route: Route | None, fault: Fault | None) -> Answer:
        if fault and fault.kind == "status":
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            made = Answer.json({"code": fault.status, "message": "a fault that was asked for"}, fault.status)
            return Answer(made.body, made.kind, made.status, headers)
        try:
            if route is None:
                raise Refusal(404, f"There is no {request.method} {request.path}")
            if not route.open:
                self.check(request)
            if fault and fault.kind == "duplicate_page" and route.endpoint in self._last:
                return self._last[route.endpoint]
            made = route.handle(request)
        except Refusal as refusal:
            return refusal.answer
        except Exception:
            self.log.failure()
            # No client tries again at this status: a mistake of the stub must be seen at once.
            return Answer.json({"code": 400, "message": "the stub itself failed, see its log"}, 400)
        with self._lock:
            self._last[route.endpoint] = made
        return made


def make_server(
    service: Service, before: dict[str, Callable[[Request], None]], port: int
) -> ThreadingHTTPServer:
    """`before` has by the kind of a fault what is done before the request is answered."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # A head and a small body in two segments would wait for each other's acknowledgement.
        disable_nagle_algorithm = True
        timeout = 120

        def do_GET(self) -> None:
            self._serve()

        do_POST = do_DELETE = do_HEAD = do_GET

        def log_message(self, *_) -> None:
            pass

        def _serve(self) -> None:
            began = time.time()
            request = self._read()
            if request is None:
                return
            route = service.endpoint(request)
            endpoint = route.endpoint if route else "unknown"
            fault = service.faults.take(endpoint, request.path, request.body)
            if fault and fault.kind in before:
                before[fault.kind](request)
            answer = service.answer(request, route, fault)
            # The log comes first: whoever has the answer may look for it there.
            service.log.write(began, endpoint, request, answer.status, len(answer.body), fault and fault.kind)
            try:
                self._send(answer, fault)
            except (BrokenPipeError, ConnectionResetError, TimeoutError):
                self.close_connection = True

        def _read(self) -> Request | None:
            length = self.headers.get("Content-Length", "0")
            if not length.isdigit() or int(length) > LARGEST_BODY or "Transfer-Encoding" in self.headers:
                self.send_error(413)
                self.close_connection = True
                return None
            split = urllib.parse.urlsplit(self.path)
            query = urllib.parse.parse_qs(split.query, keep_blank_values=True)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(length))
            return Request(self.command, urllib.parse.unquote(split.path), query, headers, body)

        def _send(self, answer: Answer, fault: Fault | None) -> None:
            kind = fault.kind if fault else ""
            length = len(answer.body)
            announced = max(0, length - fault.bytes) if kind == "wrong_length" else length
            head = [f"HTTP/1.1 {answer.status} {self.responses.get(answer.status, ('',))[0]}"]
            head += [f"Content-Type: {answer.kind}", f"Content-Length: {announced}"]
            head += [f"{name}: {value}" for name, value in answer.headers.items()]
            if kind in ("cut", "wrong_length"):
                self.close_connection = True
            if kind == "reset":
                return self._reset()
            text = ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")
            if kind == "cut":
                self.wfile.write(text + answer.body[: length // 2])
            elif kind == "slow":
                self._drip(text, answer.body, fault.seconds)
            else:
                self.wfile.write(text + (b"" if self.command == "HEAD" else answer.body))

        def _drip(self, head: bytes, body: bytes, seconds: float) -> None:
            self.wfile.write(head)
            pieces = 10
            size = len(body) // pieces + 1
            for at in range(0, len(body), size):
                time.sleep(seconds / pieces)
                self.wfile.write(body[at : at + size])

        def _reset(self) -> None:
            # Closing a socket that must not linger sends a reset instead of an end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def shutdown_request(self, request) -> None:
            # The base class shuts the stream down in order first, which would undo a reset.
            self.close_request(request)

        def handle_error(self, request, client_address) -> None:
            service.log.failure()

    return Server(("127.0.0.1", port), Handler)
