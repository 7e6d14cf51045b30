"""What the documents about governance have in common: their settings, their headings, and how they name the registry."""

from __future__ import annotations

import re
from typing import Any, Final

from portscan.config.kinds import choice
from portscan.config.tables import key
from portscan.generated import HTML, MDX, Style
from portscan.generators.escapes import line
from portscan.generators.model import Context, Templated
from portscan.generators.ranges import rooms
from portscan.generators.templates import Raw
from portscan.records import dataclass

LANGUAGES: Final = ("en", "pt")


@dataclass(frozen=True, slots=True)
class Settings(Templated):
    """The keys of a document for people."""

    language: str = key(choice(*LANGUAGES), "The language: English or Portuguese.", default="en")


def written(context: Context[Any], document: str, **values: Any) -> str:
    """The text of a document in the language that is asked for."""
    shipped = f"{document}.{context.settings.language}.md.j2"
    return context.rendered(shipped, "markdown", rooms=rooms(context.registry), source=coded(context.source), **values)


def style(path: str) -> Style:
    """How a page carries its heading: pages of MDX know no comments of HTML."""
    return MDX if path.endswith(".mdx") else HTML


def coded(text: str) -> Raw:
    """A text as code of Markdown."""
    return Raw("`{}`".format(re.sub(r"[`{}<|]", "?", line(text))))
