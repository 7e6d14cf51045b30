"""Documents: prose and fenced code are `doc`, and fences are read in their own language."""

from __future__ import annotations

import pytest

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
