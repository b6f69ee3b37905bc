# SPDX-License-Identifier: Apache-2.0
"""What every benchmark needs: archives made once, folders, the command."""

from __future__ import annotations

import itertools
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
TOOLS = REPOSITORY / "Tests" / "tools"
sys.path.insert(0, str(TOOLS))

from host_command import HostCommand, binary  # noqa: E402
from make_archive import make  # noqa: E402


@dataclass
class Context:
    scratch: Path
    archives: Path
    seed: int
    quick: bool
    workers: int
    transfers: int
    check: bool
    _numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    @property
    def binary(self) -> Path:
        return binary()

    def folder(self, name: str) -> Path:
        made = self.scratch / f"{next(self._numbers):03d}-{name.replace(' ', '-')}"
        made.mkdir(parents=True)
        return made

    def host(self) -> HostCommand:
        return HostCommand(self.folder("host"))

    def archive(self, profile: str) -> Path:
        """Made when it is first asked for; the same seed gives the same archive."""
        root = self.archives / f"{profile}-{self.seed}"
        if not (root / "expect.json").exists():
            print(f"making archive {profile}, seed {self.seed}", file=sys.stderr)
            make(profile, root, self.seed)
        return root / "data"

    @staticmethod
    def drop(folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
