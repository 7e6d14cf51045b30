"""Where Python files are cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan.languages.python_parts import BEGINNING, _tokens, parts
from portscan.languages.tokens import matches
from portscan.text import Text

SIGNS = ['"', "'", '"""', "'''", "f", "rb", "x1", " ", "\n", "#", "(", ")", "]", "\\", "\r\n", "é"]


@given(st.lists(st.sampled_from(SIGNS), max_size=12).map("".join))
def test_no_token_begins_with_anything_else_than_is_sought(source: str) -> None:
    def anywhere(barred: str) -> re.Pattern[str]:
        return re.compile(_tokens(barred).pattern.replace(BEGINNING, "", 1), re.DOTALL)

    assert [each.span() for each in matches(_tokens, source)] == [each.span() for each in matches(anywhere, source)]


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("a = '{'\nb = 1\n", 2),
        ("a = f'{'\nb = 1\n", 1),
        ("a = Rf'{'\nb = 1\n", 1),
        ("a = [f'{']\nb = 1\n", 1),
        ("if'{': b\nc\n", 1),
        ("'t''{'\nc\n", 2),
    ],
)
def test_a_formatted_string_with_a_brace_too_many_leaves_a_file_whole(code: str, number: int) -> None:
    assert len(tuple(parts(Text(code)))) == number
