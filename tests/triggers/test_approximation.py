"""Wherever an expression matches in a text, one of its runs is in the bytes of that text."""

from __future__ import annotations

import re
from functools import lru_cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portscan.knowledge import shipped
from portscan.triggers import BECOMING_ASCII, compile_triggers, encoded, lowered
from portscan.triggers.approximation import MOST, approximation
from portscan.triggers.automaton import Check, checks_of
from tests.judges import THOROUGH

LETTERS = "aAbk1 \n:é→\ud800"
CHARACTERS = st.sampled_from(
    ("a", "b", "k", "1", ":", " ", "é", "→", ".", r"\w", r"\s", r"\d", "[ab]", "[^a]", "[^a1:]", r"[^\W\d]")
)
BACK = st.sampled_from(("(?<!a)", r"(?<=\s)", r"(?<!\wa)", "(?<=ba)", r"(?<!\wab)", "(?<![ab]a)", r"(?<=[nrt]ab)", "(?<!11)"))
AHEAD = st.sampled_from(("(?!a)", r"(?!\w)", "(?=a)", "(?=.*:)", "^", "$", r"\b"))


def _several(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    sequences = st.lists(inner, min_size=1, max_size=4).map("".join)
    branches = st.lists(sequences, min_size=1, max_size=3).map(lambda each: f"(?:{'|'.join(each)})")
    repeated = st.tuples(branches, st.sampled_from(("?", "*", "+?", "{2}", "{0,3}", "{2,5}"))).map("".join)
    return st.one_of(sequences, branches, repeated, sequences.map("({})".format), sequences.map("(?i:{})".format))


PATTERNS = st.recursive(st.one_of(CHARACTERS, CHARACTERS, CHARACTERS, BACK, AHEAD), _several, max_leaves=12)
TEXTS = st.text(alphabet=LETTERS, max_size=12)
# What the words of the rules are made of, with what stands around them.
SPOKEN = "port Port PORT ADMINPORT ports import host localhost listen .listen( args: tcp udp http EXPOSE --port -p <script ```"
SIGNS = r"8080 80 1 : :8080 10.0.0.1:80 /tcp -> → \" ' ` \n , [ ( ) { } = $ a é // # K"
WORDS = (*SPOKEN.split(), *SIGNS.split(), "\u212aport", "\u0130", "\u0131", "\ud800", " ", "\n", '"', '"-p"')


def runs_in(text: str, runs: list[str]) -> bool:
    """Whether one of the runs is there; without any, everything may be."""
    return not runs or any(re.search(run.encode(), encoded(text), re.DOTALL) for run in runs)


@settings(max_examples=4000 if THOROUGH else 400, deadline=None)
@given(pattern=PATTERNS, texts=st.lists(TEXTS, min_size=1, max_size=8))
def test_no_match_of_an_expression_is_lost(pattern: str, texts: list[str]) -> None:
    runs = approximation(pattern)
    for text in texts:
        assert not re.search(pattern, text) or runs_in(text, runs), (pattern, text, runs)


@settings(max_examples=2000 if THOROUGH else 200, deadline=None)
@given(pattern=PATTERNS.filter(lambda pattern: "(?i:" not in pattern), texts=st.lists(TEXTS, min_size=1, max_size=8))
def test_what_is_sought_in_lower_case_is_found_in_the_text_itself(pattern: str, texts: list[str]) -> None:
    runs = approximation(pattern, lowered=True)
    for text in texts:
        low = lowered(text, encoded(text)).decode("utf-8", "surrogatepass")
        assert not re.search(pattern, low) or runs_in(text, runs), (pattern, text, runs)


@lru_cache(maxsize=1)
def checks() -> list[tuple[Check, list[str]]]:
    """All that is sought in any language, with its runs."""
    known = {check for plain in shipped().triggers.values() if plain for check in checks_of(compile_triggers(plain))}
    return [(check, approximation(check.pattern, lowered=check.within == "low")) for check in sorted(known)]


@lru_cache(maxsize=1)
def ready() -> list[tuple[Check, re.Pattern[str], re.Pattern[bytes]]]:
    """Some of them, or all, with what finds them and one of their runs."""
    chosen = checks() if THOROUGH else Random(1).sample(checks(), 150)
    return [(check, re.compile(check.pattern), re.compile("|".join(runs).encode(), re.DOTALL)) for check, runs in chosen]


@settings(max_examples=1500 if THOROUGH else 60, deadline=None)
@given(texts=st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map("".join), min_size=1, max_size=20))
def test_nothing_that_a_rule_needs_is_lost(texts: list[str]) -> None:
    text = "\n".join(texts)
    data = encoded(text)
    low = lowered(text, data).decode("utf-8", "surrogatepass")
    becoming = any(sign in data for sign in BECOMING_ASCII)
    for check, pattern, runs in ready():
        if check.within != "low" or not becoming:
            assert not pattern.search(low if check.within == "low" else text) or runs.search(data), (check, text)


def test_something_is_told_of_nearly_all_that_rules_need() -> None:
    assert [check for check, runs in checks() if not runs] == []
    assert max(len(runs) for _, runs in checks()) <= MOST


@pytest.mark.parametrize(
    ("pattern", "runs"),
    [
        ("a", [r"[\x61]"]),
        ("ab|c", [r"[\x61][\x62]", r"[\x63]"]),
        ("(?<![a-z])a", [r"(?:^|[\x00-\x60\x7b-\x7f\x80-\xff])[\x61]"]),
        ("a(?<!ba)(?<!ca)", [r"(?:^|[\x00-\x61\x64-\x7f\x80-\xff])[\x61]"]),
        ("a(?:(?<=ba)|(?<=ca))", [r"[\x62-\x63][\x61]"]),
        ("a(?<=\nba)", [r"[\x62][\x61]"]),
        ("a(?<!\nba)", [r"[\x61]"]),
        (r"a\s*b", [r"[\x61][\x00-\x01\x09-\x0d\x1c-\x20\x80-\xff]*[\x62]"]),
        ("a(?:b|cd)*e", [r"[\x61][\x62-\x64]*[\x65]"]),
        ("a{2,5}b", [r"[\x61][\x61][\x61]*[\x62]"]),
        ("→1", [r"\xe2\x86\x92[\x31]"]),
        ("[é1]x", [r"[\x00-\x01\x31\x80-\xff][\x80-\xbf]*[\x78]"]),
        ("a?", []),
        ("(?i:a)", []),
        ("(?i)a", []),
        ("(a)\\1", [r"[\x61]"]),
        ("a(?<=ba)(?<=ca)|d", [r"[\x64]"]),
        ("a(?:(?<!a))*b", [r"[\x61][\x62]"]),
    ],
)
def test_the_runs_of_an_expression(pattern: str, runs: list[str]) -> None:
    assert approximation(pattern) == runs


def test_an_expression_with_too_many_beginnings_is_told_by_shorter_ones() -> None:
    many = "(?:[ab]|c?d|ef?)" * 8
    runs = approximation(f"(?:{many}|port)")
    assert runs == [r"[\x61-\x62]", r"[\x64]", r"[\x63]", r"[\x65]", r"[\x70][\x6f][\x72][\x74]"]
