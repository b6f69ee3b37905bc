# SPDX-License-Identifier: Apache-2.0
"""Names, folders and the schema of a Neptune parquet archive."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pyarrow as pa

SCHEMA = pa.schema(
    [
        ("project_id", pa.string()),
        ("run_id", pa.string()),
        ("attribute_path", pa.string()),
        ("attribute_type", pa.string()),
        ("step", pa.decimal128(18, 6)),
        ("timestamp", pa.timestamp("ms", tz="UTC")),
        ("int_value", pa.int64()),
        ("float_value", pa.float64()),
        ("string_value", pa.string()),
        ("bool_value", pa.bool_()),
        ("datetime_value", pa.timestamp("ms", tz="UTC")),
        ("string_set_value", pa.list_(pa.string())),
        ("file_value", pa.struct([("path", pa.string())])),
        (
            "histogram_value",
            pa.struct(
                [
                    ("type", pa.string()),
                    ("edges", pa.list_(pa.float64())),
                    ("values", pa.list_(pa.float64())),
                ]
            ),
        ),
    ]
)

PARAMETER_COLUMN = {
    "int": "int_value",
    "float": "float_value",
    "string": "string_value",
    "bool": "bool_value",
    "datetime": "datetime_value",
    "string_set": "string_set_value",
}
FILE_TYPES = ("file", "file_series", "file_set", "artifact")
MICRO = 1_000_000  # a step's unscaled value counts millionths


def sanitised(text: str) -> str:
    return "".join(c if c.isalnum() or c in "_-" else "_" for c in text)


def stored_name(text: str) -> str:
    """The folder of a project or the stem of a run: readable part, then a digest of the true id."""
    return f"{sanitised(text)}-{digest8(text)}"


def digest8(text: str) -> str:
    # The length is a parameter of BLAKE2b: cutting a longer digest gives another value.
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def project_folder(root: Path, project: str) -> Path:
    return Path(root) / stored_name(project)


def part_file(data: Path, project: str, run: str, part: int) -> Path:
    return project_folder(data, project) / f"{stored_name(run)}_part_{part}.parquet"


def payload_path(run: str, attribute: str, leaf: str = "", extension: str = "") -> str:
    """Where the third generation keeps a payload, relative to the project's folder of files."""
    parts = [p for p in f"{run}/{attribute}/{leaf}".split("/") if p not in ("", ".")]
    return "/".join(_payload_part(p) for p in parts) + extension


def _payload_part(part: str) -> str:
    clean = sanitised(part)
    return clean if len(clean) <= 255 else clean[:238] + "_" + digest8(clean)


_PART = re.compile(r"^(?P<stem>.+)_part_(?P<number>\d+)\.parquet$", re.DOTALL)


def split_part_name(name: str) -> tuple[str, int] | None:
    """Stem and part number of a file name; the stem ends at the last `_part_`."""
    found = _PART.match(name)
    return (found["stem"], int(found["number"])) if found else None
