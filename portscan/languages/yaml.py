"""YAML, by the event stream of ruamel.yaml: key paths and the exact place of each scalar, without building the document.

Which format a file is in (Compose, a workflow, Kubernetes…) is told by its path and its text: `formats` in the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import translate
from functools import cache
from os.path import normcase
from posixpath import basename
from typing import Any, TypeVar

from portscan.expressions import compiled
from portscan.languages import Language, Unreadable
from portscan.languages.keyed import ADDRESS, Level, begun, names
from portscan.languages.prose import comments_of
from portscan.languages.yaml_parts import worthwhile
from portscan.languages.yaml_plain import told
from portscan.model import Reason
from portscan.patterns import pattern_of
from portscan.records import dataclass, field
from portscan.sites import NAMING, Items, Site, Value
from portscan.text import ESCAPES, Text, nesting

T = TypeVar("T")
_Parser = tuple[Callable[[str], Iterator[Any]], tuple[type[Exception], ...]]
DIGITS = compiled(r"\d{2}")
DIGIT = compiled(r"\d")
COMMENT = compiled(r"#(?<!\S#)")  # the sign comes first, so that nothing else is looked at
LINE_END = compiled(r"[\r\n]")
PROPERTIES = compiled(r"(?:[&!][^\s,\[\]{}]*\s+)+")
TEMPLATE = compiled(r"\{\{|\{%|<%")  # no YAML in any version: not worth a second, slower try
LONGEST, DEEPEST = 200_000, 50  # the pure parser is slow, and slower than the text is long where it nests
BLOCK = compiled(r"[|>][^\n]*\n")
UNSAID = ""  # a key that is a list, a mapping or an alias


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """The scalars and comments of a YAML file."""
    return chosen(text, language, path, None)


def chosen(text: Text, language: Language, path: str, worth: Callable[[str], bool] | None) -> Iterator[Site]:
    """The scalars and comments of what in a YAML file is worth it, or of all; its format is told by the whole."""
    found = dialect(language.data.get("formats", ()), path, text.value)
    read = text if worth is None else worthwhile(text, worth)
    signs, said = _signs(read.value), (str(found.get("dialect", "")), str(found.get("owner", "")))

    def walked(stream: Iterator[Any]) -> _Walk:
        walk = _Walk(read, *said, signs.copy())
        follow(stream, walk)
        return walk

    plain = _Walk(read, *said, signs)
    walk = plain if told(plain) else taken(read.value, walked)
    yield from walk.found
    yield from comments_of(walk.comments(), language)


def events(text: str) -> list[Any]:
    """The parser's events."""
    return taken(text, list)


def follow(events: Iterable[Any], walk: Any) -> None:
    """Have a walk take the step that belongs to each event."""
    steps: Mapping[str, Callable[[Any], None]] = {
        "ScalarEvent": walk.scalar,
        "MappingStartEvent": walk.mapping,
        "SequenceStartEvent": walk.sequence,
        "MappingEndEvent": walk.close,
        "SequenceEndEvent": walk.close,
        "AliasEvent": walk.done,
    }
    for event in events:
        step = steps.get(event.__class__.__name__)
        if step is not None:
            step(event)


def taken(text: str, take: Callable[[Iterator[Any]], T]) -> T:
    """What `take` makes of the parser's events, one by one, since together they take a hundred times the text.

    They are the C parser's, or the pure one's where there is none or it does not know the newer YAML.
    """
    problem = ""
    for streamed, refusals in _parsers():
        try:
            return take(streamed(text))
        except refusals as error:
            problem = problem or (str(error).strip().splitlines() or [type(error).__name__])[0]
            if len(text) > LONGEST or TEMPLATE.search(text) or nesting(text) > DEEPEST:
                break
    raise Unreadable(Reason(f"YAML: {problem}"))


class _Refused(Exception):
    """The pure parser gives up."""


def _parsers() -> tuple[_Parser, ...]:
    """The parsers, each with what it raises."""
    from portscan.yaml_parser import parser, refusals

    compiled_one, pure = parser(), (_purely, (_Refused,))
    return (pure,) if compiled_one is None else ((lambda text: iter(compiled_one(text).get_event, None), refusals()), pure)


def _purely(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML

    try:  # Older versions of this parser fail when they are asked for an event behind the last one.
        yield from YAML(typ="safe", pure=True).parse(text)
    except Exception as error:  # YAMLError above all; it also stumbles, over a `%YAML` in the middle of a file
        raise _Refused(str(error).strip() or type(error).__name__) from None


def dialect(formats: Any, path: str, text: str) -> Mapping[str, Any]:
    """The first format that the path or the text of a file fits."""
    for entry in formats:
        by_name = any(_named(path if "/" in f else basename(path), f) for f in entry.get("files", ()))
        by_text = "holds" in entry and pattern_of(entry, entry["holds"], re.MULTILINE).search(text)
        if by_name or by_text:
            return dict(entry)
    return {}


def _named(path: str, pattern: str) -> bool:
    return _pattern_for(pattern).match(normcase(path)) is not None


@cache
def _pattern_for(pattern: str) -> re.Pattern[str]:
    """As `fnmatch` does it, which compiles each pattern in each run."""
    return compiled(translate(normcase(pattern)))


@dataclass(slots=True)
class _Walk:
    """One pass over the events, of which there are very many: most say nothing, and are let go at once.

    `found` are the sites. Where there may be comments are `signs`, the next one last; `outside` are those that no scalar holds.
    """

    text: Text
    dialect: str
    owned: str
    signs: list[int]
    found: list[Site] = field(default_factory=list)
    levels: list[Level[Any]] = field(default_factory=list)
    outside: list[int] = field(default_factory=list)

    def mapping(self, _event: Any) -> None:
        self.levels.append(begun(True))

    def sequence(self, _event: Any) -> None:
        self.levels.append(begun(False))

    def done(self, _event: Any = None) -> None:
        """A value is complete, so that a key comes next; or else what is no scalar was the key itself."""
        if self.levels and self.levels[-1].mapping:
            self.levels[-1].key = UNSAID if self.levels[-1].key is None else None

    def close(self, _event: Any) -> None:
        level = self.levels.pop()
        if level.words and any(map(_telling, level.words)):
            path, words = names(self.levels), tuple(map(self.part, level.words))
            self.found.append(Items(words, path, owner=self.owner(path), dialect=self.dialect))
        if self.levels and self.levels[-1].mapping:  # as `done`, of which there is no call for each mapping
            self.levels[-1].key = UNSAID if self.levels[-1].key is None else None

    def scalar(self, event: Any) -> None:
        if self.signs and self.signs[-1] < event.end_mark.index:
            self.leave(self.start(event), event.end_mark.index)
        level: Level[Any] = self.levels[-1] if self.levels else Level(True, "")
        said: str = event.value
        if not level.mapping:
            level.words.append(event)
        elif level.key is None:
            level.key = said
            if said.isdigit():
                self.found.append(Value(self.part(event), "word", (*names(self.levels)[:-1], "{key}"), dialect=self.dialect))
            elif ":" in said and ADDRESS.search(said):
                self.found.append(Value(self.part(event), "string", names(self.levels)[:-1], dialect=self.dialect))
        else:
            if level.key in NAMING:
                level.called = said
            if event.style == '"' or DIGIT.search(said):  # as `_telling`, of which there is no call for each value
                self.value(self.part(event))
            level.key = None

    def value(self, part: Text) -> None:
        if DIGITS.search(part.value) or (part.value.isdigit() and "ports" in names(self.levels)):
            path = names(self.levels)
            self.found.append(Value(part, "string", path, owner=self.owner(path), dialect=self.dialect))

    def owner(self, path: tuple[str, ...]) -> str | None:
        """The compose service, or the like, under which the key path `path` stands."""
        steps = self.owned.split("/")
        if not self.owned or len(path) < len(steps):
            return None
        fits = all(step in ("*", name) for step, name in zip(steps, path, strict=False))
        return path[len(steps) - 1] if fits else None

    def start(self, event: Any) -> int:
        """Where a scalar begins, behind its anchor and tag."""
        start: int = event.start_mark.index
        properties = PROPERTIES.match(self.text.value, start, event.end_mark.index) if event.anchor or event.tag else None
        return properties.end() if properties else start

    def part(self, event: Any) -> Text:
        """The source text of a scalar, without its anchor, tag and quotes."""
        start, end = self.start(event), event.end_mark.index
        if event.style in ("'", '"'):
            inner = self.text.part(start + 1, max(start + 1, end - 1)).folded()
            return inner.unescaped(ESCAPES if event.style == '"' else {})
        if event.style in ("|", ">"):
            head = BLOCK.match(self.text.value, start)
            part = self.text.part(head.end() if head else start, end)
            return part.folded() if event.style == ">" else part
        return self.text.part(start, end).folded()

    def leave(self, start: int, end: int) -> None:
        """Leave the signs in front of a scalar, and those in it, behind."""
        while self.signs and self.signs[-1] < end:
            sign = self.signs.pop()
            if sign < start:
                self.outside.append(sign)

    def comments(self) -> Iterator[Text]:
        """The comments: what begins with `#` outside of the scalars, up to the end of its line."""
        reached = 0
        for sign in (*self.outside, *reversed(self.signs)):
            if sign >= reached:
                end = LINE_END.search(self.text.value, sign)
                reached = end.start() if end else len(self.text.value)
                yield self.text.part(sign, reached)


def _signs(text: str) -> list[int]:
    """Where a comment may begin, the last one first."""
    return [match.start() for match in COMMENT.finditer(text)][::-1] if "#" in text else []


def _telling(event: Any) -> bool:
    """Whether there is a digit in a scalar. What is between double quotes may hold others in the source, as escapes."""
    return event.style == '"' or DIGIT.search(event.value) is not None
