#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A reverse proxy on the loopback that misbehaves on demand and logs each request as a line of JSON.

From Python: `with FaultProxy(url) as proxy: proxy.plan.set(Fault("status", status=429))`. From a shell:
fault_proxy.py URL [--port N] [--log FILE] [--seed N] [--faults JSON], JSON being a list of Fault fields."""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import struct
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from proxy.faults import Fault, FaultPlan
from proxy.messages import HEAD_LIMIT, Head, read_body, read_head

# Calls that are POST for the length of their bodies only.
_READING_POSTS = ("/search", "/search-datasets", "/graphql", "/get-history-bulk")
_HOP = ("connection", "keep-alive", "transfer-encoding", "content-length", "expect")


def is_write(entry: dict) -> bool:
    path = entry["path"].split("?")[0]
    return entry["method"] not in ("GET", "HEAD", "OPTIONS") and not path.endswith(_READING_POSTS)


class FaultProxy:
    def __init__(self, upstream: str, port: int = 0, log: Path | None = None, seed: int = 1):
        address = urlsplit(upstream)
        self.host, self.upstream_port = address.hostname, address.port or 80
        self.port, self.plan = port, FaultPlan(seed=seed)
        self.entries: list[dict] = []
        self._file = open(log, "a", encoding="utf-8") if log else None
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "FaultProxy":
        self._thread.start()
        if not self._started.wait(10):
            raise RuntimeError("the proxy did not start")
        return self

    def __exit__(self, *_) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        if self._file:
            self._file.close()

    def writes(self, since: int = 0) -> list[dict]:
        return [e for e in self.entries[since:] if is_write(e)]

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._client, "127.0.0.1", self.port, limit=HEAD_LIMIT)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (head := await read_head(reader)) is not None:
                if not await self._exchange(head, reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _exchange(self, head: Head, reader, writer) -> bool:
        """One request and its answer; False when the client's connection is over."""
        method, target, _ = head.first.split(" ", 2)
        fault = self.plan.choose(method, target)
        entry = {"method": method, "path": target, "fault": fault.kind if fault else None, "status": None,
                 "request_bytes": 0, "answer_bytes": 0, "time": time.time()}  # fmt: skip
        begun = time.perf_counter()
        try:
            return await self._answer(head, fault, entry, reader, writer)
        finally:
            entry["seconds"] = round(time.perf_counter() - begun, 6)
            self._note(entry)

    async def _answer(self, head: Head, fault: Fault | None, entry: dict, reader, writer) -> bool:
        kind = fault.kind if fault else ""
        if kind == "reset_before":
            return _reset(writer)
        if (head.header("expect") or "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if kind == "reset_middle":
            await reader.read(max(1, int(head.header("content-length") or 0) // 2))
            return _reset(writer)
        body = await read_body(reader, head)
        entry["request_bytes"] = len(body)
        if kind == "status":
            entry["status"] = fault.status
            writer.write(_made_answer(fault))
            await writer.drain()
            return True
        if kind == "stall":
            await asyncio.sleep(fault.seconds)
        answer, content = await self._forward(head, body)
        entry["status"], entry["answer_bytes"] = int(answer.first.split(" ")[1]), len(content)
        if kind == "reset_after":
            return _reset(writer)
        return await self._give(answer, content, fault, entry["method"], writer)

    async def _give(self, answer: Head, content: bytes, fault: Fault | None, method: str, writer) -> bool:
        size = len(content) if method != "HEAD" else int(answer.header("content-length") or 0)
        bodiless = answer.first.split(" ")[1] in ("204", "304")
        more = () if bodiless else (("Content-Length", str(size)),)
        head = answer.encoded(without=_HOP, more=more)
        kind = fault.kind if fault else ""
        if kind == "cut_answer":
            # An answer without a body is cut in its head.
            writer.write(head + content[: len(content) // 2] if content else head[: len(head) // 2])
            await writer.drain()
            return False
        if kind == "slow_body":
            writer.write(head)
            piece = max(1, -(-len(content) // 8))
            for start in range(0, len(content), piece):
                await asyncio.sleep(fault.seconds / 8)
                writer.write(content[start : start + piece])
                await writer.drain()
            return True
        writer.write(head + content)
        await writer.drain()
        return True

    async def _forward(self, head: Head, body: bytes) -> tuple[Head, bytes]:
        message = head.encoded(without=_HOP, more=(("Content-Length", str(len(body))),)) + body
        method = head.first.split(" ", 1)[0]
        while True:
            reused = bool(self._idle)
            try:
                reader, writer = self._idle.pop() if reused else await self._connect()
            except OSError:
                # As a load balancer does when nobody is behind it.
                return Head("HTTP/1.1 502 Bad Gateway", [("Content-Length", "0")]), b""
            try:
                writer.write(message)
                await writer.drain()
                answer = await read_head(reader)
                if answer is None:
                    raise ConnectionError("closed")
                without_body = method == "HEAD" or answer.first.split(" ")[1] in ("204", "304")
                content = b"" if without_body else await read_body(reader, answer, to_end=True)
            except (ConnectionError, asyncio.IncompleteReadError):
                writer.close()
                if reused:  # the server had closed it for being idle
                    continue
                return Head("HTTP/1.1 502 Bad Gateway", [("Content-Length", "0")]), b""
            if (answer.header("connection") or "").lower() == "close":
                writer.close()
            else:
                self._idle.append((reader, writer))
            return answer, content

    async def _connect(self):
        return await asyncio.open_connection(self.host, self.upstream_port, limit=HEAD_LIMIT)

    def _note(self, entry: dict) -> None:
        self.entries.append(entry)
        if self._file:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()


def _made_answer(fault: Fault) -> bytes:
    body = json.dumps(
        {"error_code": "TEMPORARILY_UNAVAILABLE", "message": "made by the fault proxy"}
    ).encode()
    head = Head(f"HTTP/1.1 {fault.status} Fault", [("Content-Type", "application/json")])
    more = [("Content-Length", str(len(body)))]
    if fault.retry_after is not None:
        more.append(("Retry-After", fault.retry_after))
    return head.encoded(more=tuple(more)) + body


def _reset(writer: asyncio.StreamWriter) -> bool:
    # Lingering for no time turns the close into a reset.
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("upstream")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", default="[]")
    given = parser.parse_args()
    with FaultProxy(given.upstream, given.port, given.log, given.seed) as proxy:
        proxy.plan.set(*(Fault(**f) for f in json.loads(given.faults)))
        print(f"{proxy.url} seed {given.seed}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.exit(130)


if __name__ == "__main__":
    main()
