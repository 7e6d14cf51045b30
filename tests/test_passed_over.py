"""Names that are passed over, and path patterns."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portscan.bounded import seconds
from portscan.errors import UserError
from portscan.passed_over import matcher, reason
from tests.judges import THOROUGH


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("yarn.lock", "lock file"),
        ("go.sum", "lock file"),
        ("jquery.min.js", "minified file"),
        ("jquery.MIN.JS", "minified file"),
        ("app.js.map", "source map"),
        ("photo.JPG", "binary file"),
        ("app.tar.gz", "binary file"),
        ("nginx.conf", None),
        ("lock", None),
        ("README", None),
        (".env", None),
        (".png", None),
        ("Dockerfile", None),
        ("logo.svg", None),
    ],
)
def test_a_name_tells_what_is_passed_over(name: str, expected: str | None) -> None:
    assert reason(name) == expected


@pytest.mark.parametrize(
    ("glob", "matching", "other"),
    [
        ("*.py", ["a.py", "x/y/a.py", "a.py/b"], ["a.pyc", "apy"]),
        ("tests", ["tests", "tests/a", "x/tests/a/b"], ["tests2/a", "mytests"]),
        ("tests/", ["tests/a", "x/tests/a"], ["atests/a"]),
        ("/tests", ["tests/a"], ["x/tests/a"]),
        ("src/*.ts", ["src/a.ts", "./src/a.ts"[2:]], ["src/b/a.ts", "x/src/a.ts"]),
        ("./src/*.ts", ["src/a.ts"], ["x/src/a.ts"]),
        ("src/**/*.ts", ["src/a.ts", "src/b/c/a.ts"], ["a.ts", "xsrc/a.ts"]),
        ("**/**/x", ["x", "a/x", "a/b/x"], ["ax"]),
        ("a/**", ["a/b", "a/b/c"], ["b/a/c", "ab"]),
        ("**", ["a", "a/b"], []),
        ("?.py", ["a.py", "x/b.py"], ["ab.py", ".py"]),
        ("[a-c].py", ["a.py"], ["d.py"]),
        ("[!a-c].py", ["d.py"], ["a.py", "x/a.py"]),
        ("[^a].py", ["^.py", "a.py"], ["b.py"]),
        ("a[.py", ["a[.py"], ["a.py"]),
        ("a+(b).py", ["a+(b).py"], ["aab.py"]),
        ("new\nline", ["new\nline", "x/new\nline"], ["newline"]),
    ],
)
def test_a_pattern_matches(glob: str, matching: list[str], other: list[str]) -> None:
    matches = matcher([glob])
    assert [path for path in matching if not matches(path)] == []
    assert [path for path in other if matches(path)] == []


def test_no_patterns_match_nothing() -> None:
    assert not matcher([])("a")


def test_one_of_several_patterns_is_enough() -> None:
    matches = matcher(["*.md", "docs"])
    assert matches("a.md")
    assert matches("docs/x")
    assert not matches("a.py")


def test_a_pattern_that_is_none_is_the_users_error() -> None:
    with pytest.raises(UserError, match=r"'\[z-a\]' is not a path pattern"):
        matcher(["*.py", "[z-a]"])


def simple(glob: str) -> str:
    """A pattern as a regular expression that says what is meant, however long it takes."""
    body = glob.removeprefix("./").rstrip("/")
    plain = {"*": "[^/]*", "**": ".*", "**/": "(?:[^/]+/)*", "?": "[^/]"}
    pieces = (plain.get(piece, re.escape(piece)) for piece in re.findall(r"(?<![^/])\*\*/|\*+|.", body))
    return rf"(?s:{'' if '/' in body else '(?:[^/]+/)*'}{''.join(pieces)}(?:/.*)?)\Z"


@given(
    st.text(st.sampled_from("ab/"), min_size=1, max_size=10).map(lambda text: re.sub("/+", "/", text).strip("/") or "a"),
    st.lists(st.sampled_from(["a", "b", "/", "*", "**", "**/", "?", "ab"]), min_size=1, max_size=8).map("".join),
)
@example("aba/ab", "**/a*b")
@example("a/ab", "**a*b")
@settings(max_examples=20_000 if THOROUGH else 500)
def test_a_pattern_means_what_it_means_slowly(path: str, glob: str) -> None:
    glob = re.sub(r"\*{3,}", "**", glob).replace("//", "/").lstrip("/") or "a"
    assert matcher([glob])(path) == bool(re.match(simple(glob), path))


@pytest.mark.parametrize("star", ["*a", "**a", "**/a/", "**/*a*/", "?*a", "**/**a/"])
def test_many_stars_take_no_longer_than_one(star: str) -> None:
    matches = matcher([f"{star * 12}b"])
    with seconds(20):
        for path in ("a" * 250, "/".join("a" * 250), "/".join(["a" * 12] * 60)):
            assert not matches(f"{path}/c/")
