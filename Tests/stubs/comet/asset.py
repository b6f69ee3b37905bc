# SPDX-License-Identifier: Apache-2.0
"""One asset: what was said of it, and where its bytes lie."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

FOLDERS = {
    "image": "images",
    "text-sample": "text",
    "histogram3d": "histograms",
    "histogram_combined_3d": "histograms",
    "audio": "audio",
    "video": "videos",
    "curve": "curves",
    "confusion-matrix": "confusion-matrix",
    "source_code": "source-code",
    "notebook": "notebooks",
}


@dataclass
class Asset:
    key: str
    experiment: str
    name: str
    type: str
    step: int | None = None
    epoch: int | None = None
    context: str | None = None
    metadata: dict | None = None
    extension: str = ""
    group: str | None = None
    link: str | None = None
    artifact_version: str | None = None
    size: int = 0
    sha256: str | None = None
    file: Path | None = None
    created: int = field(default_factory=lambda: int(time.time() * 1000))
    items: list[dict] = field(default_factory=list)
    thumbnail_sha256: str | None = None

    def keep(self, folder: Path, content: bytes) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.size, self.sha256 = len(content), hashlib.sha256(content).hexdigest()
        # Named by content: an asset's own name comes from a client and is no path to trust.
        self.file = folder / self.sha256
        if not self.file.exists():
            self.file.write_bytes(content)

    def content(self) -> bytes:
        return self.file.read_bytes() if self.file else b""

    @property
    def folder(self) -> str:
        return f"models/{self.group}" if self.group else FOLDERS.get(self.type, "assets")

    def row(self, base: str) -> dict:
        query = f"experimentKey={self.experiment}&assetId={self.key}"
        return {
            "fileName": self.name,
            "fileSize": self.size,
            "runContext": self.context,
            "step": self.step,
            "remote": self.link is not None,
            "link": self.link or f"{base}/api/asset/download?{query}",
            "compressedAssetLink": None,
            "createdAt": self.created,
            "dir": self.folder,
            "canView": False,
            "audio": self.type == "audio",
            "video": self.type == "video",
            "histogram": self.type == "histogram_combined_3d",
            "image": self.type == "image",
            "type": self.type,
            "metadata": None if self.metadata is None else json.dumps(self.metadata, separators=(",", ":")),
            "assetId": self.key,
            "tags": [],
            "curlDownload": f'curl "{base}/api/rest/v2/experiment/asset/get-asset?{query}"',
            "experimentKey": self.experiment,
            "items": self.items,
            "etag": None,
        }

    def state(self) -> dict:
        return {
            "id": self.key,
            "name": self.name,
            "type": self.type,
            "step": self.step,
            "epoch": self.epoch,
            "context": self.context,
            "metadata": self.metadata,
            "extension": self.extension,
            "group": self.group,
            "link": self.link,
            "artifact_version": self.artifact_version,
            "size": self.size,
            "sha256": self.sha256,
            "items": [{k: item[k] for k in ("name", "type", "size", "sha256")} for item in self.items],
            "thumbnail_sha256": self.thumbnail_sha256,
        }
