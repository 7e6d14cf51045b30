"""The modules of Prometheus' blackbox exporter: how it asks, one module to each kind of check and status."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from portscan.config.kinds import SWITCH, TEXT
from portscan.config.tables import key
from portscan.generated import HASH
from portscan.generators.checks import Check, checks
from portscan.generators.model import Artefact, Context, Templated
from portscan.records import dataclass

NAME: Final = "blackbox"
HELP: Final = "the modules of the blackbox exporter that the targets ask for"


@dataclass(frozen=True, slots=True)
class Settings(Templated):
    """Where the modules go."""

    path: str = key(TEXT, "The configuration of the blackbox exporter.", default="monitoring/portscan/blackbox.yml")
    insecure: bool = key(SWITCH, "Do not verify TLS certificates.", default=False)


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The modules that some service of the registry needs, and the plain one for TCP."""
    asked = [one for one in checks(context.services, None, "host") if isinstance(one, Check)]
    statuses = sorted({one.expected for one in asked if one.web} | {200})
    body = context.rendered("blackbox.yml.j2", "quoted", statuses=statuses)
    yield Artefact(context.settings.path, body, HASH, sources=context.sources)


def module(check: Check) -> str:
    """The module that makes a check."""
    if check.web:
        return f"portscan_http_{check.expected}"
    return "portscan_redis" if check.kind == "redis" else "portscan_tcp"
