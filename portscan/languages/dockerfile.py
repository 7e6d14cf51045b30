"""Dockerfiles: instructions with their continuation lines, exec and shell forms, here-documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portscan.expressions import compiled
from portscan.languages import Language
from portscan.languages.prose import comments_of
from portscan.sites import Command, Embedded, Items, Site, Value
from portscan.text import Text

LINE = compiled(r"[^\n]*(?:\n|\Z)")
INSTRUCTION = compiled(r"[ \t]*([A-Za-z]+)[ \t]+")
FLAG = compiled(r"(?:--[\w-]+=\S+|\\\r?\n)[ \t]*")
HEREDOC = compiled(r"<<-?\s*[\"']?([A-Za-z_]\w*)[\"']?")
PAIR = compiled(r"(?<![\w.-])([A-Za-z_][\w.-]*)=(\"(?:\\.|[^\"\\])*\"|'[^']*'|\S*)")
WORD = compiled(r"\"((?:\\.|[^\"\\])*)\"|[^\s,\[\]]+")


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """The values and commands of a Dockerfile, and its comments."""
    del path
    comments: list[Text] = []
    for instruction in _instructions(text, comments):
        yield from _instruction(instruction)
    yield from comments_of(comments, language)


def _instructions(text: Text, comments: list[Text]) -> Iterator[Text]:
    """Each instruction as one text, in which comments and continuation marks have become blanks."""
    start, open_, tag = 0, False, ""
    for match in LINE.finditer(text.value):
        line = match.group()
        bare = line.strip()
        if tag:
            tag = "" if bare == tag else tag
        elif bare.startswith("#") or (not bare and not open_):
            if bare.startswith("#"):
                comments.append(text.part(*match.span()))
        else:
            start = start if open_ else match.start()
            heredoc = HEREDOC.search(line)
            tag = heredoc[1] if heredoc and "<<<" not in line else ""
            open_ = bare.endswith(("\\", "`"))
        if not open_ and not tag and start < match.end() and bare and not bare.startswith("#"):
            yield _joined(text.part(start, match.end()))
            start = match.end()


def documents(text: str) -> Iterator[tuple[int, int]]:
    """The here-documents: a comment of the Dockerfile is none in them."""
    tag, start = "", 0
    for match in LINE.finditer(text):
        line, bare = match.group(), match.group().strip()
        if tag and bare == tag:
            yield start, match.start()
            tag = ""
        elif not tag and not bare.startswith("#") and "<<<" not in line:
            found = HEREDOC.search(line)
            tag, start = found[1] if found else "", match.end()
    if tag:
        yield start, len(text)


def _joined(text: Text) -> Text:
    """The instruction with its comment lines blanked; every character keeps its place."""
    value = re.sub(r"(?m)^[ \t]*#.*$", lambda m: " " * len(m.group()), text.value) if "#" in text.value else text.value
    return Text(value, text.start, text.offsets)


def _instruction(text: Text) -> Iterator[Site]:
    match = INSTRUCTION.match(text.value)
    if match is None:
        return
    name = match[1].upper()
    rest = text.part(match.end(), len(text.value.rstrip()))
    if name == "EXPOSE":
        words = (rest.part(*m.span()) for m in re.finditer(r"[^\s\\]+", rest.value))
        yield Command((Text("EXPOSE"), *words))
    elif name in ("ENV", "ARG", "LABEL"):
        yield from _pairs(rest)
    elif name == "ONBUILD":
        yield from _instruction(rest)
    elif name in ("RUN", "CMD", "ENTRYPOINT", "SHELL", "HEALTHCHECK"):
        yield from _command(rest, name)
    else:
        yield Value(rest, "word", (name.lower(), "image" if name == "FROM" else "user" if name == "USER" else name.lower()))


def _pairs(rest: Text) -> Iterator[Site]:
    """`ENV PORT=80 HOST=x`, and the old `ENV PORT 80`."""
    found = list(PAIR.finditer(rest.value))
    if not found:
        old = re.fullmatch(r"([A-Za-z_]\w*)\s+(\S.*)", rest.value, re.DOTALL)
        if old:
            yield Value(rest.part(*old.span(2)), "word", (old[1],))
    for match in found:
        quoted = match[2][:1] in ("'", '"') and len(match[2]) > 1
        start, end = match.span(2)
        yield Value(rest.part(start + quoted, max(start + quoted, end - quoted)), "word", (match[1],))


def _command(rest: Text, name: str) -> Iterator[Site]:
    while True:
        flag = FLAG.match(rest.value)
        if flag is None:
            break
        rest = rest.part(flag.end(), len(rest.value))
    if name == "HEALTHCHECK":
        inner = INSTRUCTION.match(rest.value)
        if inner is None:
            return
        rest = rest.part(inner.end(), len(rest.value))
    if rest.value.startswith("["):
        words = tuple(_word(rest, m) for m in WORD.finditer(rest.value))
        yield Items(words, (name, "command")) if words else Embedded("shell", rest, names=(name,))
    else:
        yield Embedded("shell", rest, names=(name,))


def _word(rest: Text, match: re.Match[str]) -> Text:
    return rest.part(*match.span(1)).unescaped({'"': '"', "\\": "\\"}) if match[1] is not None else rest.part(*match.span())
