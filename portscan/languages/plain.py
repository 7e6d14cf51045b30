"""Documents for people: Markdown, reStructuredText, plain text. Fenced code is read in its own language, still as `doc`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portscan.languages import Language
from portscan.languages.prose import lines
from portscan.sites import Embedded, Site, Value
from portscan.text import Text

FENCE = re.compile(r"^([ \t>]*)(```+|~~~+)[ \t]*([\w.+-]*)[^\n]*\n(.*?)(?:^[ \t>]*\2[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)


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
    for line in lines(text):
        yield Value(line, "prose", context="doc")
