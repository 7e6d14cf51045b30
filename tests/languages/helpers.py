"""Shared by the tests of readers: files in which «80» marks a port that is expected, and ‹80› a bound one."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import process_time

from portscan.knowledge import shipped
from portscan.model import PortLiteral
from portscan.pipeline.reading import reading
from portscan.source import Source, decode

MARKS = re.compile("[«»‹›]")


def literals(path: str, text: str, encoding: str = "utf-8") -> tuple[PortLiteral, ...]:
    """What is found in a file."""
    source = decode(path, text.encode(encoding))
    assert isinstance(source, Source)
    found = reading(shipped()).read(source)
    assert isinstance(found, tuple), found
    return found


def assert_found(path: str, marked: str, context: str = "code") -> None:
    """The file holds exactly the marked ports, at their bytes, in `context`, bound where the mark says so."""
    text = MARKS.sub("", marked)
    expected = []
    for match in re.finditer("[«‹]([^»›]+)", marked):
        start = len(MARKS.sub("", marked[: match.start()]).encode())
        port = int(re.sub(r"\D", "", match[1]))
        expected.append(((start, start + len(match[1])), port, context, match.group()[0] == "‹"))
    found = [(tuple(each.span), each.port, each.context, each.bound) for each in literals(path, text)]
    assert found == expected, [(each.port, each.rule) for each in literals(path, text)]


def ports(path: str, text: str, context: str = "code") -> list[int]:
    """The ports of a file in one context."""
    return [each.port for each in literals(path, text) if each.context == context]


def assert_linear(path: str, made: Callable[[int], str], size: int) -> None:
    """Four times the text takes about four times as long, not sixteen."""
    small, large = _seconds(path, made(size)), _seconds(path, made(4 * size))
    if large >= 10 * small + 0.5:  # once there may have been something to compile
        large = _seconds(path, made(4 * size))
    assert large < 10 * small + 0.5, (small, large)


def _seconds(path: str, text: str) -> float:
    """Seconds of the processor, whatever else it does."""
    begin = process_time()
    literals(path, text)
    return process_time() - begin
