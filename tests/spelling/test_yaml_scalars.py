"""The scalar at a place of a YAML text, with the keys that lead to it."""

from __future__ import annotations

from itertools import chain

import pytest

from portscan.languages.yaml import events
from portscan.spelling.yaml_scalars import Scalar, scalar_at

TEXT = """\
services:
  web: {ports: ["8080:80", 9090], image: web}
  db:
    command: >-
      serve --port 5432
    ports:
    - '5432'
empty:
? [3000, 4000]
: 5000
last: 6000
"""


@pytest.mark.parametrize(
    ("said", "names", "flow", "style", "key"),
    [
        ("8080", ("services", "web", "ports"), True, '"', False),
        ("9090", ("services", "web", "ports"), True, "", False),
        ("image", ("services", "web"), True, "", True),
        ("--port", ("services", "db", "command"), False, ">", False),
        ("'5432'", ("services", "db", "ports"), False, "'", False),
        ("empty", (), False, "", True),
        ("3000", (), True, "", False),
        ("5000", ("",), False, "", False),
        ("6000", ("last",), False, "", False),
    ],
)
def test_what_holds_a_place(said: str, names: tuple[str, ...], flow: bool, style: str, key: bool) -> None:
    found = scalar_at(TEXT, TEXT.index(said))
    assert found is not None
    assert (found.names, found.flow, found.style, found.key) == (names, flow, style, key)
    assert said in TEXT[found.start : found.end]


def test_every_place_is_in_the_scalar_that_the_parser_has_there() -> None:
    told = [(event.start_mark.index, event.end_mark.index) for event in events(TEXT) if hasattr(event, "value")]
    within = dict(chain.from_iterable(((place, span) for place in range(*span)) for span in told))
    for place in range(len(TEXT) + 1):
        found: Scalar | None = scalar_at(TEXT, place)
        assert (found and (found.start, found.end)) == within.get(place)
