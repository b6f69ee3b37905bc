# SPDX-License-Identifier: Apache-2.0
"""Writes runs and payloads of an archive the way the exporter does: parts, Snappy, format 2.6."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .layout import SCHEMA, part_file, project_folder


class ArchiveWriter:
    def __init__(self, root: Path):
        self.root = Path(root)
        self.data = self.root / "data"
        self.files = self.root / "files"
        self.data.mkdir(parents=True, exist_ok=True)
        self.files.mkdir(parents=True, exist_ok=True)

    def part(self, project: str, run: str, batches, part: int = 0) -> Path:
        """One part with a row group per batch; `batches` may be a generator, so size is no matter."""
        target = part_file(self.data, project, run, part)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(target.name + ".tmp")
        with pq.ParquetWriter(unfinished, SCHEMA, compression="snappy", version="2.6") as writer:
            for one in batches:
                writer.write_batch(one)
        unfinished.rename(target)
        return target

    def one_row_group(self, project: str, run: str, table: pa.Table) -> Path:
        target = part_file(self.data, project, run, 0)
        target.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(target, SCHEMA, compression="snappy", version="2.6") as writer:
            writer.write_table(table, row_group_size=table.num_rows)
        return target

    def payload(self, project: str, stored: str, content: bytes) -> str:
        target = project_folder(self.files, project) / stored
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return stored
