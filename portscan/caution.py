"""What a person has to know before a fix: whose the number may be besides, and where else in the command it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from portscan.hosts import bare_host, is_here
from portscan.model import Finding, PortLiteral
from portscan.outsiders import strange
from portscan.registry.model import Registry
from portscan.source import Source

HOST = re.compile(r"[a-z][\w.-]*|\d+(?:\.\d+){3}")
TORN = "the number stands in this command once more, as the port that is published: change both places or none"


def whose(finding: Finding, literal: PortLiteral, service: str, registry: Registry) -> str:
    """Why the number may be another's than a service's: it is that of some machine, or has a strange name; else empty."""
    host = bare_host(literal.host)
    if not is_here(host) and host not in registry.by_host and HOST.fullmatch(host):
        return f"`{host}` is no host of a registered service"
    name = None if finding.presumed else strange(literal, registry.by_name[service])
    return f"`{name}` may be called after another service than `{service}`" if name else ""


def torn(source: Source, finding: Finding, findings: Iterable[Finding], literals: Iterable[PortLiteral]) -> bool:
    """Whether another number would tear a command in two: `docker run -e PORT=8999 -p 8999:8999` says both on purpose."""
    literal = finding.literal
    if literal is None or finding.code not in ("PS003", "PS006"):
        return False
    lines = _command(source, literal.location.line)
    mended = {each.literal for each in findings if (each.code, each.variable) == (finding.code, finding.variable)}
    return any(
        each.port == literal.port
        and each.location.line in lines
        and each.context == literal.context
        and each.kind in ("flag", "mapping")
        and each.side != "container"
        and each not in mended
        for each in literals
    )


def _command(source: Source, line: int) -> range:
    """The lines of the command that a line belongs to: those before and behind it that are continued."""
    first = last = line
    while first > 1 and source.line_text(first - 1).rstrip().endswith("\\"):
        first -= 1
    while last < source.lines and source.line_text(last).rstrip().endswith("\\"):
        last += 1
    return range(first, last + 1)
