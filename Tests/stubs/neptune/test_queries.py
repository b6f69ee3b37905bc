# SPDX-License-Identifier: Apache-2.0
"""The query language of the stub: what clients send is understood, what is none is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from neptune_stub import nql  # noqa: E402


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("", True),
        ('(((`sys/custom_run_id`:string MATCHES ".+"))) AND (`sys/archived`:bool != "True")', True),
        ('`sys/custom_run_id`:string == "a \\"b\\" \\\\"', True),
        ('NOT (`n`:int >= "3") OR `n`:int < "0"', False),
        ("`n`:int = 3", True),
        ("`n`:float == 3", False),
        ("`none`:int != 3", False),
        ("`none`:int EXISTS", False),
        ('`tags`:stringSet CONTAINS "x"', True),
        ('`tags`:stringSet NOT CONTAINS "x"', False),
        ('last(`n`:int) > "2"', True),
        ('`t`:datetime > "2025-01-02T03:04:05.677Z"', True),
    ],
)
def test_queries(query, right):
    values = {"n": ("int", 3), "tags": ("stringSet", ["x"]), "sys/archived": ("bool", False)}
    values |= {"sys/custom_run_id": ("string", 'a "b" \\'), "t": ("datetime", 1_735_787_045_678)}
    assert nql.parse(query)(values.get) is right


@pytest.mark.parametrize(
    "query", ["((broken", "`a`", "`a` == ", '`a` MATCHES "("', "a == 3", '`a` == "1" `b` == "1"']
)
def test_queries_that_are_none(query):
    with pytest.raises(nql.QueryError):
        nql.parse(query)
