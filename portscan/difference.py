"""Two states of a file as the hunks of a unified diff. Where the edits are known, so are the lines that change."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from portscan.model import Edit

CONTEXT: Final = 3
LINE: Final = re.compile(rb"[^\n]*\n|[^\n]+")  # as git counts them: no other character ends a line
Lines = Sequence[bytes]


class Change(NamedTuple):
    """The lines from `start` to `end` of a file, and those in their place."""

    start: int
    end: int
    after: Lines


def hunks(before: bytes, after: bytes, edits: Sequence[Edit] = ()) -> Iterator[str]:
    """The hunks that lead from one state to the other; `edits` do so as well, in the order of their places."""
    old = LINE.findall(before)
    changes = _edited(after, old, edits) if edits else _compared(old, LINE.findall(after))
    shift = 0
    for near in _near(list(changes)):
        yield from _hunk(old, near, shift)
        shift += sum(len(change.after) - (change.end - change.start) for change in near)


def _edited(after: bytes, old: Lines, edits: Sequence[Edit]) -> Iterator[Change]:
    """The lines that the edits change: of the lines that they touch, those that are not the same afterwards."""
    starts = [0, *accumulate(map(len, old))]
    shift = 0
    for first, end, group in _touched(starts, edits):
        grown = sum(len(edit.after) - len(edit.before) for edit in group)
        new = after[starts[first] + shift : starts[end] + shift + grown]
        shift += grown
        for change in _compared(old[first:end], LINE.findall(new)):
            yield Change(change.start + first, change.end + first, change.after)


def _touched(starts: Sequence[int], edits: Sequence[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """The lines that edits touch, with the edits: what follows a line end that is replaced may become part of its line."""
    group: list[Edit] = []
    first = end = 0
    for edit in edits:
        here = max(bisect_right(starts, edit.span.start) - 1, 0)
        there = min(bisect_right(starts, edit.span.end), len(starts) - 1)
        if group and here >= end:
            yield first, end, group
            group = []
        first, end = (first, max(end, there)) if group else (min(here, there), there)
        group.append(edit)
    if group:
        yield first, end, group


def _compared(old: Lines, new: Lines) -> Iterator[Change]:
    """The lines that differ. What is the same at both ends need not be compared, and no line is too frequent to be one."""
    same = next((i for i, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new)))
    rest = list(zip(reversed(old[same:]), reversed(new[same:]), strict=False))
    behind = next((i for i, pair in enumerate(rest) if pair[0] != pair[1]), len(rest))
    middle, instead = old[same : len(old) - behind], new[same : len(new) - behind]
    for tag, start, end, begin, stop in SequenceMatcher(None, middle, instead, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Change(start + same, end + same, instead[begin:stop])


def _near(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """The changes whose surroundings meet."""
    group: list[Change] = []
    for change in changes:
        if group and change.start - group[-1].end > 2 * CONTEXT:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _hunk(old: Lines, changes: Sequence[Change], shift: int) -> Iterator[str]:
    start, end = max(changes[0].start - CONTEXT, 0), min(changes[-1].end + CONTEXT, len(old))
    grown = sum(len(change.after) - (change.end - change.start) for change in changes)
    yield f"@@ -{_range(start, end - start)} +{_range(start + shift, end - start + grown)} @@\n"
    at = start
    for change in changes:
        yield from _marked(" ", old[at : change.start])
        yield from _marked("-", old[change.start : change.end])
        yield from _marked("+", change.after)
        at = change.end
    yield from _marked(" ", old[at:end])


def _range(start: int, count: int) -> str:
    return str(start + 1) if count == 1 else f"{start + (count > 0)},{count}"


def _marked(mark: str, lines: Lines) -> Iterator[str]:
    """Lines as a diff shows them; bytes that are no UTF-8 are shown as replacement characters."""
    for line in lines:
        text = mark + line.decode(errors="replace")
        yield text if text.endswith("\n") else f"{text}\n\\ No newline at end of file\n"
