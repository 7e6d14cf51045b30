"""Prometheus' alerts: ports that are down, slow or restless, retired ones that are still held, and checks that are not made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timezone
from typing import Final

from portscan.config.kinds import LABEL, TEXT
from portscan.config.tables import key
from portscan.generated import HASH
from portscan.generators.checks import retired
from portscan.generators.model import Artefact, Context, Templated
from portscan.records import dataclass
from portscan.tuples import NamedTuple

NAME: Final = "prometheus-alerts"
HELP: Final = "alerts of Prometheus on the ports"
DAY: Final = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Settings(Templated):
    """Where the alerts go."""

    path: str = key(TEXT, "The file, for `rule_files`.", default="monitoring/portscan/alerts.yml")
    job: str = key(LABEL, "The name of the job that asks the targets.", default="portscan")


class Retired(NamedTuple):
    """A port that a service gave up, and the second of Unix time from which nobody may hold it."""

    service: str
    port: int
    end: int


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The alerts. The end of a transition is in the rule, so that the file is the same on every day."""
    gone = [Retired(old.service, old.port, _end(old.until)) for old in retired(context.registry, context.services)]
    body = context.rendered("prometheus-alerts.yml.j2", "quoted", retired=gone)
    yield Artefact(context.settings.path, body, HASH, sources=context.sources)


def _end(until: date) -> int:
    """The end of a day, in seconds of Unix time."""
    return int(datetime.combine(until, time(), timezone.utc).timestamp()) + DAY
