# SPDX-License-Identifier: Apache-2.0
"""Large assets in parts to signed addresses of object storage, and reads that are sent there."""

from __future__ import annotations

import hashlib
import re
import uuid

from ..answers import BYTES_TYPE, Answer, Refusal, saved
from ..request import Request
from ..routing import route
from ..store import Store
from .asset_uploads import described, truth

PARTS_LIMIT = 10_000
RANGE = re.compile(r"bytes=(\d+)-(\d*)\Z")


@route("POST", "sdk:asset/upload-start", "sdk:visualizations/upload-start")
def start(store: Store, request: Request) -> dict:
    if not store.settings.direct_upload:
        raise Refusal("direct upload is not enabled", status=404)
    body = request.json
    experiment = store.experiment(request, body.get("experimentId"), "other")
    count = (body.get("startUploadParams") or {}).get("numOfFileParts")
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= PARTS_LIMIT:
        raise Refusal(f"numOfFileParts is not between 1 and {PARTS_LIMIT}: {count!r}")
    asset = described(store, request, experiment, body, image=request.route.startswith("sdk:visualizations"))
    key = uuid.uuid4().hex
    store.uploads[key] = {
        "asset": asset,
        "overwrite": truth(body.get("overwrite")),
        "count": count,
        "parts": {},
    }
    return {
        "requestId": key,
        "preSignUrl": [f"{request.base}/__s3__/{key}/{number}" for number in range(1, count + 1)],
    }


@route("PUT", "/__s3__/{key}/{number}")
def put_part(store: Store, request: Request, key: str, number: str) -> Answer:
    upload = store.uploads.get(key)
    if upload is None or not number.isdigit() or not 1 <= int(number) <= upload["count"]:
        raise Refusal("no such upload or part", status=404)
    without_key(request)
    upload["parts"][int(number)] = request.body
    return Answer(b"", content_type="text/plain", headers={"ETag": etag(request.body)})


@route("POST", "sdk:asset/upload-complete", "sdk:visualizations/upload-complete")
def complete(store: Store, request: Request) -> dict:
    body = request.json
    upload = store.uploads.pop(body.get("requestId"), None)
    if upload is None:
        raise Refusal("no such upload")
    asset, parts = upload["asset"], upload["parts"]
    if not body.get("succeed"):
        return saved()
    experiment = store.experiment(request, asset.experiment, "other")
    told = {entry["PartNumber"]: entry["ETag"] for entry in body.get("uploadedFileParts") or []}
    if told != {number: etag(content) for number, content in parts.items()} or len(told) != upload["count"]:
        raise Refusal("the parts are not those that were uploaded")
    content = b"".join(parts[number] for number in sorted(parts))
    if body.get("fileSize") != len(content):
        raise Refusal(f"fileSize is {body.get('fileSize')}, the parts hold {len(content)}")
    store.add_asset(experiment, asset, content, upload["overwrite"])
    return saved()


@route("GET", "/__s3__/contents/{experiment}/{key}")
def read(store: Store, request: Request, experiment: str, key: str) -> Answer:
    without_key(request)
    held = store.experiments.get(experiment)
    asset = held.assets.get(key) if held else None
    if asset is None:
        raise Refusal("no such object", status=404)
    return ranged(asset.content(), request.headers.get("range"))


def ranged(content: bytes, wanted: str | None) -> Answer:
    if not wanted:
        return Answer(content, content_type=BYTES_TYPE, headers={"Accept-Ranges": "bytes"})
    asked = RANGE.match(wanted)
    first = int(asked[1]) if asked else len(content)
    if first >= len(content):
        headers = {"Content-Range": f"bytes */{len(content)}"}
        raise Refusal(f"no such range: {wanted}", status=416, headers=headers)
    last = min(int(asked[2]) if asked[2] else len(content) - 1, len(content) - 1)
    headers = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
    return Answer(content[first : last + 1], 206, BYTES_TYPE, headers)


def without_key(request: Request) -> None:
    # Object storage refuses a second authorization beside the signature, and must not learn the key.
    if "authorization" in request.headers:
        raise Refusal("only one authorization is allowed: the signature in the address")


def etag(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
