"""Every message of portscan is in the catalogue with its cause and its remedy, and a trial provokes it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from portscan.errors import UserError
from tests.errors import trials
from tests.sources import NEEDS_SOURCES
from tools.error_catalogue import TOP, Entry, entries
from tools.raised import KINDS, messages, pattern, skeleton

pytestmark = NEEDS_SOURCES
FOUND, UNABLE = 1, 2
SHARED = ("reason", "document")  # several parts come to the same words, which the catalogue has once
DOCUMENT = "\n{"  # JSON, behind whatever else is said


def cases() -> Iterator[Any]:
    for entry in entries():
        for number, trial in enumerate(entry.trials):
            yield pytest.param(entry, trial, id=f"{entry.says}-{number}")


def test_none_is_catalogued_that_there_is_not() -> None:
    foreign = [entry.says for entry in entries() if entry.made is None]
    assert [says for says in foreign if not says.startswith(("argument {option}: ", "unrecognized", "the following"))] == []


def test_each_is_made_in_one_place_and_catalogued_once() -> None:
    made = Counter(skeleton(each.says) for each in messages() if each.kind not in SHARED)
    known = Counter(skeleton(entry.says) for entry in entries())
    assert [says for says, number in (*made.items(), *known.items()) if number > 1] == []


def test_each_says_why_and_what_to_do() -> None:
    assert [entry.says for entry in entries() if not (entry.because and entry.remedy)] == []


def test_each_says_in_its_line_what_to_do() -> None:
    """A row of a trend and what is wrong with an argument stand within a line that does."""
    rows = {skeleton(entry.says) for entry in entries() for trial in entry.trials if trial.get("shown") == "row"}
    mute = [each.says for each in messages() if each.kind == "error" and each.hint == "" and skeleton(each.says) not in rows]
    assert mute == []


@pytest.mark.parametrize(("entry", "trial"), list(cases()))
def test_it_is_provoked(
    entry: Entry,
    trial: Mapping[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = trials.run(trial, tmp_path, monkeypatch, capsys)
    if entry.kind == "reason":
        assert said.status == 0, said
        reasons = {row["reason"] for row in json.loads(said.out[f"\n{said.out}".rindex(DOCUMENT) :])["skipped"]}
        assert any(meant(reason, "reason") is entry for reason in reasons), reasons
    elif entry.kind == "document":
        assert said.status == FOUND, said
        told = [row["message"] for row in json.loads(said.out)["findings"]]
        assert any(meant(message, "document") is entry for message in told), told
    elif trial.get("shown") == "row":
        assert said.status == trial["status"], said
        assert re.search(pattern(entry.says).pattern, said.out), said.out
    else:
        assert said.status == UNABLE, said
        *_, line = said.err.splitlines()
        assert line.startswith("portscan: ")
        assert meant(line.removeprefix("portscan: "), "error", "argument") is entry, line


def meant(text: str, *kinds: str) -> Entry | None:
    """The entry whose message a text is: of several that it could be, the one with most words of its own."""
    fit = [entry for entry in entries() if entry.kind in kinds and whole(entry).fullmatch(text)]
    return max(fit, key=lambda entry: len(skeleton(entry.says)), default=None)


def whole(entry: Entry) -> re.Pattern[str]:
    """The line that a message stands in."""
    says, hint = pattern(entry.says).pattern, entry.made.hint if entry.made else None
    if entry.kind in ("reason", "document"):
        return re.compile(says, re.DOTALL)
    if entry.kind == "argument":
        return re.compile(rf"argument .*: {says}\. .+")
    return re.compile(rf"{says}\. {pattern(hint).pattern if hint else '.+'}", re.DOTALL)


def test_no_way_to_say_such_a_message_is_unknown() -> None:
    """Neither a subclass, nor another name of the class, nor an exit past it."""
    sources = {file: file.read_text(encoding="utf-8") for file in (TOP / "portscan").rglob("*.py")}
    written = sum(len(re.findall(r"(?<!class )\b(?:UserError|NoGit)\(", text)) for text in sources.values())
    assert written == len({(each.module, each.line) for each in messages() if each.kind == "error"})
    assert {each.__name__ for each in UserError.__subclasses__()} <= KINDS.keys()
    past = re.compile(r"import UserError as|\bexit\(\"|SystemExit\(\"|\w\.error\(")
    assert [file.name for file, text in sources.items() if past.search(text)] == []
