"""What stands on one line with a digit is found in the lines with digits wherever it is found in the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portscan.knowledge import shipped
from portscan.triggers import compile_triggers, encoded, lowered, numbered
from portscan.triggers.lines import lined
from portscan.triggers.pieces import triggers
from tests.judges import THOROUGH

SOUGHT = sorted({piece for plain in shipped().triggers.values() if plain for piece in (*plain["lined"], plain["address"])})
TEXTS = st.lists(
    st.sampled_from(
        ["localhost:8080", ":80", "10.0.0.1:80", "a", " ", "\n", "\r\n", "é", "\U0001f600", "\ud800", "port", "x:1", "0"]
    )
).map("".join)


@pytest.mark.parametrize(
    ("piece", "stands"),
    [
        *(("a:[1-9]", True), ("a:", False), ("[0-9]{2,5}x", True), ("[0-9]?x", False), ("(?:1|b)x", False), ("(?:1|2)x", True)),
        *((r"1\s2", False), (r"[^a]1", False), (r"[^a\n]1", True), (r"1\b", True), ("1$", False), (r"\d", False)),
        *(
            (r"1(?!\w)", True),
            (r"1(?!\s*x)", False),
            (r"(?<=\s)1", True),
            (r"(?<!ab)1", True),
            (r"(?<!\s[0-9]:)1", True),
            (r"(?<=a\n)1", False),
            (r"1(?=\sx)", False),
            (r"(?:a1){2}", True),
        ),
    ],
)
def test_it_is_told_of_a_piece_whether_it_stands_on_one_line_with_a_digit(piece: str, stands: bool) -> None:
    assert lined(piece) is stands


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        *(
            ("", ""),
            ("a\nb", ""),
            ("1", "1"),
            ("a\n1\nb", "\n1\n"),
            ("1\n2", "1\n2"),
            ("1\nb\n2\n", "1\n2\n"),
            ("a\r\n1\r\n", "\n1\r\n"),
        ),
        *(("é\nü1\n", "\nü1\n"), ("\ud800 1\nb", "\ud800 1\n"), ("\n1", "\n1")),
    ],
)
def test_lines_with_digits_are_kept_whole(text: str, lines: str) -> None:
    assert numbered(text, encoded(text)) == lines


@settings(max_examples=300 if THOROUGH else 60, deadline=None)
@given(TEXTS)
def test_nothing_is_lost_with_the_other_lines(text: str) -> None:
    lines = numbered(text, encoded(text))
    for piece in SOUGHT:
        assert bool(re.search(piece, text)) is bool(re.search(piece, lines)), piece


@given(st.text(st.sampled_from("aKk\u212aİéß port")))
def test_letters_of_a_text_in_lower_case_are_those_of_its_bytes(text: str) -> None:
    low = lowered(text, encoded(text)).decode()
    assert re.findall("[a-z]+", low) == re.findall("[a-z]+", text.lower())


def test_a_rule_of_two_lines_is_sought_in_the_whole_text() -> None:
    rule = {"match": "text", "id": "gopher", "kind": "url", "pattern": r"gopher\n(?P<port>\d{2,5})"}
    plain = triggers([*shipped().rules, rule], shipped().languages["python"])
    assert compile_triggers(plain).found_in("a gopher\n7070")
