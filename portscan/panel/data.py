"""What the page shows, as one JSON document in the shape of `schema/panel.schema.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from portscan import __version__
from portscan.generators.addresses import address
from portscan.panel.history import NO_PAST, Past
from portscan.records import dataclass, field

if TYPE_CHECKING:
    from datetime import date

    from portscan.connectivity.graph import Edge
    from portscan.findings import FindingRule
    from portscan.model import Finding, PortLiteral
    from portscan.panel.probe import Listener
    from portscan.pipeline.stages import Judged
    from portscan.registry.model import Endpoint, Range, Registry, Service

VERSION: Final = 1
DUPLICATE: Final = "PS102"
# What the judge says of a literal that is no finding, as people would ask about it.
STATES: Final = {"pinned": "bound", "bound": "bound", "value": "bound", "verified": "verified"}
APPLICABILITIES: Final = (None, "safe", "unsafe", "display")


@dataclass(frozen=True, slots=True)
class Landscape:
    """All that is known of a repository's ports.

    `uses` are the literals that are about a service; `calls` are edges beyond `depends_on`; `past` is what was;
    `listening` are the ports that something on this machine listens on, none where nobody looked. `source` is the forge's
    address of a line.
    """

    registry: Registry
    title: str
    today: date
    findings: tuple[Finding, ...] = ()
    uses: tuple[Judged, ...] = ()
    calls: tuple[Edge, ...] = ()
    past: Past = NO_PAST
    rules: Mapping[str, FindingRule] = field(default_factory=dict)
    source: str | None = None
    listening: tuple[Listener, ...] | None = None
    live: bool = False
    problem: str | None = None


class Words:
    """Texts that occur often, each once: rows refer to them by number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a text; a new one for a new text."""
        return self._numbers.setdefault(text, len(self._numbers))

    @property
    def list(self) -> list[str]:
        """The texts in the order of their numbers."""
        return list(self._numbers)


def document(land: Landscape) -> dict[str, Any]:
    """The document: plain lists, dictionaries, texts and numbers."""
    numbers = {service.name: number for number, service in enumerate(land.registry.services)}
    return {
        "version": VERSION,
        "title": land.title,
        "registry": land.registry.path,
        "portscan": __version__,
        "today": land.today.isoformat(),
        "live": land.live,
        "problem": land.problem,
        "source": land.source,
        "ranges": [_range(each) for each in land.registry.ranges],
        "reserved": [_range(each) for each in land.registry.reserved],
        "conflicts": sorted({f.port for f in land.findings if f.code == DUPLICATE and f.port is not None}),
        "services": [_service(each, land) for each in land.registry.services],
        "uses": _uses(land.uses, numbers),
        "findings": _findings(land.findings, numbers),
        "rules": {code: _rule(land.rules[code]) for code in sorted({f.code for f in land.findings}) if code in land.rules},
        "graph": {"edges": [*_edges(land.registry), *map(_call, land.calls)]},
        "trend": [point._asdict() for point in land.past.trend],
        "listening": None if land.listening is None else [_listener(one, land.registry, numbers) for one in land.listening],
    }


def _range(each: Range) -> dict[str, Any]:
    return {"name": each.name, "first": each.first, "last": each.last}


def _service(service: Service, land: Landscape) -> dict[str, Any]:
    check = service.healthcheck
    return {
        "name": service.name,
        "stack": service.stack,
        "owner": service.owner,
        "status": service.status,
        "description": service.description,
        "endpoints": [_endpoint(each) for each in service.endpoints],
        "hosts": list(service.hosts),
        "container": service.container,
        "external": service.external,
        "networks": list(service.networks),
        "depends_on": list(service.depends_on),
        "previous": [{"port": p.port, "until": p.until.isoformat(), "open": land.today <= p.until} for p in service.previous],
        "paths": list(service.paths),
        "healthcheck": f"{check.endpoint} → {check.expected}" if check else None,
        "url": address(service, service.main, "host").url,
        "history": [{"date": e.day, "author": e.author, "what": e.what} for e in land.past.events.get(service.name, ())],
    }


def _endpoint(each: Endpoint) -> dict[str, Any]:
    return {
        "name": each.name,
        "port": each.port,
        "container_port": each.container_port,
        "variable": each.variable,
        "protocol": each.protocol,
    }


def _uses(uses: Iterable[Judged], numbers: Mapping[str, int]) -> dict[str, Any]:
    """The literals that are about one service, and how each stands to the registry."""
    paths, states = Words(), Words()
    rows = [
        [numbers[service], *_written(use.literal, paths), states.number(_state(use))]
        for use in uses
        if (service := _only_service(use)) in numbers
    ]
    return {"paths": paths.list, "states": states.list, "rows": rows}


def _written(literal: PortLiteral, paths: Words) -> tuple[int, ...]:
    return paths.number(literal.path), *_place(literal.location), literal.port


def _only_service(use: Judged) -> str:
    services = {endpoint.service for endpoint in use.resolved.endpoints}
    return services.pop() if len(services) == 1 else ""


def _state(use: Judged) -> str:
    if not isinstance(use.verdict, str):
        return "finding"
    return STATES.get(use.verdict, "other" if use.literal.context == "code" else "doc")


def _findings(findings: Sequence[Finding], numbers: Mapping[str, int]) -> dict[str, Any]:
    codes, severities, paths, messages = Words(), Words(), Words(), Words()
    rows = [
        [
            codes.number(finding.code),
            severities.number(finding.severity),
            messages.number(finding.message),
            paths.number(finding.path),
            *_place(finding.location),
            finding.port or 0,
            numbers.get(finding.service or "", -1),
            APPLICABILITIES.index(finding.fix.applicability if finding.fix else None),
        ]
        for finding in findings
    ]
    return {"codes": codes.list, "severities": severities.list, "paths": paths.list, "messages": messages.list, "rows": rows}


def _place(location: Any) -> tuple[int, int]:
    return location.line, location.column


def _rule(rule: FindingRule) -> dict[str, str]:
    return {"name": rule.name, "rationale": rule.rationale}


def _edges(registry: Registry) -> list[dict[str, Any]]:
    """Who needs whom, by what the registry says."""
    return [
        {"from": service.name, "to": name, "kind": "depends", "port": None, "network": None, "fault": None, "message": None}
        for service in registry.services
        for name in service.depends_on
        if name in registry.by_name
    ]


def _call(edge: Edge) -> dict[str, Any]:
    return {
        "from": edge.source,
        "to": edge.target,
        "kind": "calls",
        "port": edge.port,
        "network": edge.network or None,
        "fault": edge.fault or None,
        "message": edge.message or None,
    }


def _listener(one: Listener, registry: Registry, numbers: Mapping[str, int]) -> dict[str, Any]:
    owner = next(iter(registry.by_port.get(one.port, ())), None)
    return {"port": one.port, "healthy": one.healthy, "service": numbers[owner.service] if owner else -1}
