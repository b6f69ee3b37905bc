#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests the helpers of include/host/kit: compiled as C11 and C++17 with every warning an error, run under the
sanitizers, and compiled with each mistake that must not compile."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SDK = Path(__file__).resolve().parents[2]
SOURCES = SDK / "c" / "kit"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
MISTAKES = 6
LANGUAGES = {
    "C11": [os.environ.get("CC", "cc"), "-x", "c", "-std=c11", "-Wshadow"],
    "C++17": [os.environ.get("CXX", "c++"), "-x", "c++", "-std=c++17"],
}


def compiled(language: str, source: str, out: Path, *flags: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*LANGUAGES[language], *WARNINGS, *flags, "-I", SDK / "include", SOURCES / source, "-o", out],
        capture_output=True, text=True)  # fmt: skip


def troubles(language: str, folder: Path) -> list[str]:
    found = []
    for source in ("arrow.c", "actions.c"):
        out = folder / f"{source}-{language}"
        done = compiled(language, source, out, "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
        if done.returncode != 0:
            found.append(f"{source} does not compile as {language}:\n{done.stderr}")
            continue
        ran = subprocess.run([out], capture_output=True, text=True)
        if ran.returncode != 0:
            found.append(f"{source} as {language} ended with {ran.returncode}:\n{ran.stdout}{ran.stderr[-3000:]}")
    for mistake in range(1, MISTAKES + 1):
        done = compiled(language, "actions.c", folder / "mistake", f"-DMISTAKE={mistake}")
        # It has to be the check that fails, and not something else.
        if done.returncode == 0 or "does not have the type that its declaration says" not in done.stderr:
            found.append(f"mistake {mistake} in actions.c compiles as {language}, or fails for another reason")
    return found


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="host-kit-"))
    try:
        found = [trouble for language in LANGUAGES for trouble in troubles(language, folder)]
    finally:
        shutil.rmtree(folder)
    print("\n".join(found) if found else f"kit: {' and '.join(LANGUAGES)}, {MISTAKES} mistakes refused")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
