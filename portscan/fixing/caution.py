"""Where else in a command the number of a fix stands: both places change, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable

from portscan.model import Finding, PortLiteral
from portscan.source import Source

TORN = "the number stands in this command once more, as the port that is published: change both places or none"

INSIDE = (
    "this tells the process in the container where to listen, and the mapping in this command leads there: "
    "both stay, only the host's side of the mapping is bound"
)

ITSELF = "the line compares the variable with it, and would compare it with itself"
COMPARES = re.compile(r"[!=]=|=~|\s-(?:eq|ne|lt|le|gt|ge)\s")
LONGEST = 1000  # characters of a line that is looked at


def refused(source: Source, finding: Finding, findings: Iterable[Finding], literals: Iterable[PortLiteral]) -> str:
    """Why a number is left as it is for what else stands in its command, if there is anything."""
    if torn(source, finding, findings, literals):
        return TORN
    if compared(source, finding):
        return ITSELF
    return INSIDE if told(source, finding, literals) else ""


def compared(source: Source, finding: Finding) -> bool:
    """Whether the line holds its number against the very variable: `test "$API_PORT" = 4010`."""
    literal, name = finding.literal, finding.variable
    if literal is None or literal.bound or not name or source.line_length(literal.location.line) > LONGEST:
        return False
    line = source.line_text(literal.location.line)
    return name in re.findall(r"\w+", line) and COMPARES.search(line) is not None


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


def told(source: Source, finding: Finding, literals: Iterable[PortLiteral]) -> bool:
    """Whether a command tells a container where to listen, and leads a mapping there: `docker run -e PORT=80 -p 8080:80`."""
    literal = finding.literal
    if literal is None or literal.context != "code" or literal.side is not None or literal.kind == "mapping" or literal.host:
        return False
    lines = _command(source, literal.location.line)
    return any(each.side == "container" and each.port == literal.port and each.location.line in lines for each in literals)


def _command(source: Source, line: int) -> range:
    """The lines of the command that a line belongs to: those before and behind it that are continued."""
    first = last = line
    while first > 1 and source.line_text(first - 1).rstrip().endswith("\\"):
        first -= 1
    while last < source.lines and source.line_text(last).rstrip().endswith("\\"):
        last += 1
    return range(first, last + 1)
