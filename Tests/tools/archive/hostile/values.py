# SPDX-License-Identifier: Apache-2.0
"""Values, steps and times at the edges of what can be held."""

from __future__ import annotations

import math

from ..profiles import START_MS
from ..rows import RunRows, from_ms
from .case import ARRIVES, EITHER, case
from .names import base

MAX_INT, MIN_INT = 2**63 - 1, -(2**63)


@case(ARRIVES, silent=True)
def number_params(out, rng, project):
    """Integers and floats at their ends, as parameters."""
    rows = base(project, "numbers")
    for number, value in enumerate([MAX_INT, MIN_INT, 0, -1, 2**53 + 1]):
        rows.param(f"int/{number}", "int", value)
    floats = [
        5e-324,
        1.7976931348623157e308,
        -0.0,
        1e16,
        1e-5,
        123456789.0,
        0.1,
        math.inf,
        -math.inf,
        1e22,
        1e-4,
    ]
    for number, value in enumerate(floats):
        rows.param(f"float/{number}", "float", value)
    rows.param("bool/t", "bool", True).param("bool/f", "bool", False)
    for number, ms in enumerate([0, -1, 1, START_MS, START_MS + 137, 253402300799999, -62135596800000]):
        rows.param(f"time/{number}", "datetime", from_ms(ms))
    out.part(project, "numbers", [rows.batch()])


@case(ARRIVES, "value.clamped")
def special_points(out, rng, project):
    """NaN (stored as null), infinities, minus nought, subnormals."""
    rows = base(project, "special")
    for step, value in enumerate(
        [None, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1.7976931348623157e308, 1e-310]
    ):
        rows.point("m", step, START_MS + step, value)
    out.part(project, "special", [rows.batch()])


@case(ARRIVES, "step.rounded")
def odd_steps(out, rng, project):
    """Negative, fractional and huge steps."""
    rows = base(project, "steps")
    steps = [
        "-5",
        "-0.5",
        "0.1",
        "0.5",
        "1.5",
        "2.5",
        "2.3",
        "999999999999.999999",
        "-999999999999.999999",
        "3",
    ]
    for number, step in enumerate(steps):
        rows.point("m", step, START_MS + number, float(number)).line(
            "log", step, START_MS + number, f"at {step}"
        )
        rows.histogram("h", step, START_MS + number, [0.0, 1.0], [float(number)])
    out.part(project, "steps", [rows.batch()])


@case(EITHER, "step.missing")
def null_steps(out, rng, project):
    """Points and lines without a step."""
    rows = base(project, "stepless").point("m", None, START_MS, 1.0).line("log", None, START_MS, "no step")
    out.part(project, "stepless", [rows.batch()])


@case(ARRIVES, "point.merged")
def equal_points(out, rng, project):
    """A point three times, and one step with two values and with two times."""
    rows = base(project, "equal")
    for _ in range(3):
        rows.point("m", 1, START_MS, 0.25)
    rows.point("m", 1, START_MS, 0.5).point("m", 1, START_MS + 1, 0.25).point("m", 2, START_MS, None)
    out.part(project, "equal", [rows.point("m", 2, START_MS, None).batch()])


@case(EITHER, "time.missing")
def null_times(out, rng, project):
    """Points, lines and histograms without a time."""
    rows = base(project, "timeless")
    for step in range(3):
        rows.point("m", step, None, float(step)).line("log", step, None, f"line {step}")
    out.part(project, "timeless", [rows.batch()])


@case(EITHER, "time.before-1970")
def times_before_1970(out, rng, project):
    """Times that a server refuses."""
    rows = base(project, "early").point("m", 0, -1, 1.0).point("m", 1, -86_400_000, 2.0).point("m", 2, 0, 3.0)
    out.part(project, "early", [rows.batch()])


@case(ARRIVES, "value.moved")
def long_params(out, rng, project):
    """10,000 characters, some of several bytes; and exactly 6,000 and 6,001."""
    rows = base(project, "long-values").param(
        "text/10000", "string", "".join(chr(97 + i % 26) for i in range(10_000))
    )
    rows.param("text/6000", "string", "é" * 6_000).param("text/6001", "string", "漢" * 6_001)
    rows.param("set/long", "string_set", [f"tag-{i:05d}" for i in range(1_000)])
    out.part(project, "long-values", [rows.batch()])


@case(ARRIVES, silent=True)
def many_params(out, rng, project):
    """150 parameters in one run and 1,200 in another: more than one request takes."""
    for run, count in (("params-150", 150), ("params-1200", 1_200)):
        rows = base(project, run)
        for number in range(count):
            rows.param(f"p/{number:04d}", "int", number)
        out.part(project, run, [rows.batch()])


@case(EITHER, "text.nul")
def nul_in_text(out, rng, project):
    """U+0000 inside a parameter and inside a line."""
    rows = base(project, "nul").param("text", "string", "before\x00after").line("log", 0, START_MS, "a\x00b")
    out.part(project, "nul", [rows.batch()])


@case(ARRIVES, silent=True)
def control_text(out, rng, project):
    """Control characters, CRLF, quotes, the empty string, odd Unicode."""
    rows = base(project, "control")
    texts = [
        "a\r\nb",
        "bell\x07",
        "esc\x1b[31m",
        "",
        " ",
        '"',
        "\\n",
        "\ufeff",
        "\u2028",
        "\U0001f600",
        "e\u0301",
        "\x7f",
    ]
    for number, text in enumerate(texts):
        rows.param(f"text/{number}", "string", text)
    out.part(project, "control", [rows.batch()])


@case(ARRIVES, silent=True)
def series_text(out, rng, project):
    """Lines that hold line breaks, separators, backslashes."""
    rows = base(project, "series")
    for step, text in enumerate(
        ["two\nlines", "a; b; c", "back\\slash", "\\n", "", " ", "a\r\nb", "end\n", "5; None; x"]
    ):
        rows.line("log", step, START_MS + step * 137, text)
    out.part(project, "series", [rows.batch()])


@case(ARRIVES, silent=True)
def odd_sets(out, rng, project):
    """No element, one empty element, commas, quotes, brackets."""
    rows = base(project, "sets")
    sets = [[], [""], ["a,b", "c"], ['q"q'], ["[x]"], ["a", "b"], ["", "z"], ["ü", "🚀"], ["it's"]]
    for number, members in enumerate(sets):
        rows.param(f"set/{number}", "string_set", members)
    out.part(project, "sets", [rows.batch()])


@case(EITHER, "number.as_text")
def odd_histograms(out, rng, project):
    """Infinite edges, no bins, unequal lengths, 5,000 bins."""
    rows = base(project, "histograms").histogram("h/inf", 0, START_MS, [-math.inf, 0.0, math.inf], [1.0, 2.0])
    rows.histogram("h/none", 0, START_MS, [], []).histogram("h/unequal", 0, START_MS, [0.0, 1.0, 2.0], [1.0])
    rows.histogram("h/big", 0, START_MS, [i / 7 for i in range(5_001)], [float(i) for i in range(5_000)])
    rows.histogram("h/exact", 0, START_MS, [0.1, 0.2, 0.30000000000000004], [1e22, 5e-324], kind="DENSITY")
    out.part(project, "histograms", [rows.batch()])


@case(EITHER, "value.duplicate", "name.")
def two_values_one_key(out, rng, project):
    """A parameter of two types, and one of two values: a target holds one."""
    rows = base(project, "twice").param("a", "int", 7).param("a", "string", "seven")
    out.part(project, "twice", [rows.param("b", "int", 1).param("b", "int", 2).batch()])


@case(ARRIVES, silent=True)
def nan_params(out, rng, project):
    """A float parameter that is NaN in the file (the exporter writes null)."""
    rows = base(project, "nan").param("x", "float", math.nan).param("y", "float", 1.5)
    out.part(project, "nan", [rows.batch()])


@case(ARRIVES, silent=True)
def nan_points(out, rng, project):
    """NaN written as NaN, not as null."""
    rows = RunRows(project, "nan-points").system("nan", START_MS)
    for step in range(4):
        rows.point("m", step, START_MS + step, math.nan)
    out.part(project, "nan-points", [rows.batch()])
