"""What may stand in front of the digits of a pattern: never less than does, and little more."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portscan.triggers import OTHER, START, front
from portscan.triggers.heads import beginning, heads


def told(pattern: str, before: str, *, ignore_case: bool = False) -> bool:
    """Whether `pattern` may claim digits behind the text `before`."""
    found = heads(pattern, ("port", "last"), ignore_case=ignore_case)
    first, second = front(before, len(before))
    return found is None or any(first in one and second in other for one, other in found)


@pytest.mark.parametrize(
    ("pattern", "before", "may"),
    [
        (r"host:(?P<port>\d+)", "host:", True),
        (r"host:(?P<port>\d+)", "hose:", False),
        (r"[a-c]+\s*=\s*(?P<port>\d+)", "a =", True),
        (r"[a-c]+\s*=\s*(?P<port>\d+)", "=a", False),
        (r"[a-c]+\s*=\s*(?P<port>\d+)", "=  ", True),
        (r"(?<=x:)(?P<port>\d+)", "y:", False),
        (r"(?:(?<=\s)|(?<=\s\")|(?<==)|(?<=^)):(?P<port>\d+)", "x:", False),
        (r"(?:(?<=\s)|(?<=\s\")|(?<==)|(?<=^)):(?P<port>\d+)", '":', True),
        (r"(?<![\w.])(?P<port>\d+)", "x", False),
        (r"(?<![\w.])(?P<port>\d+)", "", True),
        (r"^:(?P<port>\d+)", ":", True),
        (r"^:(?P<port>\d+)", " :", False),
        (r"(?:(?P<last>\d+)->)?(?P<port>\d+)/tcp", "8080->", True),
        (r"port (?P<port>\d+)", "PORT ", False),
        (r"k(?P<port>\d+)", "\N{KELVIN SIGN}", False),
        (r"x{900}(?P<port>\d+)", "xx", True),
        (r"x{900}(?P<port>\d+)", "yx", False),
    ],
)
def test_only_what_may_stand_in_front_is_told(pattern: str, before: str, may: bool) -> None:
    assert told(pattern, before) is may


def test_letters_in_either_case_may_be_none_of_ascii() -> None:
    assert told(r"k(?P<port>\d+)", "\N{KELVIN SIGN}", ignore_case=True)
    assert told(r"port (?P<port>\d+)", "PORT ", ignore_case=True)


@pytest.mark.parametrize("pattern", [r"\w*(?P<port>\d+)", r"(?P<port>\d+)", r"(a)(?(1)(?P<port>\d+)|b)"])
def test_of_some_patterns_nothing_is_told(pattern: str) -> None:
    assert heads(pattern, ("port", "last")) is None


def test_the_front_of_a_text_and_of_what_is_not_ascii() -> None:
    assert [front("ab1", at) for at in range(3)] == [START * 2, f"{START}a", "ab"]
    assert front("é:80", 2) == f"{OTHER}:"


PARTS = st.sampled_from(
    [
        *("a", "b+", "c?", ":", "[=:]", r"\s*", r"\w", r"\W", "[^b:]", "(?:ab|c:)", "(?:a:|b+)?", "(?:[ab]:?){2,3}", "é", "."),
        *("(?<=[:b])", "(?<![a:])", "(?<=a:)", "(?<!b:)", "(?=a)", "^", r"\b", "(?i:aB)", "(?:(?<=:)|(?<=^))", "(?:x??a){,2}"),
    ]
)


@settings(deadline=None)
@given(st.lists(PARTS, max_size=6).map("".join), st.text("abcABx:= é.\n", max_size=8), st.booleans())
def test_whatever_matches_has_a_head_that_was_told(pattern: str, before: str, ignore_case: bool) -> None:
    whole = rf"{pattern}(?P<port>\d+)"
    found = heads(whole, ("port",), ignore_case=ignore_case)
    for match in re.finditer(whole, f"{before}80", re.IGNORECASE if ignore_case else 0):
        first, second = front(f"{before}80", match.start("port"))
        assert found is None or any(first in one and second in other for one, other in found), (pattern, before)


@pytest.mark.parametrize(
    ("pattern", "digits"),
    [
        (r":(?P<port>\d{2,5})", 2),
        (r":(?P<port>\d{3,5}|80|22)", 2),
        (r"(?:(?P<last>\d)-)?(?P<port>\d{4})", 1),
        (r"(?P<port>\d{4,5}:\d{2})", 4),
        (r"(?P<port>8\d)", 2),
        (r"(?P<port>[\d.]+:\d{2})", 0),
        (r"(?P<port>(?:\d+)?x)", 0),
        (r"(a)(?(1)(?P<port>\d+)|b)", 0),
        (r"port", 0),
    ],
)
def test_how_many_digits_a_group_begins_with(pattern: str, digits: int) -> None:
    assert beginning(pattern, ("port", "last")) == digits
