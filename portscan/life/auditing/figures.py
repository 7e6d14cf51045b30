"""The figures of one state of a repository: what its literals, its documents and its registry are worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from portscan.findings import catalogue
from portscan.records import dataclass
from portscan.registry.checks import check
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from portscan.pipeline.states import Count
    from portscan.registry.model import Registry

SOON = timedelta(days=14)
FOLLOWING = frozenset(("bound", "value", "pinned", "verified"))
STRAYING = frozenset(("PS001", "PS003", "PS004", "PS005", "PS006"))
CONFLICTS = frozenset(("PS102", "PS103", "PS107"))


class Headroom(NamedTuple):
    """How much of a range is free."""

    stack: str
    span: str
    free: int
    size: int


class Transition(NamedTuple):
    """A former port whose window ends soon, or has ended; `uses` are the literals that still have it."""

    service: str
    port: int
    until: date
    uses: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`codes` are the findings of a scan by code; shares are from 0 to 1, and none where there is nothing to share.

    `bound` is the share of the literals in code that stand for a registered service and follow the registry, `right` the
    share of the documented ports whose service is named and that are right. `unowned` and `unchecked` are the services
    without an owner and without a health check.
    """

    files: int
    literals: int
    codes: Mapping[str, int]
    bound: float | None
    right: float | None
    services: int
    conflicts: int
    unowned: tuple[str, ...]
    unchecked: tuple[str, ...]
    headroom: tuple[Headroom, ...]
    transitions: tuple[Transition, ...]

    @property
    def hardcoded(self) -> int:
        """The registered ports that are written out."""
        return self.codes.get("PS001", 0) + self.codes.get("PS004", 0)


def measured(count: Count, registry: Registry, today: date) -> Figures:
    """The figures of a state in which everything was counted."""
    code, docs = ({what: n for (where, what), n in count.said.items() if where == context} for context in ("code", "doc"))
    ours = [service for service in registry.services if not service.external]
    return Figures(
        files=count.files,
        literals=count.literals,
        codes=dict(sorted(count.codes.items())),
        bound=_share(_sum(code, FOLLOWING), _sum(code, STRAYING)),
        right=_share(_sum(docs, ("right",)), _sum(docs, ("PS003", "PS006"))),
        services=len(registry.services),
        conflicts=sum(finding.code in CONFLICTS for finding in check(registry, catalogue())),
        unowned=tuple(service.name for service in ours if not service.owner),
        unchecked=tuple(service.name for service in ours if service.healthcheck is None),
        headroom=tuple(_headroom(registry)),
        transitions=tuple(_transitions(count.retired, registry, today)),
    )


def _sum(counts: Mapping[str, int], keys: Iterable[str]) -> int:
    return sum(counts.get(key, 0) for key in keys)


def _share(good: int, bad: int) -> float | None:
    return good / (good + bad) if good + bad else None


def _headroom(registry: Registry) -> Iterable[Headroom]:
    taken = {endpoint.port for endpoint in registry.own}
    for span in registry.ranges:
        used = sum(port in taken or any(port in kept for kept in registry.reserved) for port in range(span.first, span.last + 1))
        yield Headroom(span.name, str(span), len(span) - used, len(span))


def _transitions(uses: Mapping[tuple[str, int], int], registry: Registry, today: date) -> Iterable[Transition]:
    for service in registry.services:
        for old in service.previous:
            left = uses.get((service.name, old.port), 0)
            if today <= old.until <= today + SOON or (old.until < today and left):
                yield Transition(service.name, old.port, old.until, left)
