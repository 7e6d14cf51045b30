"""A dashboard of Grafana with what the blackbox exporter found: an overview, and every port by stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from portscan.config.kinds import LABEL, TEXT
from portscan.config.tables import key
from portscan.generated import DESCRIPTION
from portscan.generators.escapes import line
from portscan.generators.model import Artefact, Context, Templated
from portscan.generators.ranges import held
from portscan.generators.templates import Raw
from portscan.records import dataclass
from portscan.registry.model import Range, Service
from portscan.tuples import NamedTuple

NAME: Final = "grafana"
HELP: Final = "a dashboard of Grafana with every port by stack"
TOP_OF_STACKS: Final = 21  # rows of the grid that the overview takes
TITLE_ROWS, LEAST_ROWS = 1, 4


@dataclass(frozen=True, slots=True)
class Settings(Templated):
    """Where the dashboard goes, and what it shows."""

    path: str = key(TEXT, "The dashboard, to be imported or provisioned.", default="monitoring/portscan/dashboard.json")
    job: str = key(LABEL, "The name of the job that asks the targets.", default="portscan")
    title: str = key(TEXT, "The title of the dashboard.", default="Ports")
    uid: str = key(LABEL, "By what Grafana knows the dashboard.", default="portscan-ports")


class Stack(NamedTuple):
    """A stack on the dashboard: its title and its query as JSON, the numbers of its panels, and its rows of the grid."""

    title: str
    query: str
    id: int
    y: int
    height: int


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The dashboard."""
    body = context.rendered("grafana.json.j2", "quoted", rows=tuple(_stacks(context)))
    yield Artefact(context.settings.path, body, DESCRIPTION, prologue="{\n", sources=context.sources)


def _stacks(context: Context[Settings]) -> Iterator[Stack]:
    y = TOP_OF_STACKS
    for number, (name, range_, services) in enumerate(context.stacks):
        ports = sum(len(service.endpoints) for service in services)
        height = max(LEAST_ROWS, 2 + ports)
        # What Prometheus keeps is the name on one line, as the targets have it.
        query = f'max by (service, port) (probe_success{{job="{context.settings.job}", role="service", stack={_quoted(name)}}})'
        yield Stack(_title(name, range_, services), Raw(json.dumps(query)), 100 + 2 * number, y, height)
        y += TITLE_ROWS + height


def _title(name: str, range_: Range | None, services: tuple[Service, ...]) -> str:
    if range_ is None:
        return line(name) or "no stack"
    return f"{line(name)}: {len(held(services, range_))} of the ports {range_} taken"


def _quoted(text: str) -> str:
    """A string of PromQL. Grafana would put its variables in where a name follows a dollar sign."""
    return json.dumps(line(text), ensure_ascii=False).replace("$", "\\u0024").replace("[[", "[\\u005b")
