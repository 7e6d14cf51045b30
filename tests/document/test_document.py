"""Documents: values by YAML's own rules, and the place of every one of them."""

from __future__ import annotations

from math import inf, isnan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan.document.document import Document, parse
from portscan.document.nodes import resolve
from portscan.document.schema import misfits, shipped
from portscan.document.syntax import explain
from portscan.document.text import quoted
from portscan.document.wording import closest, meant

TEXT = """\
name: dashboard # the main one
ports:
  - 80
  - &api {port: 81, tags: []}
more:
  <<: *api
  "quoted key": 'x'
"""


@pytest.fixture
def document() -> Document:
    return parse(TEXT.encode())


def test_values(document: Document) -> None:
    assert document.problems == ()
    assert document.data() == {
        "name": "dashboard",
        "ports": [80, {"port": 81, "tags": []}],
        "more": {"quoted key": "x", "port": 81, "tags": []},
    }


@pytest.mark.parametrize(
    "path, place",
    [
        ((), (1, 1, 1, 5)),
        (("name",), (1, 1, 1, 5)),
        (("ports",), (2, 1, 2, 6)),
        (("ports", 0), (3, 5, 3, 7)),
        (("ports", 1), (4, 11, 4, 15)),
        (("ports", 1, "port"), (4, 11, 4, 15)),
        (("more", "quoted key"), (7, 3, 7, 15)),
        (("more", "port"), (4, 11, 4, 15)),
        (("ports", 7), (2, 1, 2, 6)),
        (("ports", "x"), (2, 1, 2, 6)),
        (("nowhere", "at", "all"), (1, 1, 1, 5)),
    ],
)
def test_places(document: Document, path: tuple[str | int, ...], place: tuple[int, ...]) -> None:
    assert document.place(path) == place


def test_places_of_nothing() -> None:
    assert parse(b"").place(()) == (1, 1, 1, 1)
    assert parse(b"\n  [3]\n").place(()) == (2, 3, 2, 3)
    assert parse(b"\n  {}\n").place(("x",)) == (2, 3, 2, 5)
    assert parse(b"- &a {x: 1}\n- {<<: *a}\n").place((1,)) == (2, 3, 2, 3)


def test_written(document: Document) -> None:
    assert document.written(("ports", 0)) == "80"
    assert document.written(("more", "quoted key")) == "x"
    assert document.written(("ports",)) is None
    assert document.written(("nothing",)) is None


@pytest.mark.parametrize(
    "text, value",
    [
        ("", None), ("~", None), ("null", None), ("nul", "nul"), ("true", True), ("FALSE", False), ("yes", "yes"), ("on", "on"),
        ("12", 12), ("-12", -12), ("012", 12), ("0o17", 15), ("0x1F", 31), ("1_000", "1_000"), ("1.5", 1.5), (".5", 0.5),
        ("1.", 1.0), ("1e3", 1000.0), (".inf", inf), ("-.INF", -inf), ("2026-01-31", "2026-01-31"),
        ("22:22", "22:22"), ("١٢", "١٢"),
    ],
)  # fmt: skip
def test_plain_values(text: str, value: Any) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


def test_not_a_number() -> None:
    assert isnan(resolve(".nan"))


def test_endless_digits_are_just_large() -> None:
    assert resolve("9" * 10_000) == 10**18
    assert resolve("-" + "9" * 10_000) == -(10**18)


def test_tags_of_yaml_itself() -> None:
    assert parse(b"[!!str 80, !!int '80', ! 80, !!null x, '80']").data() == ["80", 80, "80", "x", "80"]


def test_an_empty_document() -> None:
    assert all(parse(data).empty for data in (b"", b"# nothing\n", b"---\n", b"null\n", b"\xef\xbb\xbf"))
    assert not any(parse(data).empty for data in (b"''", b"{}", b"0"))


@pytest.mark.parametrize(
    "value, shown",
    [
        ("a", "`a`"), (7, "`7`"), (None, "`None`"), ("a\tb", "`a\\tb`"), ("a`b", '"a`b"'), ("\u202e", "`\\u202e`"),
        ("x" * 60, f"`{'x' * 60}`"), ("x" * 61, f"`{'x' * 59}…`"), ("\ud800", "`\\ud800`"),
    ],
)  # fmt: skip
def test_quoted(value: object, shown: str) -> None:
    assert quoted(value) == shown


@pytest.mark.parametrize(
    "word, match",
    [
        ("dependsOn", "depends_on"),
        ("gateway_path", "gatewayPath"),
        ("prot", "port"),
        ("desc", "description"),
        ("de", None),
        ("zzz", None),
    ],
)
def test_likely_words(word: str, match: str | None) -> None:
    assert closest(word, ("depends_on", "gatewayPath", "port", "description")) == match


def test_a_complaint_without_a_place_is_about_a_character() -> None:
    assert explain(ValueError(), "a\x07b").message == "The character U+0007 cannot be part of YAML."
    assert explain(ValueError(), "ab").message == "The file holds a character that YAML does not allow."


def test_advice_has_an_end() -> None:
    assert meant("x", ()) == ""
    assert meant("x", [f"word{i}" for i in range(31)]).endswith(", word29, ….")
    assert closest("word1", [f"word{i}" for i in range(501)]) is None


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_nothing_is_too_strange(data: bytes) -> None:
    document = parse(data)
    for problem in (*document.problems, *misfits(document, shipped("registry"))):
        assert "\n" not in problem.message + problem.help
        assert min(problem.location) >= 1


@given(
    st.lists(
        st.sampled_from([*"abc:-?[]{}&*!|>'\"#%@,\n\t \\", "<<: ", "- ", "port: ", "services:\n", "---\n", "&a ", "*a", "!x "]),
        max_size=40,
    )
)
def test_no_mixture_of_signs_is_too_strange(signs: list[str]) -> None:
    document = parse("".join(signs).encode())
    assert document.root is not None or document.problems or document.empty
    misfits(document, shipped("registry"))
