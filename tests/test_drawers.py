"""Files of which a run takes a few things: what was put in comes out, and what is damaged is not there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan.drawers import VACANT, Drawers, filled
from portscan.gate import memory

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


@given(FULL, st.integers(0, 10_000))
def test_a_file_says_what_its_bytes_say(tmp_path_factory: pytest.TempPathFactory, things: dict[Any, Any], length: int) -> None:
    data = filled("ours", things)
    file = tmp_path_factory.getbasetemp() / "drawers.bin"
    for part in (data, data[: length % len(data)]):
        file.write_bytes(part)
        found = memory.drawers(str(file))
        try:
            expected = Drawers(part)
        except (ValueError, EOFError, TypeError):
            assert found is None
            continue
        assert found is not None
        assert {name: found.get(name, "gone") for name in found} == {name: expected.get(name, "gone") for name in expected}


@pytest.mark.skipif(not hasattr(os, "pread"), reason="the whole file is read")
def test_of_a_file_nothing_is_held_but_its_list(tmp_path: Path) -> None:
    file = tmp_path / "drawers.bin"
    file.write_bytes(filled(None, {"a": "first", "b": "second"}))
    found = memory.drawers(str(file))
    assert found is not None
    file.write_bytes(file.read_bytes()[:-6] + b"second")
    assert (found.get("a"), found.get("b")) == ("first", "second")
    file.write_bytes(file.read_bytes()[:-6] + b"others")
    assert (found.get("a"), found.get("b")) == ("first", None)


@pytest.mark.skipif(not hasattr(os, "pread"), reason="the whole file is read")
def test_what_was_opened_is_read_after_it_was_replaced_and_is_closed_with_its_last_holder(tmp_path: Path) -> None:
    file, other = tmp_path / "drawers.bin", tmp_path / "other.bin"
    file.write_bytes(filled(None, {"a": 1}))
    other.write_bytes(filled(None, {"a": 2}))
    found = memory.drawers(str(file))
    assert found is not None
    assert not isinstance(found.data, bytes)
    closed: list[int] = []
    handle = found.data.handle
    other.replace(file)
    assert found["a"] == 1
    found.data.__del__(closed.append)
    assert closed == [handle]
