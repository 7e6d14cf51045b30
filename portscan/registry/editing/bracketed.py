"""Entries of lists and mappings in brackets: how they are added and taken out, with their commas."""

from __future__ import annotations

from collections.abc import Sequence

from portscan.registry.editing.page import Page, Spot
from portscan.tuples import NamedTuple


class Splice(NamedTuple):
    """Characters to be replaced."""

    start: int
    end: int
    after: str


def units(holder: Spot) -> list[tuple[int, int]]:
    """The ends of each item, or of each key with its value."""
    if holder.kind == "list":
        return [(item.head, item.end) for item in holder.children]
    return [(key.head, max(value.end, key.end)) for key, value in holder.pairs]


def inserted(page: Page, holder: Spot, index: int, new: str) -> Sequence[Splice]:
    """`new` in front of entry `index`, or at the end; on a line of its own where the others are."""
    found = units(holder)
    if not found:
        return [Splice(holder.start + 1, holder.end - 1, new if holder.kind == "list" else f" {new} ")]
    if index == 0:
        start = found[0][0]
        return [Splice(start, start, f"{new},{_break(page, start) or ' '}")]
    start, end = found[index - 1]
    line_break = _break(page, start)
    if not line_break:
        return [Splice(end, end, f", {new}")]
    return _on_own_line(page, found, index, line_break + new, holder.end - 1)


def _on_own_line(page: Page, found: list[tuple[int, int]], index: int, new: str, close: int) -> Sequence[Splice]:
    """Behind the comma and the comment of the entry before it."""
    end = found[index - 1][1]
    until = found[index][0] if index < len(found) else close
    comma = page.masked.find(",", end, until)
    stop = page.line_end(end)
    if until <= stop:
        return [Splice(end, end, f",{new}")]
    if comma >= 0:
        return [Splice(stop, stop, f"{new},")]
    return [Splice(end, end, f",{new}")] if end == stop else [Splice(end, end, ","), Splice(stop, stop, new)]


def removed(page: Page, holder: Spot, index: int) -> Sequence[Splice]:
    """Entry `index` taken out, with one comma."""
    found = units(holder)
    start, end = found[index]
    if _break(page, start) and index + 1 < len(found) and page.line_end(end) < found[index + 1][0]:
        return [Splice(page.line_start(start), page.next_line(end), "")]
    if index + 1 < len(found):
        return [Splice(start, found[index + 1][0], "")]
    if index and "#" not in page.text[found[index - 1][1] : start]:
        return [Splice(found[index - 1][1], end, "")]
    comma = page.masked.find(",", end, holder.end - 1)
    return [Splice(start, comma + 1 if comma >= 0 else end, "")]


def _break(page: Page, start: int) -> str:
    """The line end and the indentation before an entry that begins its line; nothing for one that does not."""
    begin = page.line_start(start)
    if begin == 0 or page.text[begin:start].strip():
        return ""
    newline = "\r\n" if page.text.startswith("\r\n", begin - 2) else page.text[begin - 1]
    return newline + page.text[begin:start]
