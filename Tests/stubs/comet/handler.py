# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 on one connection: read a request whole, strike or answer it, log it."""

from __future__ import annotations

import gzip
import os
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler

from .answers import Answer, Code, Refusal, as_answer
from .control import control
from .faults import Fault
from .request import Request
from .routing import find

OPEN_ROUTES = ("sdk:isAlive/ver", "sdk:health/ping")
COMPRESS_FROM = 1024
BODY_LIMIT = 2**31


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 300

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_HEAD = do_DELETE = do_GET

    def log_message(self, *_) -> None:
        """Nothing goes to stderr; the request log says more."""

    def _serve(self) -> None:
        began, owner = time.monotonic(), self.server.owner
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self._body(headers)
        if body is None or owner.stopping.is_set():
            self.close_connection = True
            return
        request = Request(self.command, self.path, headers, body, owner.settings.strict, owner.url)
        if request.path.startswith("/__stub__/"):
            return self._send(control(owner, request))
        fault = owner.faults.strike(request.method, request.path)
        if fault is None or fault.handled:
            answer, refused = self._handled(request)
        else:
            answer, refused = fault.answer(), None
        owner.log.add(request, answer.status if answer else None, fault and fault.kind, began, refused)
        if fault is None or (answer is not None and not fault.handled):
            self._send(answer)
        else:
            self._struck(fault, answer)

    def _body(self, headers: dict[str, str]) -> bytes | None:
        """None when the client went away before its body was whole."""
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks()
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > BODY_LIMIT:
            return None
        body = self.rfile.read(int(length))
        return body if len(body) == int(length) else None

    def _chunks(self) -> bytes | None:
        kept = bytearray()
        while len(kept) <= BODY_LIMIT:
            line = self.rfile.readline(100).split(b";")[0].strip()
            try:
                size = int(line, 16)
            except ValueError:
                return None
            kept += self.rfile.read(size)
            self.rfile.readline(100)
            if size == 0:
                return bytes(kept)
        return None

    def _handled(self, request: Request) -> tuple[Answer, str | None]:
        owner = self.server.owner
        try:
            self._authorize(request)
            function, names = find(request)
            with owner.lock:
                return as_answer(function(owner.store, request, **names)), None
        except Refusal as refusal:
            return refusal.answer(), refusal.message
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            message = f"the request does not have the form of {request.path}: {type(error).__name__}: {error}"
            with owner.lock:
                owner.store.problem(request, message, refuse=False)
            return Refusal(message).answer(), message

    def _authorize(self, request: Request) -> None:
        if request.route in OPEN_ROUTES or request.path.startswith("/__s3__/"):
            return
        owner = self.server.owner
        given = {request.headers.get("authorization")}
        if request.headers.get("content-type", "").startswith("application/json"):
            value = request.json_value if request.body else None
            if isinstance(value, dict):
                given |= {value[name] for name in ("apiKey", "api_key") if name in value}
        if given != {owner.api_key}:
            handshake = request.route.startswith("sdk:logger/")
            raise Refusal("API key is not valid", 400 if handshake else 401, Code.API_KEY_UNKNOWN)

    def _send(self, answer: Answer, keep: float = 1.0) -> None:
        """Sends the answer, or with `keep` below 1 its head and only that share of its body."""
        body, headers = answer.body, dict(answer.headers)
        wanted = self.headers.get("Accept-Encoding", "")
        if "gzip" in wanted and len(body) >= COMPRESS_FROM and self.command != "HEAD":
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        self.send_response_only(answer.status)
        headers |= {"Content-Type": answer.content_type, "Content-Length": str(len(body))}
        for name, value in headers.items():
            self.send_header(name, value)
        head = b"".join(self._headers_buffer) + b"\r\n"
        self._headers_buffer.clear()
        content = b"" if self.command == "HEAD" else body[: int(len(body) * keep)]
        try:
            self.wfile.write(head + content)
        except OSError:
            self.close_connection = True

    def _struck(self, fault: Fault, answer: Answer | None) -> None:
        if fault.kind == "slow":
            # Waiting on the event, so that stopping the server does not wait for the slow answer.
            self.server.owner.stopping.wait(fault.seconds)
            self._send(answer)
        elif fault.kind == "cut":
            self._send(answer, keep=0.5)
            self._close(reset=False)
        else:
            self._close(reset=fault.kind.startswith("reset"))

    def _close(self, reset: bool) -> None:
        self.close_connection = True
        self.server.connections.discard(self.connection)
        if reset:
            # Lingering for zero seconds makes the kernel send RST instead of FIN.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        os.close(self.connection.detach())
