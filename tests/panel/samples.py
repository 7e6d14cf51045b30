"""Landscapes for the tests of the panel: a small one, a large one, and one whose every text is hostile."""

from __future__ import annotations

from datetime import date

from portscan.evidence.passages import Passage
from portscan.evidence.places import Place
from portscan.findings import Breach, catalogue
from portscan.judge.breaches import Verdict
from portscan.model import Context, Finding, Fix, Location, PortLiteral, Span
from portscan.panel.data import Landscape
from portscan.pipeline.stages import Judged
from portscan.registry.loader import load
from portscan.registry.model import Endpoint, Registry
from portscan.resolve import Resolved
from tests.literals import Said

TODAY = date(2026, 5, 1)
HOSTILE = (
    "</script><script>window.owned=1</script><img src=x onerror=window.owned=1>javascript:window.owned=1//\u202e\u2066&amp;'\"`"
)


def registry(text: str) -> Registry:
    found = load("config/ports/registry.yaml", text.encode()).registry
    assert found is not None
    return found


SMALL = """version: "1.0.0"
ranges: {web: "4000-4019", data: "5400-5499"}
reserved: [4005]
services:
  - {name: api, stack: web, port: 4010, protocol: http, owner: Team A, depends_on: [db], healthcheck: {endpoint: /health}, previous: [{port: 4001, until: 2026-12-31}]}
  - {name: web, stack: web, port: 4011, container_port: 80, protocol: http, depends_on: [api], description: The front}
  - {name: db, stack: data, port: 5433, container_port: 5432, protocol: postgres, status: deprecated, replacement: none}
  - {name: stray, stack: web, port: 9000}
"""  # noqa: E501


def finding(
    number: int, service: str | None = "api", message: str = "Port 4010 belongs to `api`, and is written out here."
) -> Finding:
    place = Location(number + 1, 3, number + 1, 7)
    path = f"apps/part-{number % 40}/src/file-{number % 400}.ts"
    fix = Fix("Read API_PORT", "safe", ()) if number % 2 else None
    return Finding("PS001", "hardcoded-port", "error", message, path, place, 4010, service, "API_PORT", None, fix)


def use(number: int, service: str = "api") -> Judged:
    path, place = f"apps/src/file-{number % 400}.ts", Location(number + 1, 3, number + 1, 7)
    context: Context = "doc" if number % 5 == 3 else "code"
    literal = PortLiteral(path, Span(0, 4), place, 4010, "url", context, "typescript", "rule")
    endpoint = Endpoint(service, None, 4010, 4010, "API_PORT")
    verdicts: tuple[Verdict, ...] = ("bound", "verified", Breach("PS001", place), "right", "allowed")
    return Judged(Resolved(Place(literal, Said(Passage(""))), (endpoint,)), verdicts[number % 5])


def small(**more: object) -> Landscape:
    found = (*(finding(n) for n in range(12)), finding(99, None, "Port 4999 is not in the registry."))
    return Landscape(registry(SMALL), "shop", TODAY, found, tuple(use(n) for n in range(7)), rules=catalogue(), **more)  # type: ignore[arg-type]


def large(services: int = 500, findings: int = 20_000) -> Landscape:
    rows = "".join(
        f"  - {{name: service-{n}, stack: stack-{n % 10}, port: {3000 + n % 10 * 100 + n // 10}, protocol: http, "
        f"owner: Team {n % 17}, description: What service {n} does, depends_on: [service-{(n * 7 + 1) % services}]}}\n"
        for n in range(services)
    )
    ranges = ", ".join(f'stack-{n}: "{3000 + n * 100}-{3099 + n * 100}"' for n in range(10))
    known = registry(f'version: "1.0.0"\nranges: {{{ranges}}}\nservices:\n{rows}')
    names = (f"service-{n % services}" for n in range(findings))
    found = tuple(finding(n, name, f"Port {n} belongs to `{name}`.") for n, name in enumerate(names))
    return Landscape(
        known, "large", TODAY, found, tuple(use(n, f"service-{n % services}") for n in range(2000)), rules=catalogue()
    )


def hostile() -> Landscape:
    from dataclasses import replace

    base = registry(SMALL)
    services = tuple(
        replace(s, owner=HOSTILE, description=HOSTILE, host=HOSTILE, networks=(HOSTILE,), paths=(HOSTILE,)) for s in base.services
    )
    ranges = tuple(replace(r, name=HOSTILE) if r.name == "data" else r for r in base.ranges)
    found = (replace(finding(1, message=HOSTILE), path=HOSTILE),)
    known = replace(base, services=services, ranges=ranges)
    return Landscape(known, HOSTILE, TODAY, found, (), rules=catalogue(), source="https://github.com/a/b/blob/abc/{path}#L{line}")
