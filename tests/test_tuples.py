"""Named tuples are what `typing` makes of the same class, when few of a kind have been made and when many have."""

from __future__ import annotations

import copy
import pickle
import typing
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan import tuples
from portscan.model import Span


def declared(base: Any) -> Any:
    class Spot(base):  # type: ignore[misc]
        """A place."""

        path: str
        start: int = 0
        end: Any = None

        @property
        def length(self) -> int:
            """So many characters."""
            return int(self.end - self.start)

        def __bool__(self) -> bool:
            return bool(self.path)

    return Spot


def said(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except (TypeError, ValueError) as error:
        return type(error)


ARGUMENTS = st.lists(st.integers(0, 3), max_size=4)
GIVEN = st.dictionaries(st.sampled_from(("path", "start", "end", "other")), st.integers(0, 3))


@given(ARGUMENTS, GIVEN, st.sampled_from((0, tuples.FEW + 1)))
def test_they_are_made_alike(arguments: list[int], named: Mapping[str, int], before: int) -> None:
    ours, theirs = declared(tuples.NamedTuple), declared(typing.NamedTuple)
    for _ in range(before):
        assert ours("a", 1, 2) == ("a", 1, 2)
    found, wanted = said(lambda: ours(*arguments, **named)), said(lambda: theirs(*arguments, **named))
    assert found == wanted
    assert said(lambda: ours(*arguments, **named)) == wanted  # once more, now that something may be compiled
    assert said(lambda: ours("a", 1, 2)._replace(**named)) == said(lambda: theirs("a", 1, 2)._replace(**named))
    assert said(lambda: ours._make(arguments)) == said(lambda: theirs._make(arguments))


def test_they_are_what_was_declared() -> None:
    for spot in map(declared, (tuples.NamedTuple, typing.NamedTuple)):
        one = spot("a", end=4)
        assert (repr(one), one._asdict(), one.length, hash(one)) == (
            "Spot(path='a', start=0, end=4)", {"path": "a", "start": 0, "end": 4}, 4, hash(("a", 0, 4)),
        )  # fmt: skip
        assert (spot._fields, spot._field_defaults, spot.__match_args__) == (
            ("path", "start", "end"), {"start": 0, "end": None}, ("path", "start", "end"),
        )  # fmt: skip
        assert (spot.__bases__, type(spot), spot.__doc__, spot.__name__) == ((tuple,), type, "A place.", "Spot")
        assert not spot("")
        assert not hasattr(one, "__dict__")
        assert copy.copy(one) == copy.deepcopy(one) == one
        with pytest.raises(AttributeError):
            one.path = "b"


def test_they_can_be_sent_and_matched() -> None:
    span = Span(3, 4)
    assert pickle.loads(pickle.dumps(span)) == span
    match span:
        case Span(start, end):
            assert (start, end) == (3, 4)
