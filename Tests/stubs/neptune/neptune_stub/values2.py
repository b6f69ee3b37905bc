# SPDX-License-Identifier: Apache-2.0
"""What attributes hold that Neptune 2 alone has."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from typing import Iterator

from .values import Payload


@dataclass(frozen=True)
class FileSet:
    """`members` are paths within the set and payloads."""

    members: tuple[tuple[str, Payload], ...]

    def zip(self) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, payload in self.members:
                archive.writestr(zipfile.ZipInfo(path, (2025, 1, 2, 3, 4, 6)), payload.bytes())
        return made.getvalue()

    def expected_files(self) -> Iterator[dict]:
        for path, payload in self.members:
            yield {"role": "member", "name": path, "size": payload.size, "sha256": payload.sha256}


@dataclass(frozen=True)
class Artifact:
    """A list of files that lie elsewhere; the service keeps their names and hashes."""

    files: tuple[tuple[str, str, int, str], ...]

    @property
    def hash(self) -> str:
        return hashlib.sha1(repr(self.files).encode()).hexdigest()

    def listing(self) -> list[dict]:
        return [
            {
                "filePath": path,
                "fileHash": digest,
                "type": "S3" if location.startswith("s3:") else "Local",
                "size": size,
                "metadata": [{"key": "location", "value": location}],
            }
            for path, digest, size, location in self.files
        ]

    def expected_files(self) -> Iterator[dict]:
        yield {"role": "listing", "hash": self.hash, "files": self.listing()}


@dataclass(frozen=True)
class Reference:
    """A type that is properties and nothing else: git and notebook references, the run's state."""

    properties: dict
