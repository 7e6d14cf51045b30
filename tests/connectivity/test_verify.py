"""Fixes across files stand as far as they hold together: each that does not is left to the user, and the others are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from portscan.connectivity.verify import FAILED, verified
from portscan.model import Edit, Finding, Fix, Location, Span
from portscan.records import dataclass

HERE = Location(1, 1, 1, 2)


@dataclass(frozen=True)
class World:
    """Files in which `fault-3` is a fault at port 3, and which `broken` makes unreadable."""

    files: Mapping[str, bytes]

    def data(self, path: str) -> bytes | None:
        return self.files.get(path)

    def document(self, path: str) -> object:
        data = self.files.get(path, b"")
        return None if b"broken" in data else data

    def with_files(self, changed: Mapping[str, bytes]) -> World:
        return World({**self.files, **changed})


@dataclass(frozen=True)
class Faults:
    """Stands for the check of a repository."""

    world: World

    def findings(self) -> list[Finding]:
        return [
            Finding("PS201", "n", "error", "m", path, HERE, port=int(number))
            for path, data in self.world.files.items()
            for number in re.findall(rb"fault-(\d)", data)
        ]


def told(files: dict[str, str], *fixes: tuple[str, str, str]) -> list[tuple[int, str]]:
    """The ports of all findings, with what becomes of the fix of each: `kept`, `failed`, or `none` where there was none."""
    check: Any = Faults(World({path: text.encode() for path, text in files.items()}))
    proposed = {}
    for path, before, after in fixes:
        start = files[path].index(before)
        edit = Edit(path, Span(start, start + len(before)), HERE, before.encode(), after.encode())
        proposed[path, int(before[6])] = Fix("t", "safe", (edit,))
    findings = [
        Finding(each.code, "n", "error", "m", each.path, HERE, port=each.port, fix=proposed.get((each.path, each.port or 0)))
        for each in check.findings()
    ]
    found = verified(check, findings)
    assert [each.help for each in found if each.help] == [f"By hand: {FAILED}."] * sum(bool(each.help) for each in found)
    states = ["kept" if each.fix else "failed" if each.help else "none" for each in found]
    return [(each.port or 0, state) for each, state in zip(found, states, strict=True)]


def test_those_that_hold_together_are_kept() -> None:
    files = {"a": "fault-1 fault-2", "b": "fault-3"}
    assert told(files, ("a", "fault-1", "ok"), ("b", "fault-3", "ok")) == [(1, "kept"), (2, "none"), (3, "kept")]


@pytest.mark.parametrize("wrong", [1, 2, 3, 4, 5])
def test_one_that_brings_another_fault_falls_alone(wrong: int) -> None:
    files = {"a": "fault-1 fault-2", "b": "fault-3 fault-4 fault-5"}
    fixes = [("a" if n < 3 else "b", f"fault-{n}", "fault-9" if n == wrong else "ok") for n in range(1, 6)]
    assert told(files, *fixes) == [(n, "failed" if n == wrong else "kept") for n in range(1, 6)]


def test_so_does_one_after_which_its_fault_is_still_there() -> None:
    assert told({"a": "fault-1 fault-2"}, ("a", "fault-1", "fault-1 "), ("a", "fault-2", "ok")) == [(1, "failed"), (2, "kept")]


def test_and_one_that_breaks_its_file() -> None:
    assert told({"a": "fault-1 fault-2"}, ("a", "fault-1", "broken"), ("a", "fault-2", "ok")) == [(1, "failed"), (2, "kept")]


def test_of_two_that_get_in_each_other_s_way_the_first_is_kept() -> None:
    assert told({"a": "fault-1fault-2"}, ("a", "fault-1fault", "ok"), ("a", "fault-2", "ok")) == [(1, "kept"), (2, "failed")]


def test_where_there_is_no_fix_there_is_nothing_to_say() -> None:
    assert told({"a": "fault-1"}) == [(1, "none")]
