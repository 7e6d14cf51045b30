"""Documents for people: Markdown, reStructuredText, plain text. Fenced code is read in its own language, still as `doc`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from portscan.expressions import compiled
from portscan.languages import Language
from portscan.languages.prose import DIGITS
from portscan.sites import Embedded, Lines, Site, Value
from portscan.text import Text

MARK, TICKS = compiled("[`~][`~][`~]"), compiled("```")  # the first is found sooner than `[`~]{3}`, the second sooner still
OPENING = compiled(r"[ \t>]*(?P<mark>```+(?!`)|~~~+(?!~))(?=[^\n]*\n)[ \t]*(?P<name>[\w.+-]*)[^\n]*\n")
CLOSING = compiled(r"\n[ \t>]*(?P<mark>[`~]{3,})[ \t]*(?=\n|\Z)")
DIGIT = compiled("[1-9]")
TABLE = compiled(r"(?:^[ \t]*\|[^|\n]*\|[^\n]*$\n?){3,}", re.MULTILINE)  # the last cell of a row may be open
ROW = compiled(r"[^\r\n]+")
CELL = compiled(r"(?<=\|)[^|]*(?=\|)")
AROUND = " \t`*"
NAME = compiled(r"-{0,2}[A-Za-z_][\w.-]{0,100}")  # of a setting, in the row that tells of it
NUMBER = compiled(rf"\|[{AROUND}]*[0-9]+[{AROUND}]*(?=\|)")  # a cell that is worth telling what its column is called


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """The fenced code of a document, the numbers in its tables, and its lines but for those around the code."""
    del path
    fences, values = language.data.get("fences", {}), frozenset(language.data.get("values", ()))
    stretches: list[tuple[int, int]] = []
    reached = 0
    for opening, begin, end, behind in _fenced(text.value):
        name = fences.get(opening["name"].lower())
        if name is None:
            continue
        stretches += (reached, opening.start()), (begin, end)
        if DIGIT.search(text.value, begin, end):
            yield Embedded(name, text.part(begin, end), "doc")
        reached = behind
    stretches.append((reached, len(text.value)))
    telling = [stretch for stretch in stretches if DIGITS.search(text.value, *stretch)]
    for stretch in telling:
        yield from _tables(text, *stretch, values)
    if telling:
        yield Lines(tuple([text.part(*stretch) for stretch in telling]), "doc")


def _fenced(source: str) -> Iterator[tuple[re.Match[str], int, int, int]]:
    """The line that opens each fence, where what is in it begins and ends, and the end of the line that closes it."""
    reached, sought = 0, MARK if "~~~" in source else TICKS
    while mark := sought.search(source, reached):
        line = source.rfind("\n", reached, mark.start()) + 1
        # Behind another mark on its line none opens a fence.
        opening = OPENING.match(source, line) if line or not reached else None
        if opening is None:
            reached = mark.end()
            continue
        closing = _closing(source, opening["mark"], opening.end() - 1)
        end, reached = (closing.start() + 1, closing.end()) if closing else (len(source), len(source))
        yield opening, opening.end(), end, reached


def _closing(source: str, mark: str, at: int) -> re.Match[str] | None:
    """The line that closes a fence, behind the line end `at`; its mark is sought, which is rarer than lines."""
    while at >= 0 and (found := source.find(mark, at)) >= 0:
        closing = CLOSING.match(source, source.rfind("\n", at, found))
        if closing and closing["mark"].startswith(mark):
            return closing
        at = source.find("\n", found)
    return None


def _tables(text: Text, start: int, end: int, values: frozenset[str]) -> Iterator[Site]:
    """The cells of tables that hold a number. In a column of `values` it is that of what the row is about."""
    if not NUMBER.search(text.value, start, end):
        return
    for table in TABLE.finditer(text.value, start, end):
        rows = [row.span() for row in ROW.finditer(text.value, *table.span())]
        heads = [cell.value for cell in _cells(text, *rows[0])]
        for row in rows[2:]:
            if NUMBER.search(text.value, *row):
                yield from _numbers(heads, tuple(_cells(text, *row)), values)


def _numbers(heads: Sequence[str], cells: Sequence[Text], values: frozenset[str]) -> Iterator[Site]:
    """Those of the cells that hold a number, each called what its column is called, or the name in its row."""
    named = next((cell.value.lstrip("-") for cell in cells if NAME.fullmatch(cell.value)), "")
    for head, cell in zip(heads, cells, strict=False):
        if cell.value.isdigit():
            of_row = named and not values.isdisjoint(head.lower().split())
            yield Value(cell, "word", (named if of_row else head,), context="doc")


def _cells(text: Text, start: int, end: int) -> Iterator[Text]:
    return (_bare(text.part(*cell.span())) for cell in CELL.finditer(text.value, start, end))


def _bare(cell: Text) -> Text:
    """A cell without blanks and emphasis around it."""
    value = cell.value.rstrip(AROUND)
    return cell.part(len(value) - len(value.lstrip(AROUND)), len(value))
