"""The record of the decision to have a registry: its ranges, its approvers, and how a port comes, changes and goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from portscan.config.kinds import TEXT
from portscan.config.tables import key
from portscan.expressions import compiled
from portscan.generated import page
from portscan.generators import governance
from portscan.generators.model import Artefact, Context
from portscan.records import dataclass

NAME: Final = "adr"
HELP: Final = "the decision record of port governance, filled from the registry"
NUMBER: Final = compiled(r"(?i)(?:\badr[-_ ]?|(?:^|/))(\d{1,5})\b(?=[-_ .]|$)")


@dataclass(frozen=True, slots=True)
class Settings(governance.Settings):
    """Where the record goes."""

    path: str = key(TEXT, "The record, in Markdown or MDX.", default="docs/adr/port-governance.md")


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The record. It holds no day of its own: the registry says when it was changed."""
    body = governance.written(context, "adr", number=_number(context.registry.governance.adr or ""))
    style = governance.style(context.settings.path)
    yield Artefact(context.settings.path, page(body, style), style, sources=context.sources)


def _number(record: str) -> str:
    """The number that the registry knows the record by, as it is written there; empty where it has none."""
    found = NUMBER.search(record)
    return found[1] if found else ""
