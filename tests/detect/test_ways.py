"""The short ways of detection, held against the long ones."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from portscan.detect import detector
from portscan.detect.fronts import Fronts
from portscan.detect.syntax import PathRule, glob
from portscan.knowledge import shipped
from portscan.sites import Value
from portscan.text import Text
from portscan.triggers import front

STEPS = st.sampled_from(["ports", "Port", "*", "**", "*CMD", "x*", "listeners.*", "*.env", "[]"])
PATHS = st.lists(STEPS, min_size=1, max_size=3).map("/".join)
LAST = st.sampled_from(["ports", "port", "Port", "PORT", "CMD", "aCMD", "x", "listeners.a", "dev.env", "[]", "ports\n", "é", ""])


@given(st.lists(PATHS, min_size=1, max_size=3), LAST, st.lists(LAST), st.booleans())
def test_a_path_is_known_by_its_last_name(globs: list[str], last: str, before: list[str], ignore_case: bool) -> None:
    rule = PathRule("x", "named", "port", tuple(globs), ignore_case, frozenset(), whole=False, side=None)
    path = "/".join((*before, last))
    every = re.compile("|".join(map(glob, globs)), re.IGNORECASE if ignore_case else 0)
    chosen = rule.ending(path.rpartition("/")[2])
    assert (chosen is not None and chosen.search(path) is not None) == (every.search(path) is not None)


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
