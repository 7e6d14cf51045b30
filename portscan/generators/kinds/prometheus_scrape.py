"""The part of Prometheus' configuration that has the blackbox exporter ask the targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from portscan.config.kinds import LABEL, PLACE, TEXT
from portscan.config.tables import key
from portscan.generated import HASH
from portscan.generators.model import Artefact, Context, Templated
from portscan.records import dataclass

NAME: Final = "prometheus-scrape"
HELP: Final = "the scrape configuration of Prometheus, as a file or a block of yours"


@dataclass(frozen=True, slots=True)
class Settings(Templated):
    """Where the scrape configuration goes, and what it names."""

    path: str = key(TEXT, "The file, for `scrape_config_files`.", default="monitoring/portscan/scrape.yml")
    block: str = key(
        TEXT, "Write only a block of this name into `path`: an item of its `scrape_configs`, indented by 2.", default=""
    )
    targets: str = key(TEXT, "The list of targets as Prometheus finds it, from the directory of `path`.", default="targets.json")
    exporter: str = key(PLACE, "Where Prometheus reaches the blackbox exporter.", default="blackbox-exporter:9115")
    job: str = key(LABEL, "The name of the job.", default="portscan")


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The job, as a file of its own or as an item of somebody's list of jobs."""
    body = context.rendered("prometheus-scrape.yml.j2", "quoted")
    yield Artefact(context.settings.path, body, HASH, block=context.settings.block or None, sources=context.sources)
