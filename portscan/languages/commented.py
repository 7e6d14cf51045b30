"""Code that was put into a comment, or is shown in one: `# start_http_server(9464)` is read as code is, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portscan.expressions import compiled
from portscan.languages import Language, Unreadable, reader
from portscan.languages.prose import lines
from portscan.sites import Lines, Site
from portscan.text import Text

BEGINNING = compiled(r"[^\w\"'`(\[{$]*")


def commented(lined: Lines, coded: re.Pattern[str], language: Language) -> Iterator[Site]:
    """The sites in those lines of comments that are code in `language`, as `coded` tells."""
    for line in (line for text in lined.texts for line in lines(text) if coded.search(line.value)):
        begins = BEGINNING.match(line.value)
        yield from _read(line.part(begins.end() if begins else 0, len(line.value)), language, lined)


def _read(line: Text, language: Language, lined: Lines) -> Iterator[Site]:
    """The sites of a line, which are part of a comment; none where it is too odd to be code."""
    try:
        found = list(reader(language.fallback or language.reader).sites(line, language, ""))
    except Unreadable:
        return
    yield from (site._replace(context=lined.context, owner=lined.owner) for site in found)
