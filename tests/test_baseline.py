"""The file of a baseline: its form, what it hides, and what is wrong with one that is broken."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from portscan.baseline.entries import Baseline, dump, parse, stale, updated, weighed
from portscan.errors import UserError
from portscan.fingerprints import Identity

A = Identity("a.py", "PS001", "web", "port = 3103")
B = Identity("a.py", "PS002", "4999", "x = 4999")
C = Identity("b/é.py", "PS007", "", "# portscan: ignore")
NASTY = Identity("caf\udce9 \n\u202e.py", "PS001", "web", 'x = "\\\x1b 3103"')
HEAD = '{"portscan-baseline": 1}\n'


def everywhere(_: Identity) -> bool:
    return True


def test_it_is_sorted_one_entry_a_line_without_numbers_of_lines() -> None:
    assert dump({C: 1, B: 2, A: 1}).decode() == (
        HEAD
        + '{"path": "a.py", "code": "PS001", "service": "web", "count": 1, "text": "port = 3103"}\n'
        + '{"path": "a.py", "code": "PS002", "port": 4999, "count": 2, "text": "x = 4999"}\n'
        + '{"path": "b/é.py", "code": "PS007", "count": 1, "text": "# portscan: ignore"}\n'
    )


def test_it_is_read_as_it_was_written() -> None:
    counts = Counter({A: 1, B: 2, C: 3, NASTY: 4})
    data = dump(counts)
    assert data.count(b"\n") == 5
    assert b"\x1b" not in data
    assert parse("p", data).counts == counts
    assert dump(parse("p", data).counts) == data


def test_the_order_of_its_lines_and_blank_ones_do_not_matter() -> None:
    head, *rest = dump({A: 1, B: 2, C: 3}).splitlines()
    random.Random(1).shuffle(rest)
    assert parse("p", b"\r\n".join([head, b"", *rest, b"  "])).counts == {A: 1, B: 2, C: 3}


def test_of_two_lines_about_the_same_the_higher_counts() -> None:
    merged = dump({A: 2, B: 1}) + dump({A: 3}).split(b"\n", 1)[1]
    assert parse("p", merged).counts == {A: 3, B: 1}


@pytest.mark.parametrize(
    "data, complaint",
    [
        ("", "p is no baseline of portscan"),
        ("[]\n", "p:1: the line of the baseline is no JSON object"),
        ("{}\n", "p is no baseline of portscan"),
        ('{"portscan-baseline": 2}\n', "p: this portscan reads baselines of version 1, not 2"),
        (HEAD + "nonsense\n", "p:2: the line of the baseline is no JSON object"),
        (HEAD + '{"path": "a"}\n', "p:2: the line of the baseline is without `code`"),
        (HEAD + '{"path": 1}\n', "p:2: the line of the baseline is wrong: `path` does not belong there"),
        (HEAD + '{"path": "a", "code": "PS001", "count": true, "text": ""}\n', "`count` does not belong there"),
        (HEAD + '{"path": "a", "code": "PS001", "count": 0, "text": ""}\n', "wrong: `count` begins at 1"),
        (HEAD + '\n{"path": "a", "line": 3}\n', "p:3: the line of the baseline is wrong: `line` does not belong there"),
        (HEAD + "<<<<<<< ours\n", "p:2: the baseline was merged with conflicts"),
        (HEAD + "[" * 100_000 + "\n", "p:2: the line of the baseline is no JSON object"),
    ],
)
def test_a_broken_one_is_told_with_its_line(data: str, complaint: str) -> None:
    with pytest.raises(UserError) as caught:
        parse("p", data.encode())
    assert complaint in caught.value.title
    assert caught.value.hint


def test_bytes_that_are_no_text_are_told_with_their_line() -> None:
    with pytest.raises(UserError, match="p:2: the line of the baseline is no UTF-8"):
        parse("p", HEAD.encode() + b"\xff\n")


def test_of_equal_findings_as_many_are_hidden_as_are_counted() -> None:
    hidden, present = weighed([A, B, A, A], {A: 2})
    assert hidden == (True, False, True, False)
    assert present == {A: 3, B: 1}


def test_entries_that_count_more_than_there_is_are_stale() -> None:
    baseline = parse("p", dump({A: 2, B: 1, C: 1}))
    assert [(e.identity, e.line, there) for e, there in stale(baseline, {A: 1, C: 1}, everywhere)] == [(A, 2, 1), (B, 3, 0)]
    assert next(iter(stale(baseline, {}, lambda identity: identity.path != "a.py")))[0].identity == C


def test_writing_it_anew_keeps_what_was_not_looked_at() -> None:
    counts = {A: 2, B: 1, C: 5}
    assert updated(counts, {A: 1, B: 3}, lambda i: i.path == "a.py", grow=True) == {A: 1, B: 3, C: 5}


def test_shrinking_it_lets_nothing_in() -> None:
    new = A._replace(text="other")
    assert updated({A: 2, B: 1}, {A: 1, B: 3, new: 1}, everywhere, grow=False) == {A: 1, B: 1}
    assert updated({A: 2}, {}, everywhere, grow=False) == {}


def test_an_empty_one_hides_nothing() -> None:
    assert parse("p", dump({})).counts == Baseline("p", b"").counts == {}
