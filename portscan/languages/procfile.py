"""Procfiles: a process name, a colon, a command line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portscan.expressions import compiled
from portscan.languages import Language
from portscan.languages.prose import comments_of
from portscan.sites import Embedded, Site
from portscan.text import Text

PROCESS = compiled(r"^(?:#.*|([\w-]+):[ \t]*(.*))$", re.MULTILINE)


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """The command line of each process."""
    del path
    for match in PROCESS.finditer(text.value):
        if match[2] is None:
            yield from comments_of((text.part(*match.span()),), language)
        else:
            yield Embedded("shell", text.part(*match.span(2)))
