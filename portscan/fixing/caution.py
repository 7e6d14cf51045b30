"""Where else in a command the number of a fix stands: both places change, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import cached_property
from itertools import accumulate

from portscan.expressions import compiled
from portscan.model import Finding, PortLiteral
from portscan.records import dataclass
from portscan.source import Source

TORN = "the number stands in this command once more, as the port that is published: change both places or none"

INSIDE = (
    "this tells the process in the container where to listen, and the mapping in this command leads there: "
    "both stay, only the host's side of the mapping is bound"
)

ITSELF = "the line compares the variable with it, and would compare it with itself"
COMPARES = compiled(r"[!=]=|=~|\s-(?:eq|ne|lt|le|gt|ge)\s")
LONGEST = 1000  # characters of a line that is looked at


@dataclass(frozen=True)
class Caution:
    """Knows the commands of one file, so that each finding is held against what stands in its own command and nothing else."""

    source: Source
    findings: Sequence[Finding]
    literals: Sequence[PortLiteral]

    def refused(self, finding: Finding) -> str:
        """Why a number is left as it is for what else stands in its command, if there is anything."""
        if self._torn(finding):
            return TORN
        if compared(self.source, finding):
            return ITSELF
        return INSIDE if self._told(finding) else ""

    def _torn(self, finding: Finding) -> bool:
        """Whether another number would tear a command in two: `docker run -e PORT=8999 -p 8999:8999` says both on purpose."""
        literal = finding.literal
        if literal is None or finding.code not in ("PS003", "PS006"):
            return False
        place = (literal.port, self._command(literal), literal.context)
        return place in self._staying(finding.code, finding.variable)

    def _told(self, finding: Finding) -> bool:
        """Whether a command tells a container where to listen, and leads a mapping there: `docker run -e PORT=80 -p 8080:80`."""
        literal = finding.literal
        if literal is None or literal.context != "code" or literal.side is not None or literal.kind == "mapping" or literal.host:
            return False
        return bool(self._led) and (literal.port, self._command(literal)) in self._led

    def _staying(self, code: str, variable: str | None) -> Set[tuple[int, int, str]]:
        """What commands publish, and keep when the findings of a code about a variable are mended."""
        if (code, variable) not in self._known:
            mended = {each.literal for each in self.findings if (each.code, each.variable) == (code, variable)}
            kept = (each for each in self._published if each not in mended)
            self._known[code, variable] = {(each.port, self._command(each), each.context) for each in kept}
        return self._known[code, variable]

    @cached_property
    def _known(self) -> dict[tuple[str, str | None], Set[tuple[int, int, str]]]:
        return {}

    @cached_property
    def _published(self) -> Sequence[PortLiteral]:
        return [each for each in self.literals if each.kind in ("flag", "mapping") and each.side != "container"]

    @cached_property
    def _led(self) -> Set[tuple[int, int]]:
        """The numbers inside of containers to which commands lead mappings."""
        return {(each.port, self._command(each)) for each in self.literals if each.side == "container"}

    def _command(self, literal: PortLiteral) -> int:
        """The number of the command that a literal stands in."""
        return self._commands[literal.location.line - 1]

    @cached_property
    def _commands(self) -> Sequence[int]:
        """The number of the command that each line belongs to: it goes on where the line before is continued."""
        lines = (self.source.line_text(number) for number in range(1, self.source.lines))
        ends = (not line.rstrip().endswith("\\") for line in lines)
        return list(accumulate(ends, initial=0))


def compared(source: Source, finding: Finding) -> bool:
    """Whether the line holds its number against the very variable: `test "$API_PORT" = 4010`."""
    literal, name = finding.literal, finding.variable
    if literal is None or literal.bound or not name or source.line_length(literal.location.line) > LONGEST:
        return False
    line = source.line_text(literal.location.line)
    return name in re.findall(r"\w+", line) and COMPARES.search(line) is not None
