"""Markup and templates: attributes, text and comments, line by line, without a grammar; scripts in their own language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from portscan.expressions import compiled
from portscan.languages import Language
from portscan.languages.prose import comments_of
from portscan.sites import NAMING, Embedded, Site, Value
from portscan.text import Text

LINE = compiled(r"(?<![^\r\n])[^\r\n]*\d[^\r\n]*")
# A name begins a word, and ends soon: in what is encoded in one long word none is looked for at each character.
ATTRIBUTE = compiled(r"((?:(?<![A-Za-z_])[A-Za-z_]|\$)[\w.:-]{0,120})\s*[=:]\s*(\"[^\"\n]*\"|'[^'\n]*'|\d{2,5}\b)")
# What stands in the tag of a script says in which language it is.
SCRIPT = r"<script(?P<about>(?:\s[^<>]*)?)>(?P<script>[\s\S]*?)(?:</script\b|\Z)"
KIND = compiled(r"\b(?:lang|type)\s*=\s*[\"']?(?:(?:text|application)/)?(?:x-)?([\w+-]+)")
ELEMENT = compiled(r"<([\w.-]+)(?:\s[^<>]*)?>\s*(\d{2,5})\s*</")


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """Attributes by their names, the other lines as text, comments."""
    del path
    blocks = language.data.get("blocks", ())
    marks = language.data.get("comments", ())
    scripts = language.data.get("scripts", {})
    block = "|".join(f"{re.escape(a)}[\\s\\S]*?(?:{re.escape(b)}|\\Z)" for a, b in blocks) or "(?!)"
    line = "|".join(f"(?:^[ \\t]*){re.escape(m)}(?!/)[^\\n]*" for m in marks) or "(?!)"
    script = SCRIPT if scripts else "(?!)"
    apart = re.compile(f"(?:{block})|(?:{line})|{script}", re.MULTILINE)
    comments: list[Text] = []
    reached = 0
    for match in apart.finditer(text.value):
        if scripts and match["script"] is not None:
            yield from _lines(text.part(reached, match.start("script")))
            inner = _script(match["about"], scripts)
            body = text.part(*match.span("script"))
            yield from (Embedded(inner, body),) if inner else _lines(body)
            reached = match.end("script")
            continue
        yield from _lines(text.part(reached, match.start()))
        comments.append(text.part(*match.span()))
        reached = match.end()
    yield from _lines(text.part(reached, len(text.value)))
    yield from comments_of(comments, language)


def _script(about: str, scripts: Mapping[str, str]) -> str:
    """The language of a script, by what its tag says `about` it; nothing where that is unknown."""
    kind = KIND.search(about)
    return scripts.get(kind[1].lower() if kind else "", "")


def _lines(text: Text) -> Iterator[Site]:
    for match in LINE.finditer(text.value):
        line = text.part(*match.span())
        about = ""
        for found in ATTRIBUTE.finditer(line.value):
            value = _bare(line.part(*found.span(2)))
            yield Value(value, "string", (about, found[1]) if about and found[1].lower() == "value" else (found[1],))
            about = value.value if found[1].lower() in NAMING else about
        for found in ELEMENT.finditer(line.value):
            yield Value(line.part(*found.span(2)), "string", (about or found[1],))
        yield Value(line, "string")


def _bare(value: Text) -> Text:
    return value.part(1, len(value.value) - 1) if value.value[:1] in "\"'" else value
