"""Configuration by directives, a name and its arguments on a line: nginx, Caddy, HAProxy, Apache, Redis, systemd sockets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from portscan.expressions import compiled
from portscan.languages import Language
from portscan.languages.prose import comments_of
from portscan.sites import Command, Site, Value
from portscan.text import Text

LINE = compiled(r"[^\r\n]+")
WORD = compiled(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|(?:\$?\{[^{}\s]*\}|[^\s;{}])+|[{};]")
ASSIGNED = compiled(r"\s*[\"']?([\w.-]+)[\"']?\s*(?:=>?|:(?=\s))\s*(\S.*)")
NUMBER = compiled(r"\d{2,5}")
OPENED = compiled(r"(?:[\w.\s\"-]*[\s\"])?([\w.-]+)\"?\s*(?:[=:]\s*)?\{\s*")


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """Each directive as a command whose program is the directive's name; and the comments."""
    del path
    marks = "|".join(re.escape(m) for m in language.data.get("comments", ("#",)))
    comment = re.compile(rf"(?:(?<=\s)|^)(?:{marks}).*")
    comments: list[Text] = []
    for match in LINE.finditer(text.value):
        line = text.part(*match.span())
        mark = comment.search(line.value)
        if mark:
            comments.append(line.part(mark.start(), len(line.value)))
            line = line.part(0, mark.start())
        yield from _line(line)
    yield from comments_of(comments, language)


def _line(line: Text) -> Iterator[Site]:
    assigned = ASSIGNED.fullmatch(line.value)
    if assigned and not OPENED.fullmatch(line.value):
        start = assigned.start(2)
        yield Value(_bare(line.part(start, start + len(_ended(assigned[2])))), "word", (assigned[1],))
        return
    words: list[Text] = []
    for match in WORD.finditer(line.value):
        if match.group() in ("{", "}", ";"):
            yield from _directive(words)
            words = []
        else:
            words.append(_bare(line.part(*match.span())))
    yield from _directive(words)


def _directive(words: list[Text]) -> Iterator[Site]:
    """One directive; a number among its arguments goes by the word in front of it: `check port 8081`."""
    if words:
        yield Command(tuple(words))
    for name, word in pairwise(words[1:]):
        if NUMBER.fullmatch(word.value) and not NUMBER.match(name.value):
            yield Value(word, "word", (name.value,))


def _bare(word: Text) -> Text:
    quoted = word.value[:1] in ("'", '"') and len(word.value) > 1
    return word.part(1, len(word.value) - 1) if quoted else word


def _ended(value: str) -> str:
    """A value without the mark that ends it."""
    bare = value.rstrip()
    return bare[:-1].rstrip() if len(bare) > 1 and bare[-1] in ";," else bare
