"""Hand-made findings and literals in a few small files, for the reporters to show."""

from __future__ import annotations

from typing import Any

from portscan.model import Applicability, Edit, Finding, Fix, Location, PortLiteral, Severity, Span
from portscan.source import Source, decode


def place(path: str, data: bytes, digits: str, nth: int = 0) -> tuple[Span, Location]:
    """Where the `nth` occurrence of `digits` stands."""
    source = decode(path, data)
    assert isinstance(source, Source)
    at = -1
    for _ in range(nth + 1):
        at = source.text.index(digits, at + 1)
    return source.byte_span(at, at + len(digits)), source.location(at, at + len(digits))


def finding(
    path: str,
    data: bytes,
    digits: str,
    *,
    nth: int = 0,
    code: str = "PS001",
    name: str = "hardcoded-port",
    severity: Severity = "error",
    message: str = "Port is written out",
    fix: Applicability | None = None,
    after: bytes = b"${X:-1}",
    **more: Any,
) -> Finding:
    """A finding at `digits`, with a fix that puts `after` there."""
    span, location = place(path, data, digits, nth)
    remedy = Fix("Read the variable", fix, (Edit(path, span, location, digits.encode(), after),)) if fix else None
    return Finding(code, name, severity, message, path, location, port=int(digits), fix=remedy, **more)


def literal(path: str, data: bytes, digits: str, *, nth: int = 0, **more: Any) -> PortLiteral:
    """A literal at `digits`."""
    span, location = place(path, data, digits, nth)
    fields = {"kind": "url", "context": "code", "language": "yaml", "rule": "named-port", **more}
    return PortLiteral(path, span, location, int(digits), **fields)
