"""Examples of rules: code in which «» stand around the digits of every port that is expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portscan.knowledge import Knowledge
from portscan.languages import compile_languages
from portscan.model import PortLiteral
from portscan.pipeline.reading import Reading
from portscan.rulefiles import documents, gather
from portscan.source import Source, decode

FILES = tuple(documents())


@dataclass(frozen=True)
class Example:
    """One example: a file, and where the digits of its ports stand, in bytes."""

    path: str
    code: str
    marked: tuple[tuple[int, int], ...]

    def read(self, reading: Reading) -> tuple[PortLiteral, ...]:
        """What is found in it."""
        source = decode(self.path, self.code.encode())
        assert isinstance(source, Source)
        found = reading.read(source)
        assert isinstance(found, tuple), found
        return found


def example(entry: dict[str, str]) -> Example:
    """The example of a rule file, without its marks."""
    text, spans = "", []
    for piece in entry["code"].split("«"):
        digits, mark, rest = piece.partition("»")
        if mark:
            start = len(text.encode())
            spans.append((start, start + len(digits)))
        text += digits + rest
    return Example(entry["path"], text, tuple(spans))


@dataclass(frozen=True)
class Entry:
    """One entry of a shelf: a detection rule, or a language."""

    file: str
    shelf: str
    name: str
    data: dict[str, Any]

    def examples(self, kind: str) -> tuple[Example, ...]:
        """Its examples of a kind: `bad` or `good`."""
        return tuple(example(e) for e in self.data.get(kind, ()))


def entries() -> Iterator[Entry]:
    """Every entry of the shelves `detect` and `languages`."""
    for shelf, label, document, _ in FILES:
        if shelf == "languages":
            yield Entry(label, shelf, document["language"], document)
        else:
            yield from (Entry(label, shelf, rule["id"], rule) for rule in document["rules"])


def knowledge(without: str = "") -> Knowledge:
    """What is known; with `without`, what would be if that file were missing."""
    data = gather(part for part in FILES if part[1] != without)
    return Knowledge(data["languages"], tuple(data["rules"]), tuple(data["formats"]))


def reading_of(known: Knowledge) -> Reading:
    """A reading that knows just this."""
    return Reading(known, compile_languages(known.languages))
