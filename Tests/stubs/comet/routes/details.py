# SPDX-License-Identifier: Apache-2.0
"""Writes of what an experiment has one of: page, graph, code, output, system details, git, dependencies."""

from __future__ import annotations

from ..answers import Refusal, saved
from ..experiment import Experiment
from ..request import Request
from ..routing import route
from ..store import Store

OUTPUT_LIMIT = 5_000_000
SYSTEM_FIELDS = {
    "user": str,
    "pid": int,
    "hostname": str,
    "ip": str,
    "os": str,
    "osType": str,
    "osRelease": str,
    "machine": str,
    "processor": str,
    "env": dict,
    "executable": str,
    "command": list,
    "pythonVersion": str,
    "pythonVersionVerbose": str,
    "installedPackages": list,
    "osPackages": list,
    "networkInterfaceIps": list,
    "gpuStaticInfoList": list,
    "logAdditionalSystemInfoList": list,
    "totalRam": int,
    "maxTotalMemory": int,
}
GIT_FIELDS = ("user", "root", "branch", "parent", "origin")


def written(store: Store, request: Request) -> Experiment:
    return store.experiment(request, request.json.get("experimentKey"), "other")


def text_of(request: Request, name: str) -> str:
    value = request.json.get(name)
    if not isinstance(value, str):
        raise Refusal(f"{name} is not text")
    return value


@route("POST", "rest:write/experiment/html")
def html(store: Store, request: Request) -> dict:
    experiment, page = written(store, request), text_of(request, "html")
    experiment.html = page if request.json.get("override") else (experiment.html or "") + page
    return saved()


@route("POST", "rest:write/experiment/graph")
def graph(store: Store, request: Request) -> dict:
    written(store, request).graph = text_of(request, "graph")
    return saved()


@route("POST", "rest:write/experiment/code")
def code(store: Store, request: Request) -> dict:
    written(store, request).code = text_of(request, "code")
    return saved()


@route("POST", "rest:write/experiment/file-path")
def file_path(store: Store, request: Request) -> dict:
    written(store, request).file_path = text_of(request, "filePath")
    return saved()


@route("POST", "rest:write/experiment/output")
def output(store: Store, request: Request) -> dict:
    lines = request.json.get("outputLines")
    if not isinstance(lines, list):
        raise Refusal("outputLines is not a list")
    experiment = store.experiment(request, request.json.get("experimentKey"), "output", len(lines))
    used = {line["offset"] for line in experiment.output}
    for line in lines:
        offset, text = line.get("offset"), line.get("output")
        if isinstance(offset, bool) or not isinstance(offset, int) or not isinstance(text, str):
            raise Refusal("an output line has no integer offset or no text")
        if len(text) > OUTPUT_LIMIT:
            store.problem(request, f"output line {offset} is longer than {OUTPUT_LIMIT} characters")
        if offset in used:
            # What a real server makes of it is not known; both lines are kept, so that a doubled one shows.
            store.problem(request, f"output offset {offset} is used already", refuse=False)
        used.add(offset)
    context = request.json.get("runContext")
    for line in lines:
        about = {
            "stderr": line.get("stderr") is True,
            "timestamp": line.get("localTimestamp"),
            "context": context,
        }
        experiment.output.append({"offset": line["offset"], "text": line["output"], **about})
    return saved()


@route("POST", "rest:write/experiment/system-details")
def system_details(store: Store, request: Request) -> dict:
    experiment = written(store, request)
    given = {k: v for k, v in request.json.items() if k != "experimentKey" and v is not None}
    for name, value in given.items():
        if name not in SYSTEM_FIELDS:
            store.problem(request, f"system details have no field {name}")
        elif not isinstance(value, SYSTEM_FIELDS[name]) or isinstance(value, bool):
            store.problem(request, f"system detail {name} has the wrong type: {value!r}")
    for name, value in given.items():
        if name == "logAdditionalSystemInfoList":
            held = {entry["key"]: entry for entry in experiment.system.get(name, [])}
            held |= {entry["key"]: entry for entry in value}
            value = list(held.values())
        experiment.system[name] = value
    return saved()


@route("POST", "rest:write/experiment/git/metadata")
def git(store: Store, request: Request) -> dict:
    experiment = written(store, request)
    experiment.git = {name: request.json.get(name) for name in GIT_FIELDS}
    return saved()


@route("POST", "rest:write/experiment/git/patch", "sdk:git-patch/upload")
def git_patch(store: Store, request: Request) -> dict:
    key = request.query.get("experimentKey") or request.query.get("experimentId")
    experiment = store.experiment(request, key, "other")
    if "file" not in request.parts:
        raise Refusal("the patch has no part named file")
    experiment.git_patch = request.parts["file"].content
    return saved()


@route("PUT", "rest:write/experiment/dependencies")
def dependencies(store: Store, request: Request) -> dict:
    experiment = written(store, request)
    for entry in request.json.get("logDependencies") or []:
        experiment.dependencies[entry["name"]] = entry["version"]
    return saved()


@route("POST", "rest:write/experiment/cloud-details")
def cloud(store: Store, request: Request) -> dict:
    written(store, request).cloud = {k: request.json.get(k) for k in ("provider", "metadata")}
    return saved()
