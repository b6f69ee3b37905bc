# SPDX-License-Identifier: Apache-2.0
"""What the certification logs, and the same as plain data to be found again."""

from __future__ import annotations

import math
import random
import struct
import wave
import zlib
from pathlib import Path

PROJECT = "certified work"
NAME = "a run, näme ✓"
TAGS = ["alpha", "two words", "ümläut"]
BIG = 2**53 + 1

# (name, value, step, epoch): every class of double, integers past 2^53, text, negative steps. Those without
# step and epoch come first: afterwards the client fills a missing one in with the last that it saw.
METRICS = (
    [("no step", 1.25 * i, None, None) for i in range(3)]
    + [("train/loss", 1.0 / (i + 1), i * 10, i) for i in range(25)]
    + [("odd values", v, i, 1) for i, v in enumerate([math.nan, math.inf, -math.inf, -0.0, 0.0])]
    + [
        ("edges", v, i, 0)
        for i, v in enumerate([5e-324, 1.7976931348623157e308, 1e7, 1e-3, 9.99e-4, 0.1 + 0.2])
    ]
    + [("whole", v, i, 2) for i, v in enumerate([BIG, -(2**63), 2**63 - 1, 0])]
    + [("words", v, i, 3) for i, v in enumerate(["low", "high", "größer"])]
    + [("ключ with spaces", 2.5, -3, -1), ("far", 1.5, 2**40, 2**33)]
)

PARAMETERS = {
    "lr": 0.001,
    "layers": [64, 32],
    "flag": True,
    "off": False,
    "big": BIG,
    "small": 5e-324,
    "opt": "adam",
    "empty": "",
    "wörter": "größer",
}
NESTED = {"model": {"depth": 3, "act": {"name": "relu"}}}
NESTED_FLAT = {"model|depth": 3, "model|act|name": "relu"}
OTHERS = {"note": "free text\nof two lines", "count": 7, "ratio": 0.125, "yes": True}
TEXTS = [("some text sample", 3, {"lang": "en"}), ("unicode ✓ text", 4, None)]
HTML, GRAPH, FILE_NAME = "<p>one</p>", "graph text", "train.py"
SYSTEM_INFO = ("cores", "8")
DEPENDENCY = ("dataset", "1.2")
CONTEXT, IN_CONTEXT = "validate", ("acc", 0.75, 5, 1)


def bits(value: float) -> str:
    return struct.pack(">d", value).hex()


def histogram_values(step: int) -> list[float]:
    source = random.Random(step)
    return [source.gauss(0.0, 10.0**step) for _ in range(300)]


def png(color: tuple[int, int, int]) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes(color) * 4 for _ in range(4))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def make_files(folder: Path) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        "notes.txt": b"asset body\n",
        "every_byte.bin": bytes(range(256)) * 64 + b"\r\n--boundary--\r\n",
        "empty.bin": b"",
        "weights.bin": random.Random(5).randbytes(300_000),
        "main.py": b"print(1)\n",
        "red.png": png((255, 0, 0)),
        "blue.png": png((0, 0, 255)),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    with wave.open(str(folder / "tone.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(80))
    return {path.name: path for path in folder.iterdir()}


# (name, type, step, metadata, file): what is logged by file and must come back by content.
ASSETS = [
    ("docs/notes.txt", "asset", 5, {"a": 1, "b": [1, 2]}, "notes.txt"),
    ("every byte ü.bin", "asset", 6, None, "every_byte.bin"),
    ("red", "image", 7, {"k": "v"}, "red.png"),
    ("blue", "image", 8, None, "blue.png"),
    ("tone.wav", "audio", 9, None, "tone.wav"),
    ("src/main.py", "source_code", None, {"source_code_type": "manual"}, "main.py"),
    ("weights.bin", "model-element", None, None, "weights.bin"),
]
MODEL = "net"
CURVE = ("roc", [0, 0.5, 1], [0, 0.9, 1], 10)
MATRIX = {"labels": ["no", "yes"], "matrix": [[2, 0], [1, 1]]}
REMOTE = ("s3://bucket/key/data.bin", "data.bin", {"r": 1})
TABLE = (["n", "s"], [[1, "a"], [2, "b"]], b"n,s\r\n1,a\r\n2,b\r\n")
