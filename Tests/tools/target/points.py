# SPDX-License-Identifier: Apache-2.0
"""Compares the points of one metric, to the bit."""

from __future__ import annotations

import struct
import sys
from collections import Counter, defaultdict

from archive.layout import MICRO
from archive.reader import NO_STEP, NO_TIME, Points

from .differences import Differences

_NAN = 0x7FF8000000000000  # all NaNs are one: text formats do not tell them apart


def bits(value: float) -> int:
    return _NAN if value != value else struct.unpack("<Q", struct.pack("<d", value))[0]


_CLAMPS = {bits(float("inf")): bits(sys.float_info.max), bits(float("-inf")): bits(-sys.float_info.max)}
_NEGATIVE_ZERO = bits(-0.0)


def whole_step(step_micro: int, multiplier: int) -> tuple[int, bool]:
    """The step times the multiplier, half to even, and whether it was rounded. Python's integers do not
    overflow."""
    scaled = int(step_micro) * multiplier
    whole, rest = divmod(scaled, MICRO)
    if rest == 0:
        return whole, False
    up = rest * 2 > MICRO or (rest * 2 == MICRO and whole % 2 == 1)
    return whole + up, True


def compare(
    run: str, key: str, wanted: Points, shown: list[tuple[int, int, float]], multiplier: int, out
) -> None:
    out.compared["points"] += len(wanted.values)
    have = Counter((step, time, bits(value)) for step, time, value in shown)
    expected, rounded = Counter(), 0
    for micro, time, value in zip(
        wanted.step_micro.tolist(), wanted.times_ms.tolist(), wanted.values.tolist()
    ):
        step, changed = (NO_STEP, False) if micro == NO_STEP else whole_step(micro, multiplier)
        rounded += changed
        expected[(step, time, bits(value))] += 1
    if rounded:
        out.add("step.rounded", run, f"metric {key!r}", rounded)
    _match(run, key, expected, have, out)


def _match(run: str, key: str, expected: Counter, have: Counter, out: Differences) -> None:
    free = Counter(have)
    merged = 0
    waiting = []
    for point, count in expected.items():
        taken = min(count, free.pop(point, 0))
        if taken:
            merged += count - taken
        else:
            waiting.append((point, count))
    for point, count in waiting:
        other, kinds = _changed(point, have, free)
        if other is None:
            out.add("point.missing", run, f"metric {key!r}: {_shown(point)}", count)
            continue
        for kind in kinds:
            out.add(kind, run, f"metric {key!r}: {_shown(point)}", count)
        merged += count - min(count, free.pop(other, 0))
    if merged:
        out.add("point.merged", run, f"metric {key!r}", merged)
    for point, count in free.items():
        out.add("point.extra", run, f"metric {key!r}: {_shown(point)}", count)


def _changed(point: tuple, have: Counter, free: Counter):
    """The point as a target may show it whose values, steps or times are narrower."""
    step, time, value = point
    kinds = []
    if value in _CLAMPS:
        value, kinds = _CLAMPS[value], ["value.clamped"]
    elif value == _NEGATIVE_ZERO:
        value, kinds = bits(0.0), ["value.negative_zero"]
    if time != NO_TIME and time >= 0 and step != NO_STEP:
        other = (step, time, value)
        return (other, kinds) if kinds and other in have else (None, [])
    any_time, any_step = time == NO_TIME or time < 0, step == NO_STEP
    kinds = kinds + ["time.changed"] * any_time + ["step.missing"] * any_step
    candidates = defaultdict(list)
    for other in free:
        alike = other[2] == value and (any_time or other[1] == time) and (any_step or other[0] == step)
        candidates[alike].append(other)
    return (candidates[True][0], kinds) if candidates[True] else (None, [])


def _shown(point: tuple) -> str:
    value = struct.unpack("<d", struct.pack("<Q", point[2]))[0]
    step = "none" if point[0] == NO_STEP else point[0]
    time = "none" if point[1] == NO_TIME else point[1]
    return f"step {step}, time {time}, value {value!r}"
