"""Hand-made findings and literals in a few small files, for the reporters to show."""

from __future__ import annotations

import codecs
import io
from typing import Any

from portscan.model import (
    Applicability,
    Edit,
    Finding,
    Fix,
    Location,
    PortLiteral,
    Related,
    Report,
    Severity,
    Skipped,
    Span,
)
from portscan.reporters import Options, reporter
from portscan.source import Source, decode
from portscan.terminal import Streams


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


HOSTILE = (
    "\x1b[2J\n::error::pwned\r\n##[add-path]/evil `x` ``y`` | <script>alert(1)</script> & ]]> [a](http://evil.example) "
    "![i](https://evil.example/i.png) @someone #1 www.evil.example \u202e\ufffe </details> <!-- {0} %0A"
)


def usual() -> tuple[Report, dict[str, bytes]]:
    """A report with every severity, every applicability, a related place, files of several encodings and unread ones."""
    compose = 'services:\n  # é 😀\n  web:\n    ports: [\'😀\', "3103:80", "3103:80"]\n    x: 4007\n'.encode()
    wide = codecs.BOM_UTF16_LE + "réglage = 3103\n".encode("utf-16-le")
    related = (Related("the entry of `web`", "config/registry.yaml", Location(3, 5, 3, 9)),)
    found = (
        finding("apps/a b.yml", compose, "3103", fix="safe", service="web", variable="WEB_PORT", help="Read WEB_PORT."),
        finding("apps/a b.yml", compose, "3103", nth=1, fix="safe", service="web", variable="WEB_PORT", help="Read WEB_PORT."),
        finding("apps/a b.yml", compose, "4007", code="PS005", name="ambiguous-port", severity="note", related=related),
        finding("w.ini", wide, "3103", fix="unsafe", after="${É:-3103}".encode("utf-16-le"), severity="warning"),
        Finding("PS101", "registry-schema", "error", "no key", "config/registry.yaml", Location(1, 1, 3, 2)),
        finding("z.conf", b"80", "80", fix="display"),
    )
    skipped = (Skipped("b.png", "binary file"), Skipped("caf\udce9/x.bin", "permission denied"))
    sources = {"apps/a b.yml": compose, "w.ini": wide, "config/registry.yaml": b"a: 1\nb:\n c: 2", "z.conf": b"80"}
    return Report(found, skipped, files=6, literals=9, baselined=2), sources


def hostile() -> tuple[Report, dict[str, bytes]]:
    """A report in which everything that others choose is meant to do harm."""
    path, data = f"a/{HOSTILE}.py", f"port = 80  # {HOSTILE}".encode("utf-8", "replace")
    related = (Related(HOSTILE, path, Location(1, 8, 1, 10)),)
    found = finding(path, data, "80", message=f"Port 80 of `{HOSTILE}`", help=HOSTILE, service=HOSTILE, related=related)
    return Report((found,), (Skipped(path, HOSTILE),), files=1, literals=1), {path: data}


def many(number: int) -> tuple[Report, dict[str, bytes]]:
    """A report with so many findings: notes first, then warnings, then errors, as their places have it."""
    lines = [f"port_{i} = {1024 + i % 60_000}" for i in range(number)]
    severities: tuple[Severity, ...] = ("note", "warning", "error")
    found = tuple(
        Finding(
            "PS002", "unregistered-port", severities[i * 3 // number], f"Port {1024 + i % 60_000} is not in the registry.",
            f"src/part_{i // 1000}.py", Location(i % 1000 + 1, 8, i % 1000 + 1, 12), port=1024 + i % 60_000,
            help="Register its service, or suppress this with a reason.",
        )
        for i in range(number)
    )  # fmt: skip
    sources = {f"src/part_{k}.py": "\n".join(lines[k * 1000 : (k + 1) * 1000]).encode() for k in range(number // 1000 + 1)}
    return Report(found, files=len(sources), literals=number), sources


def rendered(form: str, report: Report, sources: dict[str, bytes], **options: Any) -> tuple[str, str]:
    """The report in a format, and what was remarked on beside it."""
    streams = Streams(io.StringIO(), io.StringIO())
    text = "".join(reporter(form).render(report, streams, sources, Options(**options)))
    return text, streams.err.getvalue()  # type: ignore[attr-defined]
