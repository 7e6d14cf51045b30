"""A script that asks every service whether it is well; it needs nothing but bash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from portscan.config.kinds import TEXT
from portscan.config.tables import key
from portscan.generated import HASH
from portscan.generators.addresses import Address, gateway_of
from portscan.generators.checks import Check, Unchecked, Way, checks
from portscan.generators.model import Artefact, Context, Templated
from portscan.records import dataclass
from portscan.tuples import NamedTuple

NAME: Final = "health"
HELP: Final = "a bash script that asks every service whether it is well"
SHEBANG: Final = "#!/usr/bin/env bash\n"
# The functions of the script that take a check, by how far it goes.
VERBS: Final[dict[Way, str]] = {"own": "own", "route": "route", "only": "check"}


@dataclass(frozen=True, slots=True)
class Settings(Templated):
    """Where the script goes, and whom it asks."""

    path: str = key(TEXT, "The script.", default="scripts/ports-health.sh")
    gateway: str = key(TEXT, "The service that is the gateway: what has a `gatewayPath` is asked through it.", default="")


class Row(NamedTuple):
    """The words of one check in the script."""

    verb: str
    name: str
    stack: str
    kind: str
    host_variable: str
    host: str
    port_variable: str
    port: int
    path: str
    expected: int
    remark: str


class Known(NamedTuple):
    """A port that somebody registered, and the variable that may hold another."""

    variable: str
    port: int


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The script."""
    gateway = gateway_of(context.registry, context.settings.gateway, f"generate.{NAME}")
    rows = tuple(_row(one) for one in checks(context.services, gateway, "host"))
    body = context.rendered("health.sh.j2", "shell", checks=rows, **_listeners(context))
    yield Artefact(context.settings.path, body, HASH, prologue=SHEBANG, executable=True, sources=context.sources)


def _listeners(context: Context[Settings]) -> dict[str, Any]:
    """What may listen, and the ranges in which nothing else should."""
    registry = context.registry
    own = [service for service in registry.services if not service.external]
    known = sorted({(endpoint.port, endpoint.variable) for endpoint in registry.own})
    before = {(old.port, old.port) for service in own for old in service.previous}
    ranges = [range_ for range_ in registry.ranges if not context.settings.stacks or range_.name in context.settings.stacks]
    return {
        "ranges": ranges,
        "known": [Known(variable, port) for port, variable in known],
        "spare": sorted({*((kept.first, kept.last) for kept in registry.reserved), *before}),
    }


def _row(one: Check | Unchecked) -> Row:
    if isinstance(one, Unchecked):
        further = one.subject.endpoint.name
        name = f"{one.subject.service.name}/{further}" if further else one.subject.service.name
        return Row("check", name, one.subject.service.stack or "", "none", *_place(one.subject), "", 0, one.reason)
    return Row(VERBS[one.way], one.name, one.service.stack or "", one.kind, *_place(one.via), one.path, one.expected, one.remark)


def _place(via: Address) -> tuple[str, str, str, int]:
    return f"{via.stem}_HOST", via.host, via.endpoint.variable, via.port
