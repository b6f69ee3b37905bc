#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does what plugin-sdk/README.md tells a reader to do: HOST_BIN=…/host readme.py [--keep].

In an empty folder, from top to bottom: fences with `file=NAME` become files (`append`: added to what is there), `sh` fences
are run by bash. `needs=plugin-test` skips a fence on a host without that command. Ends with 1 at the first step that
fails, or if the finished loader has grown beyond what the page promises."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SDK = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MOST_LINES = 300


def host_does(binary: str, need: str, environment: dict) -> bool:
    """`plugin-test`: whether `host plugin --help` knows `test`."""
    command, word = need.split("-", 1)
    shown = subprocess.run([binary, command, "--help"], capture_output=True, text=True, env=environment)
    return re.search(rf"^ +{word}\b", shown.stdout, re.MULTILINE) is not None


def environment_in(folder: Path, binary: str) -> dict:
    """Nothing of the caller's own host is read or written; `host` is the one under test."""
    tools = folder / "bin"
    tools.mkdir()
    (tools / "host").write_text(f'#!/bin/sh\nexec "{binary}" "$@"\n')
    (tools / "host").chmod(0o755)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HOST_", "XDG_"))}
    return kept | {"SDK": str(SDK), "HOME": str(folder), "HOST_STATE_DIR": str(folder / "state"),
                   "PATH": f"{tools}:{kept['PATH']}"}  # fmt: skip


def follow(page: str, folder: Path, binary: str) -> str | None:
    """What went wrong, or None."""
    work = folder / "work"
    work.mkdir()
    environment = environment_in(folder, binary)
    exports: list[str] = []
    for number, (language, info, text) in enumerate(FENCE.findall(page), 1):
        words = info.split()
        facts = dict(word.split("=", 1) for word in words if "=" in word)
        if name := facts.get("file"):
            if "/" in name or name.startswith("."):
                return f"fence {number}: {name} is no plain file name"
            with open(work / name, "a" if "append" in words else "x") as opened:
                opened.write(text)
        elif language == "sh":
            if (need := facts.get("needs")) and not host_does(binary, need, environment):
                print(f"fence {number} skipped: this host has no {need.replace('-', ' ')}")
                continue
            # What one fence exports, the next ones have, as in a reader's own shell.
            script = "\n".join(["set -euo pipefail", *exports, text])
            done = subprocess.run(["bash", "-c", script], cwd=work, env=environment, capture_output=True, text=True)
            if done.returncode != 0:
                return f"fence {number} ended with {done.returncode}:\n{text}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
            exports += [line for line in text.splitlines() if line.startswith("export ")]
        else:
            return f"fence {number} is neither a file nor run: ```{language}{info}"
    lines = (work / "loader.c").read_text().count("\n")
    print(f"{number} fences followed; loader.c has {lines} lines")
    return f"loader.c has {lines} lines, more than {MOST_LINES}" if lines > MOST_LINES else None


def main() -> int:
    binary = os.environ.get("HOST_BIN")
    if not binary or not os.access(binary, os.X_OK):
        print("HOST_BIN has to name the host binary", file=sys.stderr)
        return 64
    folder = Path(tempfile.mkdtemp(prefix="host-readme-"))
    try:
        trouble = follow((SDK / "README.md").read_text(), folder, str(Path(binary).resolve()))
    finally:
        if "--keep" in sys.argv:
            print(folder)
        else:
            shutil.rmtree(folder)
    if trouble:
        print(trouble, file=sys.stderr)
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())
