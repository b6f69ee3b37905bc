#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a server holds in one project, as one JSON object: count.py URL PROJECT. It asks the server by REST and knows
nothing of the plugin but which "others" and assets are its own."""

from __future__ import annotations

import json
import sys
import urllib.parse
import urllib.request


class Reader:
    def __init__(self, url: str):
        self.root = url.rstrip("/").removesuffix("/clientlib")

    def get(self, path: str, **query):
        address = f"{self.root}/api/rest/v2/{path}?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(address, headers={"Authorization": "conformance-key"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def json(self, path: str, **query):
        return json.loads(self.get(path, **query))


def lines(reader: Reader, key: str, assets: list[dict], table: str) -> int:
    """Series and histograms are lines of assets."""
    mine = [a for a in assets if json.loads(a["metadata"] or "{}").get("host.table") == table]
    contents = [reader.get("experiment/asset/get-asset", experimentKey=key, assetId=a["assetId"]) for a in mine]
    return sum(content.count(b"\n") for content in contents)


def count(reader: Reader, key: str) -> dict[str, int]:
    parameters = reader.json("experiment/parameters", experimentKey=key)["values"]
    others = [o["name"] for o in reader.json("experiment/log-other", experimentKey=key)["values"]]
    metrics = [m["name"] for m in reader.json("experiment/metrics/summary", experimentKey=key)["values"]]
    assets = reader.json("experiment/asset/list", experimentKey=key, type="all")["assets"]
    get_metric = "experiment/metrics/get-metric"
    points = [reader.json(get_metric, experimentKey=key, metricName=name)["metrics"] for name in metrics]
    return {
        "units": 1,
        "fields": len(parameters) + sum(not o.startswith("host.") and o != "Name" for o in others),
        "points": sum(map(len, points)),
        "series": lines(reader, key, assets, "series"),
        "histograms": lines(reader, key, assets, "histograms"),
        "files": sum("host.role" in json.loads(a["metadata"] or "{}") for a in assets),
    }


def main() -> None:
    url, project = sys.argv[1:]
    reader = Reader(url)
    total = dict.fromkeys(("units", "fields", "points", "series", "histograms", "files"), 0)
    projects = reader.json("projects", workspaceName="conformance")["projects"]
    if any(p["projectName"] == project for p in projects):
        found = reader.json("experiments", workspaceName="conformance", projectName=project)["experiments"]
        for experiment in found:
            if not experiment["archived"]:
                for name, number in count(reader, experiment["experimentKey"]).items():
                    total[name] += number
    print(json.dumps(total))


if __name__ == "__main__":
    main()
