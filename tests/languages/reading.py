"""Reads one text as a file of a given name."""

from __future__ import annotations

from functools import lru_cache

from portscan.model import PortLiteral
from portscan.pipeline.reading import Reading
from portscan.source import Source, decode
from tests.examples import knowledge, reading_of


@lru_cache(maxsize=1)
def _reading() -> Reading:
    return reading_of(knowledge())


def read(path: str, text: str | bytes) -> tuple[PortLiteral, ...]:
    """What is found in a file; each literal is checked to stand exactly where it says."""
    data = text if isinstance(text, bytes) else text.encode()
    source = decode(path, data)
    assert isinstance(source, Source)
    found = _reading().read(source)
    assert isinstance(found, tuple), found
    for literal in found:
        assert data[literal.span.start : literal.span.end].translate(None, b"_'") == str(literal.port).encode()
    return found


def ports(path: str, text: str | bytes) -> list[int]:
    """The ports in the order of their places."""
    return [literal.port for literal in read(path, text)]


def code_ports(path: str, text: str) -> list[int]:
    """Those that stand in code."""
    return [literal.port for literal in read(path, text) if literal.context == "code"]


def bound(path: str, text: str) -> list[bool]:
    """Whether each of them follows a variable."""
    return [literal.bound for literal in read(path, text)]
