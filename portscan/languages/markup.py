"""Markup and templates: attributes, text and comments, line by line, without a grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portscan.languages import Language
from portscan.languages.prose import comments_of
from portscan.sites import Site, Value
from portscan.text import Text

ATTRIBUTE = re.compile(r"([A-Za-z_][\w.:-]*)\s*[=:]\s*(\"[^\"\n]*\"|'[^'\n]*'|\d{2,5}\b)|<([\w.-]+)>\s*(\d{2,5})\s*</")
DIGITS = re.compile(r"\d{2}")


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """Attributes by their names, the other lines as text, comments."""
    del path
    blocks = language.data.get("blocks", ())
    marks = language.data.get("comments", ())
    block = "|".join(f"{re.escape(a)}[\\s\\S]*?(?:{re.escape(b)}|\\Z)" for a, b in blocks) or "(?!)"
    line = "|".join(f"(?:^[ \\t]*){re.escape(m)}(?!/)[^\\n]*" for m in marks) or "(?!)"
    comment = re.compile(f"(?:{block})|(?:{line})", re.MULTILINE)
    comments = [text.part(*m.span()) for m in comment.finditer(text.value)]
    reached = 0
    for match in [*comment.finditer(text.value), None]:
        stop = match.start() if match else len(text.value)
        yield from _lines(text.part(reached, stop))
        reached = match.end() if match else stop
    yield from comments_of((c for c in comments if DIGITS.search(c.value)), language)


def _lines(text: Text) -> Iterator[Site]:
    for match in re.finditer(r"[^\r\n]*\d[^\r\n]*", text.value):
        line = text.part(*match.span())
        for found in ATTRIBUTE.finditer(line.value):
            group = 2 if found[1] else 4
            value = line.part(*found.span(group))
            if value.value[:1] in "\"'":
                value = value.part(1, len(value.value) - 1)
            yield Value(value, "string", (found[1] or found[3],))
        yield Value(line, "string")
