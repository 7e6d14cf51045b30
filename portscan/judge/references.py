"""How a file reads a variable: as its format does, where its language has formats, else as the language does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from portscan.records import dataclass, field
from portscan.source import Source


class References(Protocol):
    """What tells how a language reads a variable: a template with <variable> and <port>, none where it has no way."""

    def get(self, language: str, /) -> str | None:
        """The template of a language."""
        ...


@dataclass(frozen=True, slots=True)
class InFile:
    """The references of one file: those of the `formatted` languages depend on its format, the others do not."""

    formatted: Mapping[str, Mapping[str, Any]]
    source: Source
    others: References
    _known: dict[str, str | None] = field(default_factory=dict, compare=False)

    def get(self, language: str, /) -> str | None:
        """The template of a language in this file."""
        if language not in self._known:
            entry = self.formatted.get(language)
            self._known[language] = self.others.get(language) if entry is None else reference(entry, self.source)
        return self._known[language]


def reference(language: Mapping[str, Any], source: Source) -> str | None:
    """How the readers of a file in a language look a variable up."""
    from portscan.languages.yaml import dialect

    formats = language.get("formats", ())
    found = dialect(formats, source.path, source.text) if formats else {}
    template: str | None = (found or language).get("reference")
    return template
