"""Files of which a run takes a few things: what was put in comes out, and what is damaged is not there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan.drawers import VACANT, Drawers, filled

NAMES = st.one_of(st.text(max_size=8), st.tuples(st.text(max_size=4), st.integers(0, 9)))
THINGS = st.one_of(st.none(), st.integers(-9, 9), st.text(max_size=20), st.lists(st.binary(max_size=8), max_size=3))
FULL = st.dictionaries(NAMES, THINGS, max_size=6)


@given(FULL, FULL)
def test_what_was_put_in_comes_out(first: dict[Any, Any], second: dict[Any, Any]) -> None:
    before = Drawers(filled("ours", first))
    found = Drawers(filled("ours", second, before))
    assert found.about == "ours"
    assert {name: found[name] for name in found} == {**first, **second}
    assert len(found) == len({**first, **second})


@given(FULL, st.integers(0, 10_000), st.integers(1, 255))
def test_a_byte_that_changed_takes_away_what_it_is_in_and_nothing_else(things: dict[Any, Any], at: int, change: int) -> None:
    data = bytearray(filled(None, things))
    data[at % len(data)] ^= change
    try:
        found = Drawers(bytes(data))
    except (ValueError, EOFError, TypeError):
        return
    assert [*found] == [*things]
    left = {name: found[name] for name in found if found.bytes_of(name) is not None}
    assert len(left) >= len(things) - 1
    assert left == {name: things[name] for name in left}


@given(FULL, st.integers(0, 10_000))
def test_the_beginning_of_a_file_holds_what_is_whole_in_it(things: dict[Any, Any], length: int) -> None:
    data = filled(None, things)
    try:
        found = Drawers(data[: length % len(data)])
    except (ValueError, EOFError, TypeError):
        return
    assert all(found.get(name, "gone") in ("gone", thing) for name, thing in things.items())


def test_what_is_damaged_is_missing() -> None:
    data = filled(None, {"a": 1000, "b": 2000})
    found = Drawers(data[:-1] + b"\xff")
    assert found["a"] == 1000
    assert "b" in found
    assert found.get("b") is None
    with pytest.raises(KeyError):
        found["b"]
    assert not VACANT
