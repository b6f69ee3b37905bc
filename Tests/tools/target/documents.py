# SPDX-License-Identifier: Apache-2.0
"""Compares series and histograms, which a target without such types keeps as text files."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal

from archive.forms import unescaped
from archive.layout import MICRO
from archive.reader import milliseconds

from .differences import Differences
from .points import bits, whole_step

_LINE = re.compile(
    r"(None|-?\d+(?:\.\d+)?); (None|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)); (.*)", re.DOTALL
)


def parsed_lines(text: str) -> list[tuple[Decimal | None, int | None, str]]:
    """(step, time in ms, text) of each line; what does not begin like one goes on the line before."""
    found: list[list] = []
    for line in text.split("\n") if text else []:
        match = _LINE.fullmatch(line)
        if match:
            step = None if match[1] == "None" else Decimal(match[1])
            found.append([step, time_of(match[2]), match[3]])
        elif found:
            found[-1][2] += "\n" + line
        else:
            found.append([None, None, line])
    return [tuple(f) for f in found]


def time_of(shown) -> int | None:
    if shown in (None, "None", ""):
        return None
    if isinstance(shown, (int, Decimal)):
        return int(shown)
    return milliseconds(datetime.fromisoformat(shown))


def step_agrees(wanted: Decimal | None, shown: Decimal | None, multiplier: int) -> str | None:
    """ "exact", "rounded", or None. A file keeps the source's step or the scaled one."""
    if wanted is None or shown is None:
        return "exact" if wanted is shown else None
    if shown in (wanted, wanted * multiplier):
        return "exact"
    return "rounded" if shown == whole_step(int(wanted * MICRO), multiplier)[0] else None


def compare_lines(
    run: str, key: str, wanted: list, content: bytes, multiplier: int, out: Differences
) -> None:
    out.compared["lines"] += len(wanted)
    shown = parsed_lines(content.decode("utf-8"))
    for step, time, text in wanted:
        hit = _take(shown, step, time, text, multiplier)
        if hit is None:
            out.add("series.missing", run, f"series {key!r}: step {step}, time {time}, {text[:80]!r}")
        elif hit == "rounded":
            out.add("step.rounded", run, f"series {key!r}: step {step}")
        elif hit == "replaced":
            out.add("value.text", run, f"series {key!r}: U+0000 replaced at step {step}")
    for step, time, text in shown:
        out.add("series.extra", run, f"series {key!r}: step {step}, time {time}, {text[:80]!r}")


def _take(shown: list, step, time, text: str, multiplier: int) -> str | None:
    for position, (their_step, their_time, their_text) in enumerate(shown):
        how = step_agrees(step, their_step, multiplier)
        if how and their_time == time and text in (their_text, unescaped(their_text)):
            del shown[position]
            return how
    if "\0" in text:
        return "replaced" if _take(shown, step, time, text.replace("\0", "\ufffd"), multiplier) else None
    return None


def compare_histograms(
    run: str, key: str, wanted: list, content: bytes, multiplier: int, out: Differences
) -> None:
    out.compared["histograms"] += len(wanted)
    try:
        shown = list(json.loads(content, parse_constant=_no_json, parse_float=Decimal)["histograms"])
    except (ValueError, KeyError, TypeError) as error:
        out.add("histogram.json", run, f"histograms {key!r}: {error}")
        return
    for step, time, value in wanted:
        hit = _take_histogram(run, key, shown, step, time, value, multiplier, out)
        if not hit:
            out.add(
                "histogram.missing", run, f"histograms {key!r}: step {step}, time {time}, {str(value)[:120]}"
            )
    for one in shown:
        out.add("histogram.extra", run, f"histograms {key!r}: {str(one)[:160]}")


def _take_histogram(run, key, shown, step, time, value, multiplier, out) -> bool:
    for position, one in enumerate(shown):
        theirs = one.get("step")
        how = step_agrees(step, None if theirs is None else Decimal(theirs), multiplier)
        if not how or time_of(one.get("timestamp")) != time or one.get("type") != value["type"]:
            continue
        results = [_numbers(value[part], one.get(part)) for part in ("edges", "values")]
        if None in results:
            continue
        if how == "rounded":
            out.add("step.rounded", run, f"histograms {key!r}: step {step}")
        if "text" in results:
            out.add("histogram.number", run, f"histograms {key!r}: numbers that JSON does not know")
        del shown[position]
        return True
    return False


def _numbers(wanted: list | None, shown) -> str | None:
    """ "exact", "text" when some numbers had to be written as text, or None."""
    if not isinstance(shown, list) or len(shown) != len(wanted or []):
        return None
    how = "exact"
    for mine, theirs in zip(wanted or [], shown):
        if isinstance(theirs, bool) or theirs is None:
            return None
        if isinstance(theirs, str):
            how = "text"
        try:  # decimals become the nearest double, as a JSON reader makes them
            if bits(float(mine)) != bits(float(theirs)):
                return None
        except ValueError:
            return None
    return how


def _no_json(token: str):
    raise ValueError(f"{token} is not JSON")
