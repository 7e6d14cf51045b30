"""What must be there for a pattern to match, and how a source may spell it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portscan.triggers.needs import needs
from portscan.triggers.words import name_needs


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        (r"dt_socket[\w=]*address", ("dt_socket",)),
        (r"LISTEN:\((?P<port>\d{2,5})", (r"LISTEN:\([0-9][0-9]",)),
        (r"[\w.]+:(?P<port>\d{2,5})(?![\w:])", (":[0-9][0-9]",)),
        (r"(?:tcp|udp)://x+", ("tcp:\\\\?/\\\\?/x", "udp:\\\\?/\\\\?/x")),
        (r"(?:optional)?tcp://", ("tcp:\\\\?/\\\\?/", "optionaltcp:\\\\?/\\\\?/")),
    ],
)
def test_the_most_telling_pieces_come_first(pattern: str, pieces: tuple[str, ...]) -> None:
    assert needs(pattern)[0] == pieces


@pytest.mark.parametrize("pattern", [r"\d{2,5}", r"\s*\w+\s*", r"(?:abcdef)?", r"(?!abcdef)\d+", r"abcdef|\d", r"[^abc]+"])
def test_of_some_patterns_nothing_telling_follows(pattern: str) -> None:
    assert needs(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "source"),
    [(r"\d/tcp", r"3306\/tcp"), (r"listen\s+on", r"listen\non"), (r"\bport on", r"x\nport on"), (r"(?i)listening", "LISTENING")],
)
def test_a_source_may_write_a_text_with_escapes(pattern: str, source: str) -> None:
    assert all(any(re.search(piece, source) for piece in pieces) for pieces in needs(pattern))


def test_pieces_end_where_a_text_may_be_put_together() -> None:
    assert needs(r"\(host, port", apart=" ,(") == [("host",), ("port",)]


PARTS = st.sampled_from(
    ["ab", "c", ":", "/", r"\d", r"\d{2,4}", r"\w", r"\s", "x?", "(?:ab|cd)", "(?:ef|g+)?", "[pq]", "(?i:yz)", "a*"]
)


@settings(deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=6).map("".join), st.text("abcdefgxyzpq:/ 0123456789", max_size=12))
def test_whatever_matches_holds_a_piece_of_each_set(pattern: str, text: str) -> None:
    if re.search(pattern, text):
        for pieces in needs(pattern):
            assert any(re.search(piece, text) for piece in pieces), (pattern, text, pieces)


RULE = {"words": ["port", "ports", "puerto"], "compound": "(?:https?|web)ports?"}


@pytest.mark.parametrize(
    "name", ["port", "httpPort", "HTTP_PORT", "PORTS", "webports", "WEBPORT", "Httpport", "xPuerto", "PORTName"]
)
def test_names_that_say_port_are_found(name: str) -> None:
    assert any(re.search(piece, f"{name} = 1") for piece in name_needs(RULE) or ())


@pytest.mark.parametrize("name", ["import", "export", "viewport", "support", "Portal", "IMPORT", "airport", "portable"])
def test_names_that_only_look_so_are_not(name: str) -> None:
    assert not any(re.search(piece, f"{name} = 1") for piece in name_needs(RULE) or ())


def test_a_compound_that_cannot_be_written_out_makes_everything_worth_reading() -> None:
    assert name_needs({"words": ["port"], "compound": r"\w+port"}) is None
