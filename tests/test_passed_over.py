"""Names that are passed over, and path patterns."""

from __future__ import annotations

import pytest

from portscan.errors import UserError
from portscan.passed_over import matcher, reason


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
