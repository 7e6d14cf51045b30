"""YAML, by the event stream of ruamel.yaml: key paths and the exact place of each scalar, without building the document.

Which format a file is in (Compose, a workflow, Kubernetes…) is told by its path and its text: `formats` in the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from posixpath import basename
from typing import Any, TypeVar

from portscan.languages import Language, Unreadable
from portscan.languages.prose import comments_of
from portscan.model import Reason
from portscan.patterns import pattern_of
from portscan.sites import HOLDERS, ITEM, NAMING, Items, Site, Value
from portscan.text import ESCAPES, Text, nesting

T = TypeVar("T")
DIGITS = re.compile(r"\d{2}")
COMMENT = re.compile(r"(?:^|(?<=\s))#[^\r\n]*", re.MULTILINE)
PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*\s+)+")
TEMPLATE = re.compile(r"\{\{|\{%|<%")  # no YAML in any version: not worth a second, slower try
LONGEST, DEEPEST = 200_000, 50  # the pure parser is slow, and slower than the text is long where it nests
BLOCK = re.compile(r"[|>][^\n]*\n")


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """The scalars and comments of a YAML file."""
    found = dialect(language.data.get("formats", ()), path, text.value)

    def walked(stream: Iterator[Any]) -> tuple[_Walk, list[Site]]:
        walk = _Walk(text, str(found.get("dialect", "")), str(found.get("owner", "")))
        return walk, [site for event in stream for site in walk.take(event)]

    walk, placed = taken(text.value, walked)
    yield from placed
    yield from comments_of(walk.comments(), language)


def events(text: str) -> list[Any]:
    """The parser's events."""
    return taken(text, list)


def taken(text: str, take: Callable[[Iterator[Any]], T]) -> T:
    """What `take` makes of the parser's events, one by one, since together they take a hundred times the text.

    They are the C parser's, or the pure one's where there is none or it does not know the newer YAML.
    """
    problem = ""
    for parser_of in _parsers():
        try:
            return take(_stream(parser_of, text))
        except _Refused as error:
            problem = problem or str(error)
            if len(text) > LONGEST or TEMPLATE.search(text) or nesting(text) > DEEPEST:
                break
    raise Unreadable(Reason(f"YAML: {problem}"))


class _Refused(Exception):
    """A parser gives up."""


def _stream(parser_of: Callable[[str], Any], text: str) -> Iterator[Any]:
    try:
        parser = parser_of(text)
        while parser.check_event():
            event = parser.get_event()
            yield event
    except Exception as error:  # YAMLError above all; the pure parser also stumbles, over a `%YAML` in the middle of a file
        raise _Refused((str(error).strip().splitlines() or [type(error).__name__])[0]) from None


def _parsers() -> tuple[Callable[[str], Any], ...]:
    try:
        from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        return (_pure_parser,)
    return CParser, _pure_parser


def _pure_parser(text: str) -> Any:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    constructor, parser = yaml.get_constructor_parser(text)
    del constructor
    return parser


def dialect(formats: Any, path: str, text: str) -> Mapping[str, Any]:
    """The first format that the path or the text of a file fits."""
    for entry in formats:
        by_name = any(fnmatch(path if "/" in f else basename(path), f) for f in entry.get("files", ()))
        by_text = "holds" in entry and pattern_of(entry, entry["holds"], re.MULTILINE).search(text)
        if by_name or by_text:
            return dict(entry)
    return {}


@dataclass(slots=True)
class _Level:
    """An open mapping (`key` is the current one) or an open list (`key` is `ITEM`, `words` its plain elements)."""

    mapping: bool
    key: str | None = None
    called: str | None = None
    words: list[Text] = field(default_factory=list)


def _name(level: _Level) -> str:
    """The key of a level, or the name beside it: `{name: PORT, value: "3000"}`."""
    return level.called if level.called is not None and level.key in HOLDERS else str(level.key)


@dataclass(slots=True)
class _Walk:
    """One pass over the events."""

    text: Text
    dialect: str
    owned: str
    levels: list[_Level] = field(default_factory=list)
    scalars: list[tuple[int, int]] = field(default_factory=list)

    def take(self, event: Any) -> Iterator[Site]:
        """The sites that one event completes."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            yield from self.scalar(event)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            mapping = kind == "MappingStartEvent"
            self.levels.append(_Level(mapping, None if mapping else ITEM))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            yield from self.close()
        elif kind == "AliasEvent":
            self.done()

    def names(self) -> tuple[str, ...]:
        return tuple(_name(level) for level in self.levels if level.key is not None)

    def done(self) -> None:
        """A value is complete: the next scalar of the mapping is a key."""
        if self.levels and self.levels[-1].mapping:
            self.levels[-1].key = None

    def close(self) -> Iterator[Site]:
        level = self.levels.pop()
        if not level.mapping and level.words:
            names = self.names()
            yield Items(tuple(level.words), names, owner=self.owner(names), dialect=self.dialect)
        self.done()

    def scalar(self, event: Any) -> Iterator[Site]:
        part = self.part(event)
        level = self.levels[-1] if self.levels else _Level(True, "")
        if level.mapping and level.key is None:
            level.key = event.value
            if event.value.isdigit():
                yield Value(part, "word", (*self.names()[:-1], "{key}"), dialect=self.dialect)
            return
        if level.key in NAMING and level.mapping:
            level.called = event.value
        if not level.mapping:
            level.words.append(part)
        elif DIGITS.search(part.value) or (part.value.isdigit() and "ports" in self.names()):
            names = self.names()
            yield Value(part, "string", names, owner=self.owner(names), dialect=self.dialect)
        if level.mapping:
            level.key = None

    def owner(self, names: tuple[str, ...]) -> str | None:
        """The compose service, or the like, under which `names` stand."""
        steps = self.owned.split("/")
        if not self.owned or len(names) < len(steps):
            return None
        fits = all(step in ("*", name) for step, name in zip(steps, names, strict=False))
        return names[len(steps) - 1] if fits else None

    def part(self, event: Any) -> Text:
        """The source text of a scalar, without its anchor, tag and quotes."""
        start, end = event.start_mark.index, event.end_mark.index
        source = self.text.value
        properties = PROPERTIES.match(source, start, end) if event.anchor or event.tag else None
        start = properties.end() if properties else start
        self.scalars.append((start, end))
        if event.style in ("'", '"'):
            return self.text.part(start + 1, max(start + 1, end - 1)).unescaped(ESCAPES if event.style == '"' else {})
        if event.style in ("|", ">"):
            head = BLOCK.match(source, start)
            return self.text.part(head.end() if head else start, end)
        return self.text.part(start, end)

    def comments(self) -> Iterator[Text]:
        """The comments: what begins with `#` between the scalars."""
        reached = 0
        for start, end in [*sorted(self.scalars), (len(self.text.value), len(self.text.value))]:
            for match in COMMENT.finditer(self.text.value, reached, max(reached, start)):
                yield self.text.part(*match.span())
            reached = max(reached, end)
