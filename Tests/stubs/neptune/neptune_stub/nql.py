# SPDX-License-Identifier: Apache-2.0
"""The part of Neptune's query language that its clients send: parsed strictly, so that a wrong query is an
error of the stub as it is one of the service."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Callable

Lookup = Callable[[str], tuple[str, Any] | None]
Test = Callable[[Lookup], bool]

TOKEN = re.compile(
    r"""\s*(?: (?P<name>`[^`]*`) (?: \s*:\s*(?P<type>[A-Za-z]+) )?
        | (?P<value>"(?:[^"\\]|\\.)*")
        | (?P<operator>==|!=|>=|<=|>|<|=)
        | (?P<paren>[()])
        | (?P<word>[A-Za-z_][A-Za-z_]*|-?\d+(?:\.\d+)?) )""",
    re.VERBOSE | re.DOTALL,
)
AGGREGATIONS = ("last", "min", "max", "average", "variance")
COMPARE = {
    "==": lambda a, b: a == b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


class QueryError(ValueError):
    pass


def pattern(text: str) -> re.Pattern[str]:
    """The service's patterns are RE2's: what only other dialects have is refused."""
    if re.search(r"\(\?(=|!|<=|<!)|(?<!\\)(\\\\)*\\[1-9]", text):
        raise QueryError(f"invalid regular expression: {text[:80]}")
    try:
        return re.compile(text)
    except re.error as bad:
        raise QueryError(f"invalid regular expression: {bad}") from bad


def parse(text: str) -> Test:
    """An empty text matches all."""
    if not text.strip():
        return lambda _: True
    parser = _Parser(_tokens(text))
    test = parser.either()
    if parser.position < len(parser.tokens):
        raise QueryError(f"unexpected {parser.tokens[parser.position][1]!r}")
    return test


def _tokens(text: str) -> list[tuple[str, str, str | None]]:
    tokens, at, text = [], 0, text.rstrip()
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            raise QueryError(f"cannot read {text[at:at + 20]!r}")
        kind = found.lastgroup if found.lastgroup != "type" else "name"
        tokens.append((kind, found[kind], found["type"]))
        at = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[tuple[str, str, str | None]]):
        self.tokens, self.position = tokens, 0

    def either(self) -> Test:
        tests = [self.both()]
        while self._word("OR"):
            tests.append(self.both())
        return tests[0] if len(tests) == 1 else lambda look: any(test(look) for test in tests)

    def both(self) -> Test:
        tests = [self.one()]
        while self._word("AND"):
            tests.append(self.one())
        return tests[0] if len(tests) == 1 else lambda look: all(test(look) for test in tests)

    def one(self) -> Test:
        if self._word("NOT"):
            inner = self.one()
            return lambda look: not inner(look)
        if self._paren("("):
            inner = self.either()
            if not self._paren(")"):
                raise QueryError("a parenthesis is not closed")
            return inner
        return self._condition()

    def _condition(self) -> Test:
        aggregation = next((name for name in AGGREGATIONS if self._word(name)), None)
        if aggregation and not self._paren("("):
            raise QueryError(f"expected ( after {aggregation}")
        kind, name, wanted = self._next()
        if kind != "name":
            raise QueryError(f"expected an attribute, not {name!r}")
        if aggregation and not self._paren(")"):
            raise QueryError("a parenthesis is not closed")
        name = name[1:-1]
        if self._word("EXISTS"):
            return lambda look: _fits(look(name), wanted) is not None
        negated = self._word("NOT")
        operator = next((word for word in ("MATCHES", "CONTAINS") if self._word(word)), None)
        if operator is None:
            kind, operator, _ = self._next()
            if kind != "operator" or negated:
                raise QueryError(f"expected operator after {name!r}")
        compare = self._comparison(operator, self._operand())

        def test(look: Lookup) -> bool:
            found = _fits(look(name), wanted)
            # A run without the attribute is matched by no comparison, not even by a negated one.
            return found is not None and compare(*found) != negated

        return test

    @staticmethod
    def _comparison(operator: str, operand: str) -> Callable[[str, Any], bool]:
        if operator == "MATCHES":
            wanted = pattern(operand)
            return lambda _, value: wanted.search(str(value)) is not None
        if operator == "CONTAINS":
            return lambda _, value: operand in value
        return lambda kind, value: COMPARE[operator](value, _typed(operand, kind))

    def _operand(self) -> str:
        kind, text, _ = self._next()
        if kind == "value":
            return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
        if kind != "word":
            raise QueryError(f"expected a value, not {text!r}")
        return text

    def _next(self) -> tuple[str, str, str | None]:
        if self.position >= len(self.tokens):
            raise QueryError("the query ends too early")
        self.position += 1
        return self.tokens[self.position - 1]

    def _word(self, word: str) -> bool:
        return self._take("word", word)

    def _paren(self, paren: str) -> bool:
        return self._take("paren", paren)

    def _take(self, kind: str, text: str) -> bool:
        if self.position < len(self.tokens):
            token = self.tokens[self.position]
            if token[0] == kind and token[1] == text:
                self.position += 1
                return True
        return False


def _fits(found: tuple[str, Any] | None, wanted: str | None) -> tuple[str, Any] | None:
    return found if found and (wanted is None or found[0] == wanted) else None


def _typed(text: str, kind: str) -> Any:
    try:
        if kind == "bool":
            return {"true": True, "false": False}[text.lower()]
        if kind in ("float", "int", "floatSeries"):
            return float(text) if kind != "int" else int(text)
        if kind == "datetime":
            return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)
    except (KeyError, ValueError) as bad:
        raise QueryError(f"{text!r} is no {kind}") from bad
    return text
