"""The next free port of a range, and why each port before it was passed over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from portscan.errors import UserError
from portscan.judge.wellknown import Directory, directory
from portscan.records import dataclass, field
from portscan.registry.model import Range, Registry
from portscan.registry.room import line
from portscan.tuples import NamedTuple


class Passed(NamedTuple):
    """A port that was not taken, and why, as the end of a sentence."""

    port: int
    why: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """For whom a port is sought: what it speaks decides whether a well-known port is its own."""

    name: str
    stack: str
    protocol: str = "http"

    @property
    def transport(self) -> str:
        """UDP where the protocol says so."""
        return "udp" if self.protocol.lower().rpartition("/")[2] == "udp" else "tcp"


@dataclass(frozen=True, slots=True)
class Market:
    """What is known of ports: the registry, where the repository writes which number, and what listens on this machine."""

    registry: Registry
    used: Mapping[int, str] = field(default_factory=dict)
    listening: Callable[[int, str], bool] = lambda _port, _transport: False

    def next_free(self, span: Range, wanted: Wanted, taken: Sequence[int] = ()) -> tuple[int | None, tuple[Passed, ...]]:
        """The first port of a range that is anybody's to take, none where there is none; and those before it."""
        passed: list[Passed] = []
        for port in range(span.first, span.last + 1):
            why = "is promised already" if port in taken else self.obstacle(port, wanted)
            if why is None:
                return port, tuple(passed)
            passed.append(Passed(port, why))
        return None, tuple(passed)

    def obstacle(self, port: int, wanted: Wanted) -> str | None:
        """Why a port is not free for somebody; none when it is."""
        clauses = (self._registered, self._reserved, self._former, self._elsewhere, self._expected, self._written, self._held)
        return next((why for clause in clauses if (why := clause(port, wanted)) is not None), None)

    def _registered(self, port: int, wanted: Wanted) -> str | None:
        for endpoint in self.registry.by_port.get(port, ()):
            if endpoint.transport == wanted.transport and not self.registry.by_name[endpoint.service].external:
                return f"belongs to `{endpoint.service}`"
        return None

    def _reserved(self, port: int, _wanted: Wanted) -> str | None:
        kept = next((range_ for range_ in self.registry.reserved if port in range_), None)
        return "is reserved" if kept is not None else None

    def _former(self, port: int, _wanted: Wanted) -> str | None:
        old = next(iter(self.registry.by_previous_port.get(port, ())), None)
        return f"was that of `{old.service}` (given up on {old.end})" if old else None

    def _elsewhere(self, port: int, wanted: Wanted) -> str | None:
        other = next((range_ for range_ in self.registry.ranges if port in range_ and range_.name != wanted.stack), None)
        return f"is in the range of `{other.name}` as well" if other else None

    def _expected(self, port: int, wanted: Wanted) -> str | None:
        known = self._directory.by_port.get(port)
        web = wanted.protocol in ("http", "https", "ws", "wss")
        if port in self._directory.refused and web:
            return "is one at which browsers open no page"
        if (
            known is None
            or known.shared
            or known.name in wanted.name
            or known.protocol.split("/")[0] == wanted.protocol != "http"
        ):
            return None
        return f"is where everybody expects {known.name}"

    def _written(self, port: int, _wanted: Wanted) -> str | None:
        place = self.used.get(port)
        return f"is written in {place}" if place else None

    def _held(self, port: int, wanted: Wanted) -> str | None:
        return "is held by a process on this machine" if self.listening(port, wanted.transport) else None

    @property
    def _directory(self) -> Directory:
        return directory()


def market(registry: Registry, used: Mapping[int, str]) -> Market:
    """What is known of ports here and now."""
    from portscan.life.sockets import listening

    return Market(registry, used, listening)


def no_range(registry: Registry, stack: str | None, hint: str) -> UserError:
    """What to say where a stack has no range, so that nobody can say which port is the next."""
    way = f"Or write a line under `ranges` of {registry.path}: {line(registry, stack)}." if stack else ""
    return UserError(f"the stack `{stack}` has no range to take a port from", f"{hint} {way}".strip())


def none_free(span: Range, passed: Sequence[Passed], hint: str) -> UserError:
    """What to say where every port of a range is taken, with the most common reasons."""
    reasons = Counter(re.sub(r" (?:to |of )?`.*| in .*", "", each.why) for each in passed)
    most = ", ".join(f"{count} {why}" for why, count in reasons.most_common(3))
    return UserError(f"no port of {span}, the range of `{span.name}`, is free ({most})", hint)


def told(passed: Sequence[Passed], most: int) -> list[str]:
    """A line for each port that was passed over; those with one reason in a row share one, and of the rest the number is told."""
    runs: list[list[Passed]] = []
    for each in passed:
        if runs and runs[-1][-1].why == each.why and runs[-1][-1].port == each.port - 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    lines = [
        f"{run[0].port} {run[0].why}" if len(run) == 1 else f"{run[0].port} to {run[-1].port}: each {run[0].why}" for run in runs
    ]
    more = len(lines) - most
    return lines if more <= 0 else [*lines[:most], f"and {more} more"]
