"""What an expression begins with, in short runs of bytes: wherever it matches in a text, one of them is in the bytes of that.

An automaton seeks hundreds of such runs in one pass (`automaton.py`), which an expression is too large for. They may be where the
expression does not match; what stands in front of its first characters is asked for as long as that is one character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from portscan.records import dataclass, replace
from portscan.triggers import OTHER, START
from portscan.triggers.heads import EVERY, Characters, characters
from portscan.triggers.needs import parsed

LENGTHS = (12, 8, 5, 3, 1)  # of a run, in parts; the shorter they are, the fewer there are
MOST, MOST_OF_BRANCH, MOST_TIMES = 400, 16, 4
FIRST = frozenset("\2")  # among the first characters; two further ones are told from no others
BEYOND = r"\x80-\xff"

REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")

Runs = list["Run"]


@dataclass(frozen=True, slots=True)
class Part:
    """One of some characters, or the very one that is not ASCII; or `any_number` of them."""

    characters: Characters
    exact: str = ""
    any_number: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Parts one behind the other, and what stands in front of them; one that is not `open` does not go on."""

    before: Characters = EVERY
    parts: tuple[Part, ...] = ()
    open: bool = True

    def closed(self) -> Run:
        """The same, which does not go on."""
        return replace(self, open=False)

    def possible(self) -> bool:
        """Whether it can be anywhere."""
        return bool(self.before) and all(part.characters for part in self.parts)

    def with_part(self, part: Part) -> Run:
        """The same and one part more."""
        return replace(self, parts=(*self.parts, part))


class _TooMany(Exception):
    """There are more runs than are worth seeking."""


def approximation(pattern: str, *, lowered: bool = False) -> list[str]:
    """The runs as expressions for bytes; none when nothing is told.

    A pattern for a text in lower case is `lowered`: its runs are for the text as it was.
    """
    elements = parsed(pattern)
    if elements.state.flags & re.IGNORECASE:
        return []
    runs = _joined(run.closed() for run in _Reader(LENGTHS[0], MOST).read(elements, Run()) if run.possible())
    return [_written(run, lowered) for run in runs] if all(run.parts for run in runs) else []


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads runs of up to so many parts off the elements of an expression, and no more of them than `most`."""

    longest: int
    most: int

    def read(self, elements: Any, run: Run) -> Runs:
        """The ways in which a run goes on with `elements`; they are shorter where there are too many."""
        for longest in LENGTHS:
            if longest <= self.longest:
                with suppress(_TooMany):
                    return replace(self, longest=longest).through(elements, [run])
        return [run.closed()]

    def through(self, elements: Any, runs: Runs) -> Runs:
        """The runs, each going on with `elements` as far as that is plain."""
        for operation, argument in elements:
            if not any(run.open for run in runs):
                break
            runs = _joined(each for run in runs for each in (self._step(str(operation), argument, run) if run.open else [run]))
            if len(runs) > self.most:
                raise _TooMany
        return runs

    def _step(self, operation: str, argument: Any, run: Run) -> Runs:
        """What a run goes on with; where this is not plain, or long enough, it ends."""
        if len(run.parts) == self.longest:
            return [run.closed()]
        if operation == "LITERAL" and argument > 127:
            return [run.with_part(Part(frozenset(OTHER), chr(argument)))]
        taken = characters(operation, argument, False)
        if taken is not None:
            return [run.with_part(Part(taken))]
        if operation == "SUBPATTERN":
            return [run.closed()] if argument[1] or argument[2] else self.through(argument[3], [run])
        if operation == "BRANCH":
            alone = replace(self, most=MOST_OF_BRANCH)
            return [each for branch in argument[1] for each in alone.read(branch, run)]
        if operation in REPEATS:
            return self._repeated(int(argument[0]), int(argument[1]), argument[2], run)
        if operation in ("ASSERT", "ASSERT_NOT"):
            return _looked(operation, argument, run)
        return [run] if operation == "AT" else [run.closed()]

    def _repeated(self, least: int, most: int, inner: Any, run: Run) -> Runs:
        """The same several times; as often as may be, it is any number of the characters in it."""
        if most == 1:
            return [run, *self.through(inner, [run])] if not least else self.through(inner, [run])
        runs = [run]
        for _ in range(min(least, MOST_TIMES)):
            runs = self.through(inner, runs)
        if least == most <= MOST_TIMES:
            return runs
        taken = _taken(inner)
        if taken is None:
            return [each.closed() for each in runs]
        return [each.with_part(Part(taken, any_number=True)) if each.open and taken else each for each in runs]


def _joined(runs: Iterable[Run]) -> Runs:
    """Those with the same parts as one."""
    found: dict[tuple[tuple[Part, ...], bool], Characters] = {}
    for run in runs:
        key = run.parts, run.open
        found[key] = found.get(key, frozenset()) | run.before
    return [Run(before, parts, going) for (parts, going), before in found.items()]


def _taken(elements: Any) -> Characters | None:
    """All characters that elements may take; None where that is not known."""
    found: Characters = frozenset()
    for operation, argument in elements:
        taken = _taken_by(str(operation), argument)
        if taken is None:
            return None
        found |= taken
    return found


def _taken_by(operation: str, argument: Any) -> Characters | None:
    if operation == "BRANCH":
        branches = [_taken(each) for each in argument[1]]
        return None if None in branches else frozenset().union(*(each or () for each in branches))
    if operation in REPEATS:
        return _taken(argument[2])
    if operation == "SUBPATTERN":
        return None if argument[1] or argument[2] else _taken(argument[3])
    return frozenset() if operation in ("AT", "ASSERT", "ASSERT_NOT") else characters(operation, argument, False)


def _looked(operation: str, argument: Any, run: Run) -> Runs:
    """What is looked back at behind the parts themselves tells of the character in front of them; all else tells nothing."""
    direction, elements = argument
    seen = [characters(str(kind), value, False) for kind, value in elements]
    number = len(seen) - len(run.parts)
    plain = direction < 0 and None not in seen and not any(part.exact or part.any_number for part in run.parts)
    if not plain or number < 1 or seen[number:] != [part.characters for part in run.parts]:
        return [run]
    nearest = seen[number - 1] or frozenset()
    if operation == "ASSERT":
        return [replace(run, before=run.before & nearest)]
    return [replace(run, before=run.before - (nearest - {OTHER}))] if number == 1 else [run]


def _written(run: Run, lowered: bool) -> str:
    """A run as an expression for bytes."""
    front = _class(run.before - {START}, lowered) if run.before != EVERY else ""
    front = f"(?:^|{front})" if front and START in run.before else front
    return front + "".join(_part(part, lowered, last=part is run.parts[-1]) for part in run.parts)


def _part(part: Part, lowered: bool, *, last: bool) -> str:
    if part.exact:
        return "".join(f"\\x{byte:02x}" for byte in part.exact.encode("utf-8", "surrogatepass"))
    written = _class(part.characters, lowered)
    if part.any_number:
        return "" if last else f"{written}*"
    return written if last or OTHER not in part.characters else rf"{written}[\x80-\xbf]*"


def _class(known: Characters, lowered: bool) -> str:
    """Bytes of which one is there; what is not ASCII begins with any of those beyond."""
    cases = {c.upper() for c in known} | known if lowered else known
    codes = sorted(ord(c) for c in cases if c not in (START, OTHER))
    codes = [0, 1, *codes] if known & FIRST or OTHER in known else codes
    first, last = ([code for code in codes if code + beside not in codes] for beside in (-1, 1))
    spans = (f"\\x{a:02x}" if a == b else f"\\x{a:02x}-\\x{b:02x}" for a, b in zip(first, last, strict=True))
    return f"[{''.join(spans)}{BEYOND if OTHER in known else ''}]"
