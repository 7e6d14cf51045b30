"""Pins: the comment that ties a number to its service, or a table of the configuration where a format has no comments."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from json import dumps
from pathlib import Path

from portscan.config import OWN, SHARED, Config, Pin, toml
from portscan.errors import UserError
from portscan.model import Edit, Location, Span
from portscan.passed_over import matcher
from portscan.records import dataclass
from portscan.registry.model import Endpoint

HEAD = "# Ports in formats that have no comments, each tied to its service.\n"


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
