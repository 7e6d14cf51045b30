"""Where a colon and digits are no address: no rule that may find one there is passed over."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portscan.knowledge import shipped
from portscan.triggers import compile_triggers
from portscan.triggers.addresses import ALL, address, claimed
from portscan.triggers.endings import runs_on
from portscan.triggers.pieces import triggers
from tests.judges import THOROUGH
from tests.triggers.test_triggers import SPARING, THROUGH, read


@pytest.mark.parametrize(
    ("pattern", "contexts"),
    [
        (r"localhost:(?P<port>\d{2,5})", ""),
        (r"tcp\((?P<host>[^():]+):(?P<port>\d{2,5})\)", "hour minute day slice key"),
        (r"(?<![\w.-])(?P<host>[\w-]+):(?P<port>\d{2,5})", "hour minute day"),
        (r"[a-z]+:(?P<port>\d{2,5})", ""),
        (r"(?<==):(?P<port>\d{2,5})", ""),
        (r"(?<=[a-z]\"):(?P<port>\d{2,5})", "key"),
        (r"^:(?P<port>\d{2,5})", ""),
        (r"/[^/]*:(?P<port>\d{2,5})", "hour minute day slice key"),
        (r"\w*(?P<port>\d{2,5})", "hour minute day slice key"),
        (r"(?:x(?=:(?P<port>\d{2,5})))", ""),
        (r"(a)?(?(1):(?P<port>\d{2,5})|b)", "hour minute day slice key lone path"),
        (r"localhost:(?P<port>\d+)", "lone path"),
        (r"\w[\w.]{20}:(?P<port>\d)", "day lone path"),
        (r"//[\w.]+:(?P<port>\d)", ""),
        (r"(?<=/)[\w.]*:(?P<port>\d)", "path"),
        (r"\]:(?P<port>\d)", ""),
        (r"(?<![,\w])[\w*]+:(?P<port>\d+)", "hour minute day lone path"),
        (r"\b(?P<port>\d{2,5}:\d{2,5})", "hour minute day slice key"),
        (r"\b(?P<port>\d{2,5}:\d+)", "hour minute day slice key lone path"),
    ],
)
def test_a_pattern_is_followed_through_what_stands_in_front(pattern: str, contexts: str) -> None:
    assert claimed(pattern, "json") == frozenset(contexts.split())


def test_where_texts_are_not_quoted_one_may_begin_behind_a_bracket() -> None:
    assert claimed(r"^:(?P<port>\d{2,5})", "yaml") == {"slice"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("at 12:30", False), ('"12:30:45"', False), ("2026-01-01T12:30-", True), ("(2026-01-01T12:30:45Z", False)),
        *(("rows[:80]", False), ("db:80", True), ("0.0.0.0:80", True), ("x12:80", True), ('":80"', True), ("}12:80", True)),
        *(
            ("sha256:13b4", False),
            ("id:123456", False),
            ("a:8080_", False),
            ("db:80é", True),
            ("db:65535", True),
            ("a:80.5b", True),
        ),
    ],
)
def test_times_and_slices_are_no_addresses(text: str, found: bool) -> None:
    assert bool(re.search(address(ALL), text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(('{"abc":1, "b c":80}', False), (r'"{\"abc\":80}"', False), ('f(":80")', True), ('f":80"', True), ("'a'in':80'", True)),
        *((r"'{\"abc\":80, \"def\":80}'", False), (r"'\"a, \"total\":80'", True), (r'"\\"abc\":80"', True)),
        *(('""total":80"', True), ('"a, "total":80"', True), ("don't\n'total':80, 'and':80", False), ('"abc":80, ":80"', True)),
    ],
)
def test_a_key_between_quotes_is_no_host(text: str, found: bool) -> None:
    assert compile_triggers(shipped().triggers["typescript"]).found_in(text) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(('"seq:step:1"', False), ("[::1\\]", False), ("the step:1", False), ("(step:1)", True), ("step:10", True)),
        *(("http://db:8", True), ("localhost:8", True), ("'10.0.0.1:8'", True), ("[::1]:8", True), ("//u:p4@db:8", True)),
        *(
            ("step:1", False),
            ("a/b.c:1", False),
            ("org/a/v-1:7 x", False),
            ("a//b:1", True),
            ("/b:1", True),
            ("%/b:1", True),
            ("a/b:10", True),
            ("$A:1", True),
            ("{A}:1", True),
            ("é:1", True),
            ("x:1 y:80", True),
        ),
    ],
)
def test_a_digit_alone_behind_a_name_is_no_address(text: str, found: bool) -> None:
    assert compile_triggers(shipped().triggers["typescript"]).found_in(f"80\n{text}") is found


@pytest.mark.parametrize(
    ("pattern", "text"), [(r"\bstep:(?P<port>\d{1,5})", "a step:1"), (r"/step:(?P<port>\d{1,5})", "an a/step:1")]
)
def test_a_rule_that_finds_a_port_of_one_digit_behind_a_name_takes_it_back(pattern: str, text: str) -> None:
    rule = {"match": "text", "id": "step", "kind": "url", "pattern": pattern}
    language = shipped().languages["python"]
    assert not compile_triggers(triggers(shipped().rules, language)).found_in(text)
    assert compile_triggers(triggers([*shipped().rules, rule], language)).found_in(text)


def test_a_rule_that_finds_ports_behind_a_time_takes_it_back() -> None:
    rule = {"match": "text", "id": "race", "kind": "url", "pattern": r"(?<= )\d\d:(?P<port>\d{2,5})"}
    language = shipped().languages["python"]
    assert not compile_triggers(triggers(shipped().rules, language)).found_in("at 12:30")
    assert compile_triggers(triggers([*shipped().rules, rule], language)).found_in("at 12:30")


@pytest.mark.parametrize(
    ("behind", "found"),
    [
        *((r"(?!\w)", False), ("", True), (r"(?![\w:]|\.\d)", False), (r"(?!\d)", True), (r"\b", False), (r"(?=[/,]|$)", False)),
        *((r":?(?P<last>\d\d)$", True), (r":(?P<last>\d\d)$", False), (r"\s*to", True), (r"\s+to", False), (r" \d{6}$", True)),
        *(
            (r"(?=\b[:,])", False),
            (r"(?::\d{2},)*$", False),
            (r"(?::\d)*x", True),
            (r" (\d)?(?(2):|b)", True),
            (r"(?=,a?\d)", True),
        ),
    ],
)
def test_words_go_on_behind_digits_of_some_patterns(behind: str, found: bool) -> None:
    assert runs_on(rf":(?P<port>\d{{2,5}}){behind}") is found


def test_a_rule_that_finds_a_port_at_the_beginning_of_a_word_takes_it_back() -> None:
    rule = {"match": "text", "id": "unit", "kind": "url", "pattern": r"(?<=@):(?P<port>\d{2,5})"}
    language = shipped().languages["python"]
    assert not compile_triggers(triggers(shipped().rules, language)).found_in("a@:8080b")
    assert compile_triggers(triggers([*shipped().rules, rule], language)).found_in("a@:8080b")


BEHIND = st.sampled_from(
    [
        *("a", ":", r"\s*", r"\w", r"\W", "[^a]", "(?:,|;)", "(?:b|:)?", "$", r"\b", "(?!a)", r"(?!\w)", r"(?![\w:]|\.b)"),
        *("(?=,)", "(?=:|a)", "(?=[,:]|$)", r"\d", r"\d{2}", "(?:8|:8)", "(?<=8)", ",?", "(?:,?:?)*", "(?=)"),
    ]
)


@settings(deadline=None)
@given(st.lists(BEHIND, max_size=4).map("".join), st.text("80ab_:;,. ", max_size=8))
def test_what_no_word_goes_on_behind_is_a_word_by_itself(behind: str, text: str) -> None:
    pattern = rf":(?P<port>\d{{1,5}}){behind}"
    if not runs_on(pattern):
        assert not any(re.match(r"\w", text[match.end("port") :]) for match in re.finditer(pattern, text)), pattern


PIECES = st.sampled_from(
    [
        *("12:30", ":45", "2026-01-01T", "T12:30:45", '"total":100', "'a':80", "[:80]", "{a:1}", ":8080", "db:80", "5434:5432"),
        *(":8", "db:8", "://db:8", "localhost:8", "10.0.0.1:8", "[::1]:8", "8/tcp", "u:4@", "%(", ")s", "<a b>", "*", "!", "~"),
        *(
            "http://",
            "//x,",
            "tcp:",
            "TCP-LISTEN:",
            "tcp(",
            "host=",
            "localhost",
            "-p ",
            "/tcp",
            "1.2.3.4",
            "%s",
            "${A}",
            "host ",
        ),
        *("13b", "sha256", "_"),
        *(" ", '"', "'", "`", "\\", "\n", ",", "(", ")", "}", "=", "x", "port", "args", ": ", ".com", "]", "{", "[", "@", "é"),
    ]
)


@settings(max_examples=2000 if THOROUGH else 200, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join), st.sampled_from(["a.ts", "a.py", "a.json", "a.yaml", "a.md", "a.go", "a.ini"]))
def test_what_looks_like_an_address_comes_out_the_same(text: str, path: str) -> None:
    assert read(SPARING, path, text) == read(THROUGH, path, text)
