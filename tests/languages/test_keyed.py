"""The keys that lead to a value: what is remembered of them is what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portscan.languages.keyed import INNER, LEFT_OUT, OUTER, Level, begun, names

STEPS = st.sampled_from(("mapping", "list", "close", "a", "b", "value", "name"))


@given(st.lists(STEPS, max_size=60))
def test_they_are_the_same_whoever_has_asked_before(steps: list[str]) -> None:
    levels: list[Level[Any]] = []
    for step in steps:
        if step in ("mapping", "list"):
            levels.append(begun(step == "mapping"))
        elif step == "close":
            del levels[-1:]
        elif levels and levels[-1].mapping:
            levels[-1].key = step
            levels[-1].called = "X" if step == "name" else levels[-1].called
        assert names(levels) == names([replace(level, outer=None) for level in levels])


def test_of_very_many_those_at_both_ends_are_told() -> None:
    levels = [Level[Any](True, str(n)) for n in range(OUTER + INNER + 9)]
    assert names(levels) == (*map(str, range(OUTER)), LEFT_OUT, *map(str, range(OUTER + 9, OUTER + INNER + 9)))
    assert names(levels[: OUTER + INNER]) == tuple(map(str, range(OUTER + INNER)))
