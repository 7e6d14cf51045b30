"""Which literals follow a port that moves, and which are left to people: decided by what the registry says of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from portscan.evidence.hosts import LOOPBACK, bare_host
from portscan.findings import Breach
from portscan.judge.doubts import claimed, doubt
from portscan.judge.past import named_after, tells_of_the_past
from portscan.life.moves import Move
from portscan.model import Edit, PortLiteral
from portscan.pipeline.stages import Judged
from portscan.records import dataclass
from portscan.registry.model import Endpoint
from portscan.source import Source, decode
from portscan.tuples import NamedTuple

# Numbers that are nobody's business, or no single port.
SILENT = frozenset(("foreign host", "range"))
INSIDE = "is what the container listens on, which stays, yet it reads the variable of the published port"
CERTAIN = ("right", "pinned")


class Left(NamedTuple):
    """A literal that is not rewritten, and why, as the end of a sentence."""

    literal: PortLiteral
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Rewrite:
    """A literal that gets another number."""

    judged: Judged
    move: Move

    @property
    def literal(self) -> PortLiteral:
        """The literal as it is."""
        return self.judged.literal

    def edit(self, source: Source) -> Edit:
        """The digits, and those in their place."""
        literal = self.literal
        before = source.data[literal.span.start : literal.span.end]
        return Edit(literal.path, literal.span, literal.location, before, str(self.move.port).encode(source.encoding))


def sorted_out(
    judged: Iterable[Judged], moves: Sequence[Move], following: Mapping[str, bool]
) -> tuple[tuple[Rewrite, ...], tuple[Left, ...]]:
    """The literals that follow, and those that may be meant but are left. `following` says whose container port moves, too."""
    rewrites: list[Rewrite] = []
    left: list[Left] = []
    for each in judged:
        for move in moves:
            why = _objection(each, move, following.get(move.endpoint.service, True))
            if why is None:
                rewrites.append(Rewrite(each, move))
            elif why:
                left.append(Left(each.literal, why))
    return tuple(rewrites), tuple(left)


def _objection(judged: Judged, move: Move, follows: bool) -> str | None:
    """Why a literal does not follow a move: none when it does, empty when it has nothing to do with it.

    Only the old number is ever replaced. Another one was wrong before, and to mend it is not the business of a move.
    """
    literal, verdict, endpoint = judged.literal, judged.verdict, move.endpoint
    if literal.port != endpoint.port or (isinstance(verdict, str) and verdict in SILENT):
        return ""
    outsider = judged.resolved.outsider
    about = judged.resolved.endpoints or (outsider.holders if outsider else ())
    if not any(each.variable == endpoint.variable for each in about):
        return ""
    if not follows and _inside(judged, endpoint):
        return INSIDE if literal.bound and judged.resolved.listening else ""
    if _anothers_inside(judged, endpoint):
        return ""
    if len(about) > 1:
        others = ", ".join(f"`{each.service}`" for each in about if each.variable != endpoint.variable)
        return f"may be the port of {others} as well"
    if tells_of_the_past(literal):
        return "tells of the past"
    return "stands in a file that is named after it" if named_after(literal) else _doubt(judged, endpoint)


def _doubt(judged: Judged, endpoint: Endpoint) -> str | None:
    """What speaks against a literal; none when more than the number speaks for it, or nothing against it."""
    verdict = judged.verdict
    if verdict in CERTAIN or claimed(judged.resolved, endpoint):
        return None
    ambiguous = "may be anybody's" if isinstance(verdict, Breach) and verdict.code == "PS005" else None
    return doubt(judged.resolved, endpoint) or ambiguous


def _anothers_inside(judged: Judged, endpoint: Endpoint) -> bool:
    """Whether a literal is what some other container listens on."""
    ours = judged.resolved.owner is not None and judged.resolved.owner.name == endpoint.service
    return judged.verdict == "verified" and judged.literal.owner is not None and not ours and not judged.resolved.host


def _inside(judged: Judged, endpoint: Endpoint) -> bool:
    """Whether a literal is about the port in the container: its side of a mapping, its own entry, its name among containers."""
    literal, resolved = judged.literal, judged.resolved
    if literal.side == "container" or resolved.listening or (resolved.host is not None and resolved.inside):
        return True
    if literal.variables or literal.side == "host":
        return False
    owns = literal.owner is not None and resolved.owner is not None and resolved.owner.name == endpoint.service
    return owns and bare_host(literal.host) in LOOPBACK and resolved.mapped is None


def edits_of(rewrites: Iterable[Rewrite], sources: Mapping[str, bytes]) -> Iterator[Edit]:
    """The edits of the literals."""
    read = {path: decode(path, data) for path, data in sources.items()}
    for rewrite in rewrites:
        source = read[rewrite.literal.path]
        assert isinstance(source, Source)
        yield rewrite.edit(source)


def failures(rewrites: Sequence[Rewrite], edits: Sequence[Edit], after: Iterable[Judged]) -> frozenset[Rewrite]:
    """The rewrites that do not hold: read again, the literal is not there, or is in less order than it was."""
    found = {(each.literal.path, each.literal.span.start): each for each in after}
    shifts: dict[str, list[tuple[int, int]]] = {}
    for edit in edits:
        shifts.setdefault(edit.path, []).append((edit.span.start, len(edit.after) - len(edit.before)))
    return frozenset(each for each in rewrites if not _holds(each, found, shifts.get(each.literal.path, [])))


def _holds(rewrite: Rewrite, found: Mapping[tuple[str, int], Judged], shifts: Sequence[tuple[int, int]]) -> bool:
    literal = rewrite.literal
    start = literal.span.start + sum(by for at, by in set(shifts) if at < literal.span.start)
    now = found.get((literal.path, start))
    if now is None or now.literal.port != rewrite.move.port or now.literal.kind != literal.kind:
        return False
    before, then = rewrite.judged.verdict, now.verdict
    return not isinstance(then, Breach) or (isinstance(before, Breach) and then.code == before.code != "PS003")
