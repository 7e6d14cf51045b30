"""No regular expression takes longer than in proportion, at texts that are made to keep it busy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

import pytest

from portscan.bounded import TooMuch, seconds
from portscan.expressions import Expressions
from portscan.knowledge import shipped
from tests.fuzzing import expressions
from tests.fuzzing.attacks import attacks
from tests.fuzzing.expressions import SEARCHING, Expression
from tests.fuzzing.growth import superlinear
from tests.judges import EXHAUSTIVE, THOROUGH

MOST = 5.0  # CPU seconds for the runs of one text, which take hundredths of one
SIZES = (2_000, 4_000, 8_000)
PARTS = 8
# What no one can see from the code and what is no danger: never sought in a text, or only in a rule or in two dozen signs.
ELSEWHERE = {
    ("portscan.expressions", "pattern"): "compiled for others, at whose places it is told",
    ("portscan.document.schema", "value"): "only tried whether it is an expression",
    ("portscan.rulefiles", "with_parts(rule[key], parts_of(rules))"): "only tried whether it is an expression",
    ("portscan.triggers.heads", "CLASSES[str(value)]"): "a class of characters, asked about one at a time",
    ("portscan.triggers.covering", "other"): "sought in an expression of a rule, while the rules are compiled",
    ("portscan.origin", "form"): "so many hexadecimal digits",
}
# What is asked about a bounded part of a text, and why it is bounded.
GAP = "as much as may stand between a name and its number"
CODE = "two thousand characters of the code in front of a value"
PATH = "a path, which systems bound"
BOUNDED = {
    ("portscan.evidence.beside", "LABEL"): GAP,
    ("portscan.evidence.beside", "BEHIND"): GAP,
    ("portscan.evidence.beside", "LEADING"): GAP,
    ("portscan.directives", "CLOSING"): "a reason, which has a thousand characters at most",
    ("portscan.suppress", "OPENING"): "a line of a thousand characters at most",
    ("portscan.detect.defaults", "ANOTHERS"): CODE,
    ("portscan.detect.defaults", "APART"): CODE,
    ("portscan.connectivity.names", "COMPOSE"): PATH,
    ("portscan.connectivity.lore", "'|'.join(map(_anywhere, patterns)) or '(?!)'"): PATH,
    ("portscan.passed_over", "found"): PATH,
    ("portscan.judge.past", "STORED"): PATH,
    ("portscan.kinds", "pattern"): PATH,
    ("portscan.connectivity.lore", "'|'.join(data['outside'])"): "two hundred characters of a name",
    ("portscan.connectivity.lore", "'|'.join(data['outside_paths'])"): "two hundred characters of a name",
    ("portscan.fixing.removal", "NEXT"): "a thousand characters behind a comment",
    ("portscan.triggers.piece", "REPEATED"): "an expression of a rule",
    ("portscan.spelling.javascript_environments", "path"): PATH,
    ("portscan.languages", "PROGRAM"): "two hundred characters of a file",
    ("portscan.languages.shell", "DOUBLE"): "two thousand characters of a substitution",
    ("portscan.passed_over", "pattern"): PATH,
    ("portscan.languages.yaml", "translate(normcase(pattern))"): PATH,
}
# Readers that make an expression of their language and go on with what they remember: tried as a whole, in test_growth.py.
READERS = frozenset(f"portscan.languages.{name}" for name in ("json", "marks", "python_parts", "python_chains"))
NEAR = frozenset(("lookup", "before", "call"))  # kinds of rules that see no more than the code in front of a value


def bounded(one: Expression) -> bool:
    """Whether an expression never sees more than a bounded part of a file."""
    near = {rule.get(key) for rule in shipped().rules if rule["match"] in NEAR for key in ("callee", "pattern")}
    spelled = one.pattern if isinstance(one.pattern, str) else ""
    remembered = one.module in READERS and not one.name.isidentifier()
    return (
        remembered or (one.module, one.name) in BOUNDED or bool({spelled, spelled.removeprefix("(?:").removesuffix(")$")} & near)
    )


def searched(pattern: re.Pattern[Any], text: Any) -> None:
    """All matches, as `search`, `sub` and the others find them."""
    for _ in pattern.finditer(text):
        pass


def matched(pattern: re.Pattern[Any], text: Any) -> None:
    """One match behind the other, as who takes a text apart does."""
    at = 0
    while (found := pattern.match(text, at)) and found.end() > at:
        at = found.end()


def wholly(pattern: re.Pattern[Any], text: Any) -> None:
    """A match of everything."""
    pattern.fullmatch(text)


WAYS: Mapping[str, Callable[[re.Pattern[Any], Any], None]] = {
    **dict.fromkeys(SEARCHING, searched),
    "match": matched,
    "fullmatch": wholly,
}


def slow(one: Expression) -> Iterator[tuple[str, Any, list[float]]]:
    """The texts at which an expression takes longer than in proportion, in a way in which it is used."""
    pattern = re.compile(one.pattern, one.flags)  # type: ignore[type-var]
    for attack in attacks(one.pattern, one.flags, Random(1), 4 if EXHAUSTIVE else 1):
        for way in sorted({WAYS[each] for each in one.ways}, key=str):
            yield from _slow(pattern, attack, way, isinstance(one.pattern, bytes))


def _slow(
    pattern: re.Pattern[Any], attack: Any, way: Callable[[re.Pattern[Any], Any], None], binary: bool
) -> Iterator[tuple[str, Any, list[float]]]:
    texts = {size: attack.of(size).encode("latin-1", "replace") if binary else attack.of(size) for size in SIZES}
    try:
        with seconds(MOST):
            times = superlinear(lambda size: way(pattern, texts[size]), SIZES)
    except TooMuch:  # the cube of a length, or worse
        times = [MOST]
    if times:
        yield way.__name__, attack, times


def test_every_expression_is_known() -> None:
    assert expressions.unseen() <= set(ELSEWHERE)  # what compiles the rules does not run where they are compiled already


def test_every_expression_is_the_same_from_its_code() -> None:
    made = Expressions()
    every = {(one.pattern, int(one.flags)) for one in expressions.every() if isinstance(one.pattern, str)}
    for key in every:
        again = Expressions()
        assert made[key] == re.compile(*key)
        again.known, again.closed = made.fresh, True
        assert again[key] == made[key]
    assert set(made.fresh) == every


@pytest.mark.parametrize("part", range(PARTS))
def test_an_expression_takes_time_in_proportion(part: int) -> None:
    chosen = [one for one in expressions.every() if not bounded(one)][part :: PARTS if THOROUGH or EXHAUSTIVE else PARTS * 4]
    found = {(one.place, one.pattern): next(slow(one), None) for one in chosen}
    assert {place: said for place, said in found.items() if said} == {}


@pytest.mark.parametrize("pattern", [r"\s+$", r"a*a*b", r"<!--.*?-->", r"\w+\s*="])
def test_an_expression_that_is_slow_is_told(pattern: str) -> None:
    one = Expression(pattern, re.DOTALL, SEARCHING, "here:1", "")
    assert any(next(slow(one), None) for _ in range(5))  # on a machine that does much else a measurement may say nothing


@pytest.mark.parametrize("pattern", [r"(?<!\s)\s+$", r"a{0,9}b", r"<!--.{0,80}?-->", r"\bc+d", r"\bport\s*="])
def test_an_expression_that_is_not_slow_is_let_alone(pattern: str) -> None:
    assert not list(slow(Expression(pattern, re.DOTALL, SEARCHING, "here:1", "")))


def test_what_is_bounded_is_there() -> None:
    assert set(BOUNDED) <= {(module, call.name) for module, call in expressions.calls()}
