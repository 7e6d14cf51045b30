"""Very deep nesting in every language: it is read or said to be unreadable, in one way only, and a scan comes to its end."""

from __future__ import annotations

import pytest

from tests.fuzzing.corpus import by_language
from tests.fuzzing.invariants import reading_holds, scanned, source_of
from tests.fuzzing.strategies import LANGUAGES
from tests.judges import THOROUGH

DEEP = 3000 if THOROUGH else 1000
PAIRS = {
    "parentheses": ("(", ")"),
    "brackets": ("[", "]"),
    "braces": ("{", "}"),
    "blocks": ("a {\n", "}\n"),
    "calls": ("f(", ")"),
    "expansions": ("${A:-", "}"),
    "substitutions": ("$(", ")"),
    "templates": ("`${", "}`"),
    "tags": ("<a>", "</a>"),
    "comments": ("/*", "*/"),
    "expressions": ("{{", "}}"),
    "conditions": ("{% if a %}", "{% endif %}"),
    "keys": ('{"a":', "}"),
    "attributes": ("a.", ""),
    "signs": ("-", ""),
}
SOME = ("parentheses", "brackets", "keys", "expansions")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAIRS if THOROUGH else SOME)
def test_depth_is_no_bug(language: str, kind: str) -> None:
    path = by_language()[language][0].path
    opening, closing = PAIRS[kind]
    for before in ("port = ", ""):
        data = f"{before}{opening * DEEP}3103{closing * DEEP}\n".encode()
        reading_holds(path, data)
        source = source_of(path, data)
        assert source is not None
        scanned(source, fixes=True)
