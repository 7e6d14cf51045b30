"""JSON with and without comments: key paths, keys that are ports, escapes, broken files."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan.knowledge import shipped
from portscan.languages import compile_languages, json
from portscan.sites import Site
from portscan.text import Text
from tests.languages.reading import ports, read

LANGUAGE = compile_languages(shipped().languages).by_name["json"]


def test_comments_and_trailing_commas() -> None:
    found = read("a.json", '{"port": 3000, // port 4000\n /* port 4001 */ "urls": ["http://h:5000",],}\n')
    assert [(literal.port, literal.context) for literal in found] == [
        (3000, "code"),
        (4000, "comment"),
        (4001, "comment"),
        (5000, "code"),
    ]


@pytest.mark.parametrize("path", ["a.json", "a.yaml"])
def test_a_key_path_of_very_many_names_says_that_some_are_left_out(path: str) -> None:
    depth = 150
    opened = "".join(f'{{"k{n}": ' for n in range(depth))
    (found,) = read(path, f'{opened}{{"port": 3000}}{"}" * depth}\n')
    names = [f"k{n}" for n in range(depth)]
    assert str(found.name).split(".") == [*names[:50], "…", *names[-49:], "port"]
    opened = "".join(f'{{"k{n}": ' for n in range(99))
    (found,) = read(path, f'{opened}{{"port": 3000}}{"}" * 99}\n')
    assert str(found.name).split(".") == [*names[:99], "port"]


def test_escapes() -> None:
    assert ports("a.json", r'{"url": "http:\/\/h:3000\/", "note": "a\nlocalhost:3001", "é": "\u00e9 http://h:3002"}') == [
        3000,
        3001,
        3002,
    ]


def test_a_name_beside_its_value() -> None:
    assert ports("a.json", '[{"name": "PORT", "value": "3000"}, {"name": "ROWS", "value": "4000"}]') == [3000]


def test_schemas_give_defaults() -> None:
    assert ports("a.json", '{"properties": {"port": {"type": "integer", "default": 3000}, "rows": {"default": 4000}}}') == [3000]


def test_scripts_of_a_package() -> None:
    assert ports("package.json", '{"scripts": {"dev": "PORT=3000 next dev -p 3001"}, "version": "3000"}') == [3000, 3001]


def test_broken_files() -> None:
    assert ports("a.json", '{"port": 3000, "x": "never closed\n "port": 3001}}}]] {"port": 3002') == [3000, 3001, 3002]


TOKENS = st.sampled_from(
    [
        *(
            '"a": "b",',
            '"name": "port",',
            '"value": 80,',
            '"port": 80',
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            '"a',
            '": ',
            "\n",
            "// x\n",
        ),
        *(
            '"id": "x"',
            '"a\\n": "b",',
            '"80": true,',
            '"on": null,',
            '"b c" : false ,',
            "'k': 'v',",
            "80",
            '"ports": {',
            '"8082" : [ ',
            '"a.b:80":{"value"',
            '"x": "80",',
            '"name": "a",',
            '"key": 8080}',
            '"\'80\'": "\\"80" }',
            '"8081":82 , ',
        ),
    ]
)


@given(st.lists(TOKENS, max_size=14).map("".join))
def test_members_say_the_same_token_by_token(text: str) -> None:
    short = sites_of(text)
    with pytest.MonkeyPatch.context() as patched:
        for short_way in ("IDLE", "MEMBER", "OPENING"):
            patched.setattr(json, short_way, re.compile("(?!)"))
        assert short == sites_of(text)


def sites_of(text: str) -> list[Site]:
    return list(json.sites(Text(text), LANGUAGE, "a.json"))
