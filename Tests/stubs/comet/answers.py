# SPDX-License-Identifier: Apache-2.0
"""What a route gives back: an answer, or a refusal in Comet's form of an error."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

JSON_TYPE = "application/json"
BYTES_TYPE = "application/octet-stream"


class Code:
    """Comet's `sdk_error_code`, which clients judge before the HTTP status."""

    NONE = 0
    PROJECT_NAME_TOO_LONG = 1341241
    ARTIFACT_NOT_FOUND = 624522
    ARTIFACT_VERSION_EXISTS = 90399
    ARTIFACT_VERSION_NOT_CLOSED = 90402
    NO_SUCH_EXPERIMENT = 90210
    NO_SUCH_RUN = 90211
    API_KEY_UNKNOWN = 90212
    NO_SUCH_WORKSPACE = 90219
    EXPERIMENT_EXISTS = 90999
    ASSET_IS_IMMUTABLE = 7000005
    IMAGE_IS_IMMUTABLE = 7000006
    FULL = {
        "image": 7000001,
        "text-sample": 7000012,
        "histogram3d": 7000013,
        "model-element": 7000014,
        "curve": 7000015,
        "notebook": 7000016,
        "embeddings": 7000017,
        "video": 7000018,
    }


@dataclass
class Answer:
    body: bytes
    status: int = 200
    content_type: str = JSON_TYPE
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):
    def __init__(self, message: str, status: int = 400, code: int = Code.NONE, headers: dict | None = None):
        super().__init__(message)
        self.message, self.status, self.code, self.headers = message, status, code, headers or {}

    def answer(self) -> Answer:
        body = {"msg": self.message, "code": self.status, "data": None, "sdk_error_code": self.code}
        return Answer(json.dumps(body).encode(), self.status, headers=self.headers)


def as_answer(result: dict | bytes | Answer | None) -> Answer:
    if isinstance(result, Answer):
        return result
    if isinstance(result, bytes):
        return Answer(result, content_type=BYTES_TYPE)
    return Answer(json.dumps(saved() if result is None else result).encode())


def saved(**more) -> dict:
    return {"msg": "Saved", "code": 200, "data": None, "sdk_error_code": 0, **more}
