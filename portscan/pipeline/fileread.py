"""A file that was read: what the stages behind the reading are given."""

from __future__ import annotations

from portscan.directives import addressed
from portscan.model import PortLiteral
from portscan.records import dataclass
from portscan.source import Source


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read: its text, the literals in it, and whether it is a document for people."""

    source: Source
    literals: tuple[PortLiteral, ...]
    document: bool = False

    @property
    def silent(self) -> bool:
        """Whether there is nothing in it that anything could be said of: no literal, and no word to portscan."""
        return not self.literals and not addressed(self.source)
