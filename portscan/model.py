"""The values that travel the road. All of them are immutable; no stage changes what an earlier one made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NewType

from portscan.records import dataclass, field
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["url", "named", "call", "flag", "mapping", "directive", "default"]
Context = Literal["code", "comment", "doc"]
Severity = Literal["error", "warning", "note"]
Applicability = Literal["safe", "unsafe", "display"]
Side = Literal["host", "container"]

LOWEST_PORT, HIGHEST_PORT = 1, 65535


class Span(NamedTuple):
    """A half-open range of bytes in a file, as stored on disk."""

    start: int
    end: int


class Location(NamedTuple):
    """Where a span stands for people: lines and columns count from 1, columns in characters, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class PortLiteral:
    """Decimal digits in a source file that denote a TCP or UDP port.

    `span` holds exactly the digits, with what the language puts between them (`8_080`). `variables` are the environment
    variables whose look-up this number is the fallback of, nearest first (`bound` is then true). `name` is what the file
    calls the value: a variable, a parameter, or a key path joined with dots. `owner` is the compose service, or the like,
    that the literal is written under; `side` tells the two halves of a port mapping apart. `said` is the line of the comment
    that it stands in, if it does. `rule` is the detection rule that recognised it.
    """

    path: str
    span: Span
    location: Location
    port: int
    kind: Kind
    context: Context
    language: str
    rule: str
    host: str | None = None
    name: str | None = None
    variables: tuple[str, ...] = ()
    owner: str | None = None
    side: Side | None = None
    said: str = ""

    @property
    def bound(self) -> bool:
        """Whether an operator can change the port through the environment, without editing the file."""
        return bool(self.variables)

    @property
    def variable(self) -> str | None:
        """The nearest environment variable whose look-up falls back to this number."""
        return self.variables[0] if self.variables else None


# Why a file is not read, in words for the user.
Reason = NewType("Reason", str)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that could not be read, and why."""

    path: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes of one file to be replaced: `before` must stand at `span` when the edit is applied."""

    path: str
    span: Span
    location: Location
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Fix:
    """A remedy for a finding: edits that are applied together or not at all."""

    title: str
    applicability: Applicability
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that explains a finding."""

    message: str
    path: str
    location: Location


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule broken at a place. `help` says in one line what to write or to do instead.

    `doubt` is what speaks against it that the literal is about that service, `pinned` tells that a pin says so. `twins` are the
    places at which the same number of that service stands, its own among them: they change together, or none does.
    """

    code: str
    name: str
    severity: Severity
    message: str
    path: str
    location: Location
    port: int | None = None
    service: str | None = None
    variable: str | None = None
    help: str | None = None
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    literal: PortLiteral | None = field(default=None, compare=False)
    doubt: str = field(default="", compare=False)
    pinned: bool = field(default=False, compare=False)
    twins: tuple[Location, ...] = field(default=(), compare=False)

    def at(self, literal: PortLiteral) -> Finding:
        """The same said of another literal, without its fix and its twins."""
        return Finding(
            *(self.code, self.name, self.severity, self.message, literal.path, literal.location, self.port, self.service),
            variable=self.variable,
            help=self.help,
            related=self.related,
            literal=literal,
            doubt=self.doubt,
            pinned=self.pinned,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What a command has to say: findings in the order of their places, files not read, and how much was read.

    `baselined` says how many findings more there are, which the baseline hides.
    """

    findings: Sequence[Finding]
    skipped: tuple[Skipped, ...] = ()
    files: int = 0
    literals: int = 0
    baselined: int = 0


def position(finding: Finding) -> tuple[str, int, int, str]:
    """Sort key of findings: path, line, column, code."""
    return finding.path, finding.location.line, finding.location.column, finding.code
