"""The ports as targets of Prometheus, to be asked by the blackbox exporter (a file for `file_sd_configs`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final, cast

from portscan.config.kinds import HOST, TEXT, choice
from portscan.config.tables import key
from portscan.generated import TARGETS
from portscan.generators.addresses import View, gateway_of
from portscan.generators.checks import Check, bracketed, checks, retired
from portscan.generators.escapes import line
from portscan.generators.kinds.blackbox import module
from portscan.generators.model import Artefact, Context
from portscan.generators.model import Settings as Common
from portscan.records import dataclass, replace
from portscan.registry.model import Registry, Service

NAME: Final = "prometheus-targets"
HELP: Final = "the ports as targets of Prometheus and its blackbox exporter"


@dataclass(frozen=True, slots=True)
class Settings(Common):
    """Where the list of targets goes, and from where they are seen."""

    path: str = key(TEXT, "The file with the targets, in JSON.", default="monitoring/portscan/targets.json")
    view: str = key(
        choice("host", "container"),
        "From where the exporter looks: at published ports from a `host`, or by the names of services from a `container`.",
        default="host",
    )
    host: str = key(HOST, "What the exporter calls the host with the published ports.", default="localhost")
    gateway: str = key(TEXT, "The service that is the gateway: what has a `gatewayPath` is asked through it.", default="")


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The list, a target to a line; a changed port changes its own line only."""
    # After the heading, which is a group of its own, there has to be another.
    rows = ",\n".join(f"  {json.dumps(row)}" for row in _rows(context)) or '  {"targets": []}'
    yield Artefact(context.settings.path, f"{rows}\n]\n", TARGETS, prologue="[\n")


def _rows(context: Context[Settings]) -> Iterator[dict[str, object]]:
    settings = context.settings
    gateway = gateway_of(context.registry, settings.gateway, f"generate.{NAME}")
    for one in checks(context.services, gateway, cast("View", settings.view)):
        # Seen from the host, what has a route need not be published, so only the route is sure to be there.
        if isinstance(one, Check) and not (one.way == "own" and settings.view == "host"):
            yield _row(_seen(one, settings), gateway)
    if settings.view == "host":
        yield from _retired(context.registry, context.services, settings.host)


def _seen(check: Check, settings: Settings) -> Check:
    """The check as the exporter makes it, for whom the host with the published ports may have another name."""
    local = check.via.host == "localhost"
    return replace(check, via=check.via._replace(host=settings.host)) if local else check


def _row(check: Check, gateway: Service | None) -> dict[str, object]:
    labels = {
        "role": "service",
        "service": check.service.name,
        "port_name": check.subject.endpoint.name,
        "port": str(check.subject.endpoint.port),
        "stack": check.service.stack,
        "owner": check.service.owner,
        "protocol": check.subject.endpoint.protocol,
        "gateway": gateway.name if gateway and check.way == "route" else None,
        "excused": check.remark,
        "module": module(check),
    }
    return {"targets": [check.target], "labels": _shown(labels)}


def _retired(registry: Registry, services: tuple[Service, ...], host: str) -> Iterator[dict[str, object]]:
    for old in retired(registry, services):
        stack = registry.by_name[old.service].stack or ""
        labels = {"role": "retired", "service": old.service, "port": str(old.port), "stack": stack, "module": "portscan_tcp"}
        yield {"targets": [f"{bracketed(host)}:{old.port}"], "labels": _shown(labels)}


def _shown(labels: Mapping[str, str | None]) -> dict[str, str]:
    """Labels on one line each; an empty label is none to Prometheus, so none is written."""
    return {name: line(value) for name, value in labels.items() if value}
