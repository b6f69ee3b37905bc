# SPDX-License-Identifier: Apache-2.0
"""Reads an MLflow server through its REST interface: nothing of the client library, nothing of the host."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

PAGE = 1_000
POINTS_PAGE = 20_000
_PROXY = "/api/2.0/mlflow-artifacts/artifacts"


class MlflowReader:
    def __init__(self, url: str):
        self.url = url.rstrip("/")
        self.session = requests.Session()
        # Servers close idle keep-alive connections; every call here only reads.
        again = Retry(total=4, backoff_factor=0.2, allowed_methods=None)
        self.session.mount("http://", HTTPAdapter(max_retries=again))
        self.session.trust_env = False
        self._roots: dict[str, str] = {}
        if user := os.environ.get("MLFLOW_TRACKING_USERNAME"):
            self.session.auth = (user, os.environ.get("MLFLOW_TRACKING_PASSWORD", ""))

    def get(self, call: str, **query) -> dict:
        answer = self.session.get(f"{self.url}/api/2.0/mlflow/{call}", params=query, timeout=300)
        answer.raise_for_status()
        return answer.json()

    def post(self, call: str, **body) -> dict:
        answer = self.session.post(f"{self.url}/api/2.0/mlflow/{call}", json=body, timeout=300)
        answer.raise_for_status()
        return answer.json()

    def experiments(self) -> dict[str, str]:
        """Name → id of all that are not deleted."""
        found, token = {}, None
        while True:
            body = {"max_results": PAGE} | ({"page_token": token} if token else {})
            page = self.post("experiments/search", **body)
            found |= {e["name"]: e["experiment_id"] for e in page.get("experiments", [])}
            token = page.get("next_page_token")
            if not token:
                return found

    def runs(self, experiment_id: str) -> list[dict]:
        found, token = [], None
        while True:
            body = {
                "experiment_ids": [experiment_id],
                "max_results": PAGE,
                "order_by": ["attributes.run_id ASC"],
            }
            page = self.post("runs/search", **body, **({"page_token": token} if token else {}))
            found += page.get("runs", [])
            token = page.get("next_page_token")
            if not token:
                return found

    def points(self, run_id: str, key: str) -> list[tuple[int, int, float]]:
        """(step, time in ms, value) of a metric's whole history."""
        found, token = [], None
        while True:
            query = {"run_id": run_id, "metric_key": key, "max_results": POINTS_PAGE}
            page = self.get("metrics/get-history", **query, **({"page_token": token} if token else {}))
            for m in page.get("metrics", []):
                found.append((int(m.get("step", 0)), int(m.get("timestamp", 0)), float(m.get("value", 0.0))))
            token = page.get("next_page_token")
            if not token:
                return found

    def artifacts(self, run_id: str) -> Iterator[tuple[str, int]]:
        """(path, size) of every file, folders walked."""
        yield from self._listed(self._artifact_root(run_id), "")

    def _listed(self, root: str, folder: str) -> Iterator[tuple[str, int]]:
        # Not `artifacts/list`, which takes blanks off the ends of what it is asked for.
        path = f"{root}/{folder}" if folder else root
        answer = self.session.get(f"{self.url}{_PROXY}", params={"path": path}, timeout=300)
        answer.raise_for_status()
        for entry in answer.json().get("files", []):
            inside = f"{folder}/{entry['path']}" if folder else entry["path"]
            if entry.get("is_dir"):
                yield from self._listed(root, inside)
            else:
                yield inside, int(entry.get("file_size", 0))

    def artifact(self, run_id: str, path: str) -> bytes:
        address = quote(f"{self._artifact_root(run_id)}/{path}", safe="/")
        answer = self.session.get(f"{self.url}{_PROXY}/{address}", timeout=300)
        answer.raise_for_status()
        return answer.content

    def _artifact_root(self, run_id: str) -> str:
        if run_id not in self._roots:
            uri = urlsplit(self.get("runs/get", run_id=run_id)["run"]["info"]["artifact_uri"])
            if uri.scheme != "mlflow-artifacts":
                raise ValueError(f"artifacts of {run_id} are not behind the server's proxy: {uri.scheme}")
            self._roots[run_id] = uri.path.strip("/")
        return self._roots[run_id]


def params_of(run: dict) -> dict[str, str]:
    return {p["key"]: p.get("value", "") for p in run["data"].get("params", [])}


def tags_of(run: dict) -> dict[str, str]:
    return {t["key"]: t.get("value", "") for t in run["data"].get("tags", [])}


def metric_keys(run: dict) -> list[str]:
    return [m["key"] for m in run["data"].get("metrics", [])]
