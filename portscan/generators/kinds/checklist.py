"""What a pull request that touches ports must have thought of: a block of its template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from portscan.config.kinds import TEXT
from portscan.config.tables import key
from portscan.generated import HTML
from portscan.generators import governance
from portscan.generators.model import Artefact, Context
from portscan.records import dataclass

NAME: Final = "checklist"
HELP: Final = "a checklist about ports in the template of pull requests"


@dataclass(frozen=True, slots=True)
class Settings(governance.Settings):
    """Where the checklist goes."""

    path: str = key(TEXT, "The template of pull or merge requests.", default=".github/PULL_REQUEST_TEMPLATE.md")


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The block."""
    body = governance.written(context, NAME)
    yield Artefact(context.settings.path, body, HTML, block=NAME, sources=context.sources)
