"""From a change of values to the characters that are replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, cast

from portscan.document.nodes import Path
from portscan.records import replace
from portscan.registry.editing import bracketed
from portscan.registry.editing.bracketed import Splice
from portscan.registry.editing.changes import Change, Insert, Put, Remove
from portscan.registry.editing.manner import Manner, measured
from portscan.registry.editing.notes import own
from portscan.registry.editing.order import order, predecessor
from portscan.registry.editing.page import Awkward, Page, Spot
from portscan.tuples import NamedTuple


class _Desk(NamedTuple):
    """What every kind of change needs: the page and its habits."""

    page: Page
    manner: Manner


def spliced(text: str, pieces: Iterable[Splice]) -> str:
    """The text with the pieces put in."""
    for piece in sorted(pieces, reverse=True):
        text = text[: piece.start] + piece.after + text[piece.end :]
    return text


def splices(page: Page, change: Change) -> Sequence[Splice]:
    """What to replace on a page so that it says what the change wants; `Awkward` where that cannot be done safely."""
    make = cast("Callable[[_Desk, Any], Sequence[Splice]]", _MAKERS[type(change)])
    return make(_Desk(page, measured(page)), change)


# Put


def _put(desk: _Desk, change: Put) -> Sequence[Splice]:
    page, path = desk.page, change.path
    spot = page.spot(path)
    if spot is None:
        return _added(desk, path, change.value)
    key = str(path[-1]) if isinstance(path[-1], str) else _holder_key(path)
    if spot.kind in ("leaf", "alias") and not isinstance(change.value, dict | list):
        # An empty value has no quotes of its own, and no place of its own either.
        quote = None if spot.kind == "alias" or spot.start == spot.end else spot.style if spot.style in ("'", '"') else ""
        new = desk.manner.scalar(change.value, quote, flow=_in_flow(page, path))
        return [Splice(spot.start, spot.end, new if spot.start < spot.end else f" {new}")]
    return _replaced(desk, path, key, spot, change.value)


def _replaced(desk: _Desk, path: Path, key: str, spot: Spot, value: Any) -> Sequence[Splice]:
    """A whole list or mapping in place of what was there."""
    page, manner = desk
    if spot.flow or _in_flow(page, path) or not isinstance(value, dict | list) or not value:
        owner = page.key(path)
        start = spot.start if spot.flow or spot.kind != "list" or owner is None else page.colon(owner)
        new = manner.inline(value, key, flow=True)
        return [Splice(start, spot.end, new if start == spot.start else f" {new}")]
    if spot.kind in ("map", "list"):
        column = page.column(spot.start)
        return [Splice(spot.start, spot.end, manner.newline.join(manner.block(value, column)).lstrip(" "))]
    owner = page.key(path)
    if owner is None:
        raise Awkward("it is an item of a list")
    lines = manner.entry(key, value, page.column(owner.head))
    return [Splice(owner.head, spot.end, manner.newline.join(lines).lstrip(" "))]


def _added(desk: _Desk, path: Path, value: Any) -> Sequence[Splice]:
    """A key that is not there yet, behind those that come before it."""
    page, manner = desk
    holder, name = page.spot(path[:-1]), str(path[-1])
    if holder is None or holder.kind != "map":
        raise Awkward("the entry it belongs to is an alias, or is not there")
    before = predecessor(page, path, holder, name)
    if holder.flow:
        return bracketed.inserted(page, holder, before + 1, f"{manner.key(name)}: {manner.inline(value, name, flow=True)}")
    key, last = holder.children[2 * before], holder.children[2 * before + 1]
    column = page.column(key.head)
    return [_after(desk, max(last.end, page.colon(key)), column, manner.entry(name, value, column))]


# Insert


def _insert(desk: _Desk, change: Insert) -> Sequence[Splice]:
    page, manner = desk
    sequence = page.spot(change.path)
    if sequence is None or sequence.kind == "alias":
        raise Awkward("the list is an alias, or is not there")
    change = replace(change, value=_arranged(page, change))
    if sequence.kind == "leaf" or not sequence.children:
        return _first(desk, change.path, sequence, change.value)
    if sequence.flow:
        new = manner.inline(change.value, _holder_key(change.path), flow=True)
        return bracketed.inserted(page, sequence, change.index, new)
    dashes = page.dashes(sequence)
    neighbour = sequence.children[max(change.index - 1, 0)]
    lines = _like(manner, neighbour, change.value, page.column(dashes[0]))
    space = [""] * _spaced(page, sequence, change.value)
    if change.index == 0:
        start = page.line_start(dashes[0])
        return [Splice(start, start, "".join(line + manner.newline for line in (*lines, *space)))]
    return [_after(desk, neighbour.end, page.column(dashes[0]), [*space, *lines])]


def _arranged(page: Page, change: Insert) -> Any:
    """A value with its keys in the order in which its neighbours have theirs."""
    if not isinstance(change.value, dict):
        return change.value
    ranks = {key: rank for rank, key in enumerate(order(page, (*change.path, 0, "")))}
    return dict(sorted(change.value.items(), key=lambda pair: ranks.get(pair[0], len(ranks))))


def _like(manner: Manner, neighbour: Spot, value: Any, column: int) -> list[str]:
    """The lines of an item: on one line where its neighbour is."""
    if neighbour.flow:
        return [f"{' ' * column}-{' ' * (manner.gap - 1)}{manner.inline(value, flow=True)}"]
    return manner.item(value, column)


def _spaced(page: Page, sequence: Spot, value: Any) -> bool:
    """Whether an empty line stands between most entries; between two of several lines unless the file shows otherwise."""
    dashes = page.dashes(sequence)
    gaps = [page.text[item.end : dash] for item, dash in zip(sequence.children, dashes[1:], strict=False)]
    empty = sum(any(not line.strip() for line in gap.splitlines()[1:-1]) for gap in gaps)
    return 2 * empty > len(gaps) if gaps else isinstance(value, dict) and len(value) > 2 and not sequence.children[0].flow


def _first(desk: _Desk, path: Path, sequence: Spot, value: Any) -> Sequence[Splice]:
    """The first item of an empty list."""
    page, manner = desk
    key = page.key(path)
    if key is None or _in_flow(page, path):
        return [Splice(sequence.start, sequence.end, f"[{manner.inline(value, flow=True)}]")]
    end = page.colon(key)
    column = page.column(key.head) + manner.offset
    return [Splice(end, max(sequence.end, end), ""), _after(desk, max(sequence.end, end), column, manner.item(value, column))]


def _after(desk: _Desk, end: int, column: int, lines: Sequence[str]) -> Splice:
    """Lines below what ends at `end`, and below the comments that belong to it."""
    stop = desk.page.tail(end, column)
    return Splice(stop, stop, "".join(desk.manner.newline + line for line in lines))


# Remove


def _remove(desk: _Desk, change: Remove) -> Sequence[Splice]:
    page, path = desk.page, change.path
    holder = page.spot(path[:-1])
    if holder is None or page.spot(path) is None:
        raise Awkward("it comes from an anchor elsewhere")
    index = path[-1] if isinstance(path[-1], int) else [key.text for key, _ in holder.pairs].index(path[-1])
    if holder.flow:
        return bracketed.removed(page, holder, index)
    if holder.kind == "list":
        return _item_removed(desk, path[:-1], holder, index)
    return _entry_removed(page, holder, index)


def _item_removed(desk: _Desk, path: Path, sequence: Spot, index: int) -> Sequence[Splice]:
    page, item = desk.page, sequence.children[index]
    dash = page.dashes(sequence)[index]
    if page.text[page.line_start(dash) : dash].strip():
        raise Awkward("it begins on the line of another value")
    several = len(sequence.children) > 1
    begin = min((note.start for note in own(page, dash, item)), default=dash)
    gone = _lines_gone(page, begin, item.end, page.column(dash), first=several and index == 0)
    if several:
        return [gone]
    key = page.key(path)
    if key is None:
        raise Awkward("it is the only item of a list in a list")
    named = page.text[sequence.head : sequence.start].rstrip()  # its anchor
    end = sequence.head + len(named) if named else page.colon(key)
    return [Splice(end, end, " []"), gone]


def _entry_removed(page: Page, mapping: Spot, index: int) -> Sequence[Splice]:
    key, value = mapping.children[2 * index], mapping.children[2 * index + 1]
    if not page.text[page.line_start(key.head) : key.head].strip():
        return [_lines_gone(page, key.head, max(value.end, page.colon(key)), page.column(key.head))]
    if 2 * index + 2 >= len(mapping.children):
        raise Awkward("it is all that the entry holds")
    following = mapping.children[2 * index + 2]
    if page.masked[value.end : following.head].strip() or "#" in page.text[value.end : following.head]:
        raise Awkward("a comment belongs to it")
    return [Splice(key.head, following.head, "")]


def _lines_gone(page: Page, start: int, end: int, column: int, *, first: bool = False) -> Splice:
    """The lines of an entry taken out, with one of the two empty lines around it, or the one below the first of several."""
    begin, stop = page.line_start(start), page.next_line(page.tail(end, column))
    above = page.text[page.line_above(begin) : begin]
    below = page.text[stop : page.next_line(stop)]
    if begin and above and (first or not above.strip()) and not below.strip():
        if below:
            return Splice(begin, page.next_line(stop), "")
        begin = begin if first else page.line_above(begin)
    if stop == len(page.text) and not page.text.endswith(("\n", "\r")) and begin:
        begin = page.line_end(page.line_above(begin))
    return Splice(begin, stop, "")


# What they share


def _in_flow(page: Page, path: Path) -> bool:
    """Whether a place is within brackets."""
    return any(holder is not None and holder.flow for holder in (page.spot(path[:i]) for i in range(len(path))))


def _holder_key(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


_MAKERS: Final = {Put: _put, Insert: _insert, Remove: _remove}
