"""Pins: the comment that ties a number to its service, or a table of the configuration where a format has no comments."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from json import dumps
from pathlib import Path

from portscan.config import OWN, SHARED, Config, Pin, toml
from portscan.errors import UserError
from portscan.fixing.comments import commented
from portscan.languages import Language
from portscan.model import Edit, Location, Skipped, Span
from portscan.passed_over import matcher
from portscan.records import dataclass
from portscan.registry.model import Endpoint
from portscan.source import Source, decode
from portscan.spelling import Change, Declined, Spelled

HEAD = "# Ports in formats that have no comments, each tied to its service.\n"
CONTINUED = "the line is part of a longer one: pin the number in the configuration"
IN_TEXT = "the number is part of a text, in which a comment would be none: pin the number in the configuration"
SPOKEN = "something is said to portscan in this line already: mend that"


def pinned(source: Source, language: Language, start: int, service: str) -> Spelled | Declined | None:
    """A comment that ties the number at `start` to a service, behind its line or above it; None where there are none."""
    marks = _marks(language)
    if marks is None:
        return None
    begin = source.text.rfind("\n", 0, start) + 1
    end = source.text.find("\n", start)
    end = len(source.text) if end < 0 else end - source.text.endswith("\r", 0, end)
    line = source.text[begin:end]
    if "portscan:" in line:
        return Declined(SPOKEN)
    above = bool(language.data.get("remark_above"))
    if line.rstrip().endswith("\\") or (above and source.text[:begin].rstrip("\r\n").endswith("\\")):
        return Declined(CONTINUED)
    words = " ".join((marks[0].strip(), f"portscan: {service}", *marks[1:]))
    change = _above(source.text, begin, line, words) if above else Change(end, end, f"  {words}")
    return Spelled((change,)) if _is_comment(source, language, change, words) else Declined(IN_TEXT)


def _marks(language: Language) -> Sequence[str] | None:
    """What stands before and behind the words of a comment."""
    comments, blocks = language.data.get("comments"), language.data.get("blocks")
    found: Sequence[str] | None = language.data.get("remark") or (comments[:1] if comments else None)
    return found or (blocks[0] if blocks else None)


def _above(text: str, begin: int, line: str, words: str) -> Change:
    newline = "\r\n" if "\r\n" in text else "\n"
    return Change(begin, begin, line[: len(line) - len(line.lstrip())] + words + newline)


def _is_comment(source: Source, language: Language, change: Change, words: str) -> bool:
    """Whether the words would be a comment there."""
    text = source.text[: change.start] + change.after + source.text[change.end :]
    after = decode(source.path, source.data[: source.bom] + text.encode(source.encoding))
    return not isinstance(after, Skipped) and commented(after, language, change.start + change.after.index(words))


@dataclass(frozen=True, slots=True)
class Pinboard:
    """The configuration file that holds pins: its path as users see it, and its bytes, None when it is to be created.

    `seen` makes the path of a file one that is relative to the file of the configuration.
    """

    path: str
    data: bytes | None
    table: str
    seen: Callable[[str], str]
    pins: tuple[Pin, ...] = ()

    def add(self, path: str, port: int, service: str) -> tuple[Edit, ...]:
        """What adds a pin at the end; the same pin twice is one.

        Nothing where the file has its pins in another form, and for a path with characters that the configuration cannot hold.
        """
        if not self.seen(path).isprintable():
            return ()
        pairs = (("path", dumps(_escaped(self.seen(path)), ensure_ascii=False)), ("port", port), ("service", dumps(service)))
        text = f"\n[[{self.table}]]\n" + "".join(f"{name} = {value}\n" for name, value in pairs)
        if self.data is None:
            return self._at(0, b"", HEAD), self._at(0, b"", text)
        text = "\n" * (bool(self.data) and not self.data.endswith(b"\n")) + text
        return (self._at(len(self.data), b"", text),) if self._fits(text) else ()

    def _fits(self, text: str) -> bool:
        """Whether the file is still TOML with a text at its end."""
        try:
            toml(Path(self.path), (self.data or b"") + text.encode())
        except UserError:
            return False
        return True

    def follow(self, path: str, port: int, endpoint: Endpoint) -> tuple[Edit, ...]:
        """What writes the port of an endpoint into the pins that tie the number `port` in a file to it."""
        named = (endpoint.service, endpoint.variable)
        here = (pin for pin in self.pins if pin.port == port and pin.service in named and matcher([pin.path])(self.seen(path)))
        return tuple(edit for pin in here for edit in self._renumber(pin, endpoint.port))

    def _renumber(self, pin: Pin, port: int) -> tuple[Edit, ...]:
        """Nothing when the pin is written in a way that is not known."""
        text = (self.data or b"").decode("utf-8", "replace")
        for block in re.finditer(rf"^\[\[{re.escape(self.table)}\]\][^\n]*\n(?:(?!\[)[^\n]*\n?)*", text, re.MULTILINE):
            number = re.search(rf"^[ \t]*port[ \t]*=[ \t]*({pin.port})\b", block.group(), re.MULTILINE)
            strings = {match[2] for match in re.finditer(r"=[ \t]*([\"'])([^\"'\n]*)\1", block.group())}
            if number and {pin.path, pin.service} <= strings:
                before = len(text[: block.start() + number.start(1)].encode())
                return (self._at(before, number[1].encode(), str(port)),)
        return ()

    def _at(self, start: int, before: bytes, after: str) -> Edit:
        newline = "\r\n" if self.data and b"\r\n" in self.data else "\n"
        head = (self.data or b"")[:start].decode("utf-8", "replace")
        line, column = head.count("\n") + 1, len(head.rpartition("\n")[2]) + 1
        end = column + len(before)
        place = Location(line, column, line, end)
        return Edit(self.path, Span(start, start + len(before)), place, before, after.replace("\n", newline).encode())


def pinboard(root: Path, top: Path, config: Config) -> Pinboard:
    """The board of a repository: the configuration that is in force, else a new one at the top."""
    file = config.file or top / OWN
    data = file.read_bytes() if config.file else None
    table = "tool.portscan.pin" if file.name == SHARED else "pin"

    def seen(path: str) -> str:
        return os.path.relpath(root / path, file.parent).replace(os.sep, "/")

    return Pinboard(os.path.relpath(file, root).replace(os.sep, "/"), data, table, seen, config.pins)


def temporary(seen: Callable[[str], str], path: str, port: int, service: str) -> Pin:
    """The pin as the stages would see it, for a fix to be tried with it."""
    return Pin(path=_escaped(seen(path)), port=port, service=service)


def _escaped(path: str) -> str:
    """A path as a pattern that matches nothing else."""
    return re.sub(r"[*?\[]", r"[\g<0>]", path)
