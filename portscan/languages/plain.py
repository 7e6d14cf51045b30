"""Documents for people: Markdown, reStructuredText, plain text. Fenced code is read in its own language, still as `doc`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portscan.expressions import compiled
from portscan.languages import Language
from portscan.languages.prose import lines
from portscan.sites import Embedded, Site, Value
from portscan.text import Text

FENCE = compiled(
    r"^([ \t>]*)(```+(?!`)|~~~+(?!~))(?=[^\n]*\n)[ \t]*([\w.+-]*)[^\n]*\n(.*?)(?:^[ \t>]*\2[`~]*[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)

TABLE = compiled(r"(?:^[ \t]*\|[^\n]*\|[ \t]*\r?$\n?){3,}", re.MULTILINE)
ROW = compiled(r"[^\r\n]+")
CELL = compiled(r"(?<=\|)[^|]*(?=\|)")
AROUND = " \t`*"


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """The lines of a document that hold digits, and its fenced code."""
    del path
    fences = language.data.get("fences", {})
    reached = 0
    for match in FENCE.finditer(text.value):
        name = fences.get(match[3].lower())
        if name is None:
            continue
        yield from _prose(text.part(reached, match.start()))
        inside = text.part(*match.span(4))
        yield Embedded(name, inside, "doc")
        yield from _prose(inside)
        reached = match.end()
    yield from _prose(text.part(reached, len(text.value)))


def _prose(text: Text) -> Iterator[Site]:
    if "|" in text.value:
        yield from _tables(text)
    for line in lines(text):
        yield Value(line, "prose", context="doc")


def _tables(text: Text) -> Iterator[Site]:
    """The cells of tables, each called what its column is called."""
    for table in TABLE.finditer(text.value):
        rows = [text.part(*m.span()) for m in ROW.finditer(text.value, *table.span())]
        heads = [cell.value for cell in _cells(rows[0])]
        for row in rows[2:]:
            for head, cell in zip(heads, _cells(row), strict=False):
                if cell.value.isdigit():
                    yield Value(cell, "word", (head,), context="doc")


def _cells(row: Text) -> list[Text]:
    return [_bare(row.part(*m.span())) for m in CELL.finditer(row.value)]


def _bare(cell: Text) -> Text:
    """A cell without blanks and emphasis around it."""
    value = cell.value.rstrip(AROUND)
    return cell.part(len(value) - len(value.lstrip(AROUND)), len(value))
