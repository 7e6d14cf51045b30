"""The short ways of detection, held against the long ones."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from portscan.detect import detector
from portscan.detect.fronts import Fronts
from portscan.detect.paths import PathRule, Paths, glob
from portscan.knowledge import shipped
from portscan.names import compile_names
from portscan.sites import Value
from portscan.text import Text
from portscan.triggers import front

STEPS = st.sampled_from(["ports", "Port", "*", "**", "*CMD", "x*", "listeners.*", "*.env", "[]"])
PATHS = st.lists(STEPS, min_size=1, max_size=3).map("/".join)
LAST = st.sampled_from(
    [
        *("a/ports", "x/", "ports", "port", "Port", "PORT", "CMD", "aCMD", "x", "listeners", "listeners.a", "dev.env"),
        *("[]", "ports\n", "é", ""),
    ]
)


@given(st.lists(st.lists(PATHS, min_size=1, max_size=3), max_size=2), st.lists(st.lists(LAST, max_size=4)), st.booleans())
def test_a_path_is_known_by_its_last_names(rules: list[list[str]], several: list[list[str]], ignore_case: bool) -> None:
    made = [PathRule("x", "named", "port", tuple(globs), ignore_case, frozenset(), whole=False, side=None) for globs in rules]
    every = [re.compile("|".join(map(glob, rule.globs)), re.IGNORECASE if ignore_case else 0) for rule in made]
    paths = Paths(tuple(made))
    for names in several:
        fits = (rule for rule, expression in zip(made, every, strict=True) if expression.search("/".join(names)))
        assert paths.role(tuple(names), "") is next(fits, None)


CALLED = st.sampled_from(["port", "httpPort", "ports", "value", "default", "[]", "service-1", "api", "DASH", "port_range", "x"])
FURTHER = {"id": "further", "match": "name", "identifiers": ["DASH", "value", "api"]}


@given(st.lists(st.lists(CALLED, max_size=4)), st.booleans())
def test_a_name_that_says_port_says_so_along_any_path(several: list[list[str]], first: bool) -> None:
    own = [rule for rule in shipped().rules if rule["match"] == "name"]
    names = compile_names([FURTHER, *own] if first else [*own, FURTHER])
    for path in map(tuple, several):
        assert names.find(path) == names._find(path)


FRONTS = detector(shipped(), "markdown").texts.fronts


def claimed(fronts: Fronts, before: str) -> int:
    """The bits of the patterns of which a head stands in front, one head after the other."""
    one, other = front(before, len(before))
    found = fronts.anything
    for number, owner in enumerate(fronts.owners):
        first = any(one in characters and heads >> number & 1 for characters, heads in fronts.firsts.items())
        second = any(other in characters and heads >> number & 1 for characters, heads in fronts.seconds.items())
        found |= owner if first and second else 0
    return found


@given(st.text("aZ_:/.-= \n\"'`$([{,>|é", max_size=2))
def test_what_may_claim_digits_is_told_by_all_heads(before: str) -> None:
    wanted = claimed(FRONTS, before)
    assert FRONTS.runs(f"{before}12345", -1) == ({len(before): wanted} if wanted else {})


TEXTS = st.sampled_from(
    ["api:8080", "port 4010", "http://a:3000", "redis:6379 or 5432", "8080:80", "${PORT:-80}", "-p 9000", "12:30"]
)
NAMES = st.sampled_from(["", "image", "version", "port", "ports", "model", "a/url", "command"])


@given(st.lists(st.tuples(TEXTS, NAMES), max_size=20))
def test_what_was_read_before_changes_nothing(several: list[tuple[str, str]]) -> None:
    values = [Value(Text(text), "string", tuple(filter(None, name.split("/")))) for text, name in several]
    knows = detector(shipped(), "yaml")
    assert [knows.value(each) for each in values] == [detector(shipped(), "yaml").value(each) for each in values]
