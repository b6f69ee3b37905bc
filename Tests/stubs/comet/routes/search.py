# SPDX-License-Identifier: Apache-2.0
"""Searching a project by a tree of rules."""

from __future__ import annotations

from ..answers import Refusal
from ..experiment import Experiment
from ..java_text import number
from ..request import Request
from ..routing import route
from ..store import Store

TEXT = {
    "contains": lambda held, wanted: wanted in held,
    "begins_with": lambda held, wanted: held.startswith(wanted),
    "ends_with": lambda held, wanted: held.endswith(wanted),
}
ORDER = {
    "equal": lambda held, wanted: held == wanted,
    "greater": lambda held, wanted: held > wanted,
    "greater_or_equal": lambda held, wanted: held >= wanted,
    "less": lambda held, wanted: held < wanted,
    "less_or_equal": lambda held, wanted: held <= wanted,
}
NUMERIC = ("double", "integer", "datetime", "timenumber")


@route("POST", "rest:experiments/search")
def search(store: Store, request: Request) -> dict:
    body = request.json
    project, tree = store.project_by_key(body.get("projectId")), body.get("rulesTree")
    found = [
        e
        for e in store.of_project(project)
        if e.archived == (body.get("deleted") is True) and (not tree or _holds(tree, None, e))
    ]
    limit, page = body.get("limit") or len(found) or 1, body.get("page") or 1
    shown = found[(page - 1) * limit : page * limit]
    return {"experiments": [e.metadata() for e in shown], "total": len(found)}


@route("POST", "rest:project/query")
def query(store: Store, request: Request) -> dict:
    """The older form: one tree for each source, all of which must hold."""
    body = request.json
    project = store.project(body.get("workspaceName"), body.get("projectName"))
    found = [
        e.key
        for e in store.of_project(project)
        if e.archived == (body.get("archived") is True)
        and all(
            _holds(one["query"], one["source"], e) != (one.get("negated") is True)
            for one in body.get("predicates") or []
        )
    ]
    return {"experimentKeys": found}


def _holds(tree: dict, source: str | None, experiment: Experiment) -> bool:
    if "rules" in tree:
        together = any if tree.get("condition") == "OR" else all
        return together(_holds(rule, source, experiment) for rule in tree["rules"])
    held = _held(tree.get("source") or source, tree.get("field"), experiment)
    operator, wanted = tree.get("operator") or "", tree.get("value")
    if operator in ("is_null", "is_not_null"):
        return (held is None) == (operator == "is_null")
    if operator in ("is_empty", "is_not_empty"):
        return (not held) == (operator == "is_empty")
    if held is None:
        return False
    many = held if isinstance(held, list) else [held]
    positive = operator.removeprefix("not_")
    return any(_compared(one, positive, wanted, tree.get("type")) for one in many) == (positive == operator)


def _compared(held, operator: str, wanted, kind: str | None) -> bool:
    if operator in TEXT:
        return TEXT[operator](str(held), str(wanted))
    if operator == "between":
        low, high = wanted
        return _compared(held, "greater_or_equal", low, kind) and _compared(held, "less_or_equal", high, kind)
    if operator not in ORDER:
        raise Refusal(f"the search knows no operator {operator!r}")
    if kind not in NUMERIC:
        return ORDER[operator](str(held), str(wanted))
    left, right = number(str(held)), number(str(wanted))
    return left is not None and right is not None and ORDER[operator](left, right)


def _held(source: str | None, field: str | None, experiment: Experiment):
    if source == "tag":
        return experiment.tags
    if source == "metadata":
        return experiment.metadata().get(field)
    if source == "env_details":
        return experiment.system.get(field)
    tables = {"metrics": experiment.metrics, "params": experiment.parameters, "log_other": experiment.others}
    if source not in tables:
        raise Refusal(f"the search knows no source {source!r}")
    points = tables[source].get(field)
    return points[-1].text if points else None
