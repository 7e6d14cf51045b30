"""The passage of prose or the line of code in which a number stands."""

from __future__ import annotations

import pytest

from portscan.evidence.passages import FARTHEST, LONGEST, Passages
from portscan.source import Source
from tests.literals import literal


@pytest.mark.parametrize("context", ["code", "doc", "comment"])
def test_of_a_very_long_line_it_is_what_stands_around_the_number(context: str) -> None:
    words = "grafana word " * 2_000
    text = f"{words}port 3103 of x {words}"
    source = Source("a.md", text.encode(), text)
    at = text.index("3103")
    passage = Passages(source).of(literal(3103, location=source.location(at, at + 4), context=context, said=text))
    assert passage.text[passage.at : passage.at + 4] == "3103"
    assert len(passage.text) <= 2 * FARTHEST + LONGEST
    assert {word.strip() for word in passage.text.split()} == {"grafana", "word", "port", "3103", "of", "x"}
