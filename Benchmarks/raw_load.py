# SPDX-License-Identifier: Apache-2.0
"""The fastest plain way to put an archive's points on a server: prebuilt `log-batch` requests of 1,000
points, written as single segments on keep-alive connections, one process a connection."""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from archive.layout import MICRO
from archive.reader import Run, read_stem, stems

BATCH = 1_000


def raw_load(data: Path, url: str, connections: int = 4) -> dict:
    """Seconds and CPU of the sending alone; the requests are built before the clock starts."""
    requests, points = _requests(data, url)
    shares = [requests[number::connections] for number in range(connections)]
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(connections + 1), context.Queue()
    workers = [context.Process(target=_send, args=(url, share, barrier, results)) for share in shares]
    for worker in workers:
        worker.start()
    barrier.wait()
    begun = time.perf_counter()
    cpu = sum(results.get() for _ in workers)
    wall = time.perf_counter() - begun
    for worker in workers:
        worker.join()
    return {"wall": wall, "cpu": cpu, "points": points, "requests": len(requests)}


def _requests(data: Path, url: str) -> tuple[list[bytes], int]:
    built, points = [], 0
    experiment = _post(url, "experiments/create", {"name": f"raw-{os.getpid()}-{time.time_ns()}"})[
        "experiment_id"
    ]
    for stem in stems(data):
        for run in read_stem(stem):
            made = _post(
                url, "runs/create", {"experiment_id": experiment, "run_name": run.name, "start_time": 1}
            )
            metrics = _metrics(run)
            points += len(metrics)
            for start in range(0, len(metrics), BATCH):
                body = {"run_id": made["run"]["info"]["run_id"], "metrics": metrics[start : start + BATCH]}
                built.append(_message(url, json.dumps(body, separators=(",", ":")).encode()))
    return built, points


def _metrics(run: Run) -> list[dict]:
    found = []
    for key, points in run.points.items():
        columns = zip(points.step_micro.tolist(), points.times_ms.tolist(), points.values.tolist())
        found += [{"key": key, "value": v, "timestamp": t, "step": s // MICRO} for s, t, v in columns]
    return found


def _message(url: str, body: bytes) -> bytes:
    head = f"POST /api/2.0/mlflow/runs/log-batch HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n"
    return (head + f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


def _send(url: str, share: list[bytes], barrier, results) -> None:
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        barrier.wait()
        before = time.process_time()
        for message in share:
            connection.sendall(message)
            _check_answer(connection)
        results.put(time.process_time() - before)


def _check_answer(connection: socket.socket) -> None:
    answer = b""
    while b"\r\n\r\n" not in answer:
        _quick_ack(connection)
        answer += _received(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(answer[:500])
    fields = (line.split(b":", 1) for line in head.lower().split(b"\r\n")[1:])
    length = next(int(value) for name, value in fields if name == b"content-length")
    while len(body) < length:
        _quick_ack(connection)
        body += _received(connection)


def _received(connection: socket.socket) -> bytes:
    piece = connection.recv(65_536)
    if not piece:
        raise RuntimeError("the server closed the connection")
    return piece


def _quick_ack(connection: socket.socket) -> None:
    # Several server workers write head and body apart and wait for the acknowledgement between.
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _post(url: str, call: str, body: dict) -> dict:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/api/2.0/mlflow/{call}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())
