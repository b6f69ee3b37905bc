# SPDX-License-Identifier: Apache-2.0
"""Compares what the server holds, and what the client reads back, with what was logged."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

from . import content
from .findings import Findings

# What the client adds to a run by itself.
ADDED_METRICS = {"process duration"}
ADDED_PARAMETERS = {"curr_step", "curr_epoch"}
ADDED_OTHERS = {"Name", "hasNestedParams", "offline_experiment", "Created from"}


def exact(value) -> tuple[str, str]:
    """A value by its kind and bits or digits: 1 is not 1.0, 0.0 is not -0.0, one NaN is the other."""
    if isinstance(value, float):
        return ("bits", content.bits(value))
    return ("digits", str(value)) if isinstance(value, int) else ("text", value)


def exact_text(text: str, like: str) -> tuple[str, str]:
    """Text of the server, taken as what was logged under this name; only numbers are parsed."""
    if like == "bits":
        return ("bits", content.bits(float(text)))
    return (like, text)


def logged_metrics() -> Counter:
    name, value, step, epoch = content.IN_CONTEXT
    inside = (f"{content.CONTEXT}_{name}", exact(value), step, epoch, content.CONTEXT)
    return Counter([(n, exact(v), s, e, None) for n, v, s, e in content.METRICS] + [inside])


def kinds() -> dict[str, str]:
    return {name: kind for name, (kind, _), *_ in logged_metrics()}


def check_metrics(findings: Findings, rows: list[dict], window: tuple[int, int]) -> None:
    """`rows` as the REST API gives them."""
    like, found = kinds(), Counter()
    for row in rows:
        name = row["metricName"]
        if name in ADDED_METRICS:
            continue
        value = exact_text(row["metricValue"], like.get(name, "text"))
        found[name, value, row["step"], row["epoch"], row["runContext"]] += 1
        findings.true(f"time of {name}: {row['timestamp']}", window[0] <= row["timestamp"] <= window[1])
    findings.equal("metrics missing", logged_metrics() - found, Counter())
    findings.equal("metrics too many", found - logged_metrics(), Counter())


def state_rows(experiment: dict) -> list[dict]:
    rows = []
    for name, points in experiment["metrics"].items():
        for point in points:
            named = {"metricName": name, "metricValue": point["value"], "runContext": point["context"]}
            rows.append({**point, **named})
    return rows


def check_state(findings: Findings, held: dict, files: dict[str, Path], window: tuple[int, int]) -> None:
    check_metrics(findings, state_rows(held), window)
    values = {k: v["value"] for k, v in held["parameters"].items() if k not in ADDED_PARAMETERS}
    findings.equal("parameters", values, {**content.PARAMETERS, **content.NESTED_FLAT})
    others = {k: v["value"] for k, v in held["others"].items() if k not in ADDED_OTHERS}
    findings.equal("others", others, content.OTHERS)
    for field, expected in (
        ("name", content.NAME),
        ("project", content.PROJECT),
        ("workspace", "team"),
        ("html", content.HTML),
        ("graph", content.GRAPH),
        ("file_path", content.FILE_NAME),
        ("running", False),
        ("crashed", False),
        ("archived", False),
        ("tags", sorted(content.TAGS)),
        ("dependencies", dict([content.DEPENDENCY])),
        ("source_code", {"src/main.py": sha(files["main.py"])}),
    ):
        findings.equal(field, held[field], expected)
    key, value = content.SYSTEM_INFO
    findings.equal(
        "system", held["system"].get("logAdditionalSystemInfoList"), [{"key": key, "value": value}]
    )
    texts = [(t["text"], t["step"], t["metadata"]) for t in held["texts"]]
    findings.equal("texts", sorted(texts, key=str), sorted(content.TEXTS, key=str))
    check_assets(findings, held["assets"], files)
    check_histograms(findings, held["histograms"])


def check_assets(findings: Findings, assets: list[dict], files: dict[str, Path]) -> None:
    by_name = {(asset["type"], asset["name"]): asset for asset in assets}
    findings.equal("assets with names of their own", len(by_name), len(assets) - 2)
    for name, kind, step, metadata, file in content.ASSETS:
        asset = by_name.get((kind, name))
        findings.true(f"asset {name} of type {kind} is there", asset is not None)
        if asset is None:
            continue
        findings.equal(f"content of {name}", asset["sha256"], sha(files[file]))
        findings.equal(f"size of {name}", asset["size"], files[file].stat().st_size)
        findings.equal(f"metadata of {name}", asset["metadata"], metadata)
        if step is not None:
            findings.equal(f"step of {name}", asset["step"], step)
    link, name, metadata = content.REMOTE
    remote = by_name.get(("asset", name)) or {}
    findings.equal("remote asset", (remote.get("link"), remote.get("metadata")), (link, metadata))
    table = by_name.get(("asset", "table.csv")) or {}
    findings.equal("table", table.get("sha256"), hashlib.sha256(content.TABLE[2]).hexdigest())
    for kind in ("curve", "confusion-matrix"):
        findings.equal(f"number of {kind}", sum(1 for a in assets if a["type"] == kind), 1)
    # Seven by file, three histograms, two texts, remote, table, curve, matrix.
    findings.equal("number of assets", len(assets), len(content.ASSETS) + 9)


def check_histograms(findings: Findings, histograms: dict) -> None:
    findings.equal("names of histograms", list(histograms), ["weights"])
    for step, entry in enumerate(histograms.get("weights", [])):
        findings.equal("step of a histogram", entry["step"], step)
        held = entry["histogram"]
        findings.equal(f"histogram of step {step}", counted(held), own_histogram(step))


def counted(held: dict) -> dict[int, int]:
    return {index: count for index, count in held["index_values"]}


def own_histogram(step: int) -> dict[int, int]:
    """The bins of the logged values, by search through edges made by multiplication as the client does."""
    edges, power = [1e-12], 1e-12
    while power < 1e20:
        power *= 1.1
        edges.append(power)
    found: Counter = Counter()
    for value in content.histogram_values(step):
        above = next(i for i, edge in enumerate(edges) if abs(value) <= edge)
        found[775 + above if value > 0 else 774 - above] += 1
    return dict(found)


def check_read(findings: Findings, got: dict, held: dict, key: str, window: tuple[int, int]) -> None:
    check_metrics(findings, got["metrics"], window)
    one = [row for row in got["metrics"] if row["metricName"] == "train/loss"]
    findings.equal("one metric read alone", sorted(map(order, got["one_metric"])), sorted(map(order, one)))
    names = sorted(row["name"] for row in got["metrics_summary"])
    findings.equal("names in the summary", names, sorted(held["metrics"]))
    read = {row["name"]: row["valueCurrent"] for row in got["parameters"]}
    findings.equal("parameters read", read, {k: v["text"] for k, v in held["parameters"].items()})
    read = {row["name"]: row["valueCurrent"] for row in got["others"]}
    findings.equal("others read", read, {k: v["text"] for k, v in held["others"].items()})
    findings.equal("name read", got["name"], content.NAME)
    findings.equal("tags read", sorted(got["tags"]), held["tags"])
    findings.equal("html read", got["html"], held["html"])
    findings.equal("graph read", got["graph"], held["graph"])
    findings.equal("models read", got["models"], [content.MODEL])
    findings.equal("workspaces read", got["workspaces"], ["team"])
    findings.true("the project is listed", content.PROJECT in got["projects"])
    findings.true("the experiment is listed", key in got["experiments"])
    findings.equal("the experiment is found by a query", got["queried"].count(key), 1)
    findings.equal("start read", got["metadata"]["startTimeMillis"], held["start"])
    findings.equal("end read", got["metadata"]["endTimeMillis"], held["end"])
    kept = [a for a in held["assets"] if a["type"] != "histogram3d"]
    read = [a for a in got["assets"] if a["type"] != "histogram_combined_3d"]
    findings.equal("assets read", sorted(map(read_row, read)), sorted(map(kept_row, kept)))
    combined = [
        (entry["step"], counted(entry["histogram"])) for entry in got["histograms"].get("weights", [])
    ]
    findings.equal("histograms read", combined, [(step, own_histogram(step)) for step in range(3)])


def order(row: dict) -> str:
    return json.dumps(row, sort_keys=True)


def read_row(asset: dict) -> str:
    metadata = None if asset["metadata"] is None else json.loads(asset["metadata"])
    link = asset["link"] if asset["remote"] else None
    content_hash = None if asset["remote"] else asset["sha256"]
    fields = [
        asset["fileName"],
        asset["type"],
        asset["step"],
        asset["fileSize"],
        content_hash,
        metadata,
        link,
    ]
    return json.dumps(fields)


def kept_row(asset: dict) -> str:
    names = ("name", "type", "step", "size", "sha256", "metadata", "link")
    return json.dumps([asset[name] for name in names])


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
