"""Every entry of `rules/detect` and `rules/languages` has examples, they come out as marked, and the entry is what does it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portscan.knowledge import Knowledge
from portscan.languages import Unreadable
from portscan.pipeline.reading import Reading
from tests.examples import Entry, Example, entries, example, knowledge, reading_of

KNOWN = knowledge()
READING = reading_of(KNOWN)
ENTRIES = [pytest.param(e, id=f"{e.shelf}-{e.name}") for e in entries()]
SHARED = "part"  # shared pieces of patterns; the rules that use them have the examples


@pytest.mark.parametrize("entry", ENTRIES)
def test_examples_come_out_as_marked(entry: Entry) -> None:
    for kind in ("bad", "good"):
        examples = entry.examples(kind)
        assert examples or entry.data.get("match") == SHARED, f"{entry.file}: {entry.name} has no `{kind}` example"
        for shown in examples:
            found = {tuple(literal.span): literal.rule for literal in shown.read(READING)}
            assert list(found) == list(shown.marked), differences(shown, found)
    assert all(shown.marked for shown in entry.examples("bad")), "a `bad` example marks a port"


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_entry_is_needed(entry: Entry) -> None:
    """Without the entry, one of its own examples comes out otherwise."""
    less = reading_of(without(entry))
    shown = (*entry.examples("bad"), *entry.examples("good")) or every_example()
    assert any(outcome(e, less) != outcome(e, READING) for e in shown), (
        f"{entry.file}: {entry.name} changes nothing: {known_by(shown)}"
    )


@pytest.mark.parametrize("entry", [pytest.param(e, id=e.name) for e in entries() if "reference" in e.data])
def test_what_a_language_advises_is_taken_for_bound(entry: Entry) -> None:
    reference = str(entry.data["reference"])
    advised = reference.replace("<variable>", "SOME_PORT").replace("<port>", "4010")
    advised += "" if "<port>" in reference else " or 4010"
    path = next(iter(entry.data["files"])).replace("*", "a")
    codes = [code.format(advised) for code in ("{}\n", "port = {}\n", "web: serve --port {}\n")]
    read = [Example(path, code, ()).read(READING) for code in codes]
    assert any(literal.variables == ("SOME_PORT",) for found in read for literal in found), (
        f"{entry.file}: none of {codes} is read as the fallback of SOME_PORT: give {entry.name} a rule of `match: lookup`"
    )


def differences(shown: Example, found: dict[tuple[int, ...], str]) -> str:
    """What comes out otherwise than it is marked, where, and which rule says so."""
    more = [f"{placed(shown, span)} by {rule}" for span, rule in found.items() if span not in shown.marked]
    less = [placed(shown, span) for span in shown.marked if span not in found]
    said = (("also finds", more), ("does not find", less))
    return f"{shown.path}: {shown.code!r} " + ", and ".join(f"{words} {', '.join(these)}" for words, these in said if these)


def placed(shown: Example, span: tuple[int, ...]) -> str:
    """The digits at some bytes, with their line and column."""
    data = shown.code.encode()
    before = data[: span[0]].decode()
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"{data[span[0] : span[1]].decode()} at {line}:{column}"


def test_a_difference_is_told_by_its_line_and_column() -> None:
    shown = example({"path": "a.py", "code": "x = 1\né = «80»\n"})
    assert differences(shown, {}) == "a.py: 'x = 1\\né = 80\\n' does not find 80 at 2:5"
    found = {(11, 13): "some-rule", (0, 1): "other"}
    assert differences(shown, found) == "a.py: 'x = 1\\né = 80\\n' also finds x at 1:1 by other"


def known_by(shown: tuple[Example, ...]) -> str:
    """The rules that find what is in examples."""
    return ", ".join(sorted({literal.rule for one in shown for literal in one.read(READING)})) + " find these already"


def test_marks_are_byte_spans() -> None:
    shown = example({"path": "a.py", "code": "é = '«80»'; b = «443»\n"})
    assert (shown.code, shown.marked) == ("é = '80'; b = 443\n", ((6, 8), (15, 18)))


def test_names_are_unique() -> None:
    names = [(e.shelf, e.name) for e in entries()]
    assert len(names) == len(set(names))


def without(entry: Entry) -> Knowledge:
    """What is known when `entry` is not there."""
    if entry.shelf == "languages":
        return replace(KNOWN, languages={n: d for n, d in KNOWN.languages.items() if n != entry.name})
    rules = [rule for rule in KNOWN.rules if rule["id"] != entry.name]
    if entry.data["match"] == SHARED:
        rules.append({"match": SHARED, "id": entry.name, "parts": dict.fromkeys(entry.data["parts"], "(?!)")})
    return replace(KNOWN, rules=tuple(rules))


def outcome(shown: Example, reading: Reading) -> Any:
    """What an example comes out as; also that it cannot be read any more."""
    try:
        return [(found.span, found.kind, found.bound, found.language, found.rule) for found in shown.read(reading)]
    except (AssertionError, KeyError, Unreadable):
        return "unreadable"


def every_example() -> tuple[Example, ...]:
    """The examples of all entries."""
    return tuple(shown for entry in entries() for kind in ("bad", "good") for shown in entry.examples(kind))
