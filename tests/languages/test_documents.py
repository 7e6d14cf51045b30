"""Documents: prose and fenced code are `doc`, and fences are read in their own language."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan.detect import detector
from portscan.knowledge import shipped
from portscan.languages.plain import _fenced
from portscan.sites import Lines, Value
from portscan.text import Text
from tests.languages.helpers import assert_found, assert_linear, literals, ports


@pytest.mark.parametrize("path", ["a.md", "a.mdx"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_fences(path: str, ending: str) -> None:
    text = (
        "Open http://localhost:«3000», é.\n\n```ts\napp.listen(«3001»)\n```\n\n~~~bash\ncurl localhost:«3002»\n~~~\n"
        "1. x\n\n   ```yaml\n   ports:\n     - «3003»:«80»\n   ```\n\nIn 2024 there were 3000 rows.\n"
    )
    assert_found(path, text.replace("\n", ending), "doc")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "```",
        "```sh\nserve --port 80",
        "```nothing\nport: 80\n```\n",
        "````md\n```sh\nserve --port 80\n```\n````\n",
        "~~~\n```\n",
    ],
)
def test_what_is_not_closed_is_read(text: str) -> None:
    assert all(each.context == "doc" for each in literals("a.md", text))


def test_prose() -> None:
    assert ports("a.rst", "It listens on port 3000.\n", "doc") == [3000]
    assert ports("a.txt", "3000 rows, issue 4603\n", "doc") == []


def test_time_grows_with_the_text() -> None:
    assert_linear("a.md", lambda size: "```sh\nserve --port 80\n" * size, 500)
    assert_linear("a.md", lambda size: "listens on port 80 " * size, 1_000)


# What a fence is, as one expression: it takes longer, since it looks for one at each line.
FENCE = re.compile(
    r"^([ \t>]*)(```+(?!`)|~~~+(?!~))(?=[^\n]*\n)[ \t]*([\w.+-]*)[^\n]*\n(.*?)(?:^[ \t>]*\2[`~]*[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
PIECES = st.sampled_from(("```", "~~~", "`", "~", "````", "sh", " ", "> ", "\n", "\n", "\r\n", "x", "80"))


@given(st.lists(PIECES, max_size=24).map("".join))
def test_fences_are_what_one_expression_says(text: str) -> None:
    found = [(opening.start(), opening["name"], begin, end, behind) for opening, begin, end, behind in _fenced(text)]
    assert found == [(each.start(), each[3], *each.span(4), each.end()) for each in FENCE.finditer(text)]


WORDS = st.sampled_from(
    (
        "port",
        "Port:",
        "http://h",
        "localhost",
        ":",
        "3000",
        "80",
        "7",
        "/tcp",
        "->",
        "-p ",
        "${A:-",
        "}",
        " ",
        "\n",
        "\r\n",
        "| ",
        "é",
    )
)


@given(st.lists(WORDS, max_size=24).map("".join))
def test_each_line_is_a_text_of_its_own(text: str) -> None:
    """What is passed over would have said nothing: no line is asked for what one of its numbers cannot be."""
    knows = detector(shipped(), "markdown")
    lines = [line.removesuffix("\r") for line in text.split("\n") if re.search("[0-9][0-9]", line)]
    apart = [(line, found) for line in lines for found in knows.value(Value(Text(line), "prose", context="doc"))]
    assert [(value.text.value, found) for value, found in knows.lines(Lines((Text(text),), "doc"))] == apart
