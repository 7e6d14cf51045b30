"""Where a fix is to be made, and changes of characters as edits of bytes."""

from __future__ import annotations

from portscan.languages import Language
from portscan.model import Edit, Finding, PortLiteral
from portscan.records import dataclass
from portscan.registry.model import Endpoint
from portscan.source import Source
from portscan.spelling import Change, Spelled


@dataclass(frozen=True, slots=True)
class Place:
    """The literal of a finding in its file, and the endpoint that it is to follow."""

    source: Source
    language: Language
    finding: Finding
    literal: PortLiteral
    endpoint: Endpoint

    @property
    def start(self) -> int:
        """The character at which its digits begin."""
        return self.source.character(self.literal.span.start)

    @property
    def end(self) -> int:
        """The character at which its digits end."""
        return self.source.character(self.literal.span.end)

    @property
    def number(self) -> Change:
        """The number of the registry in its place."""
        return Change(self.start, self.end, str(self.endpoint.port))


def edits_of(source: Source, spelled: Spelled) -> tuple[Edit, ...]:
    """The edits that make what was spelled."""
    return tuple(
        Edit(
            source.path,
            source.byte_span(change.start, change.end),
            source.location(change.start, change.end),
            source.text[change.start : change.end].encode(source.encoding),
            change.after.encode(source.encoding),
        )
        for change in spelled.changes
    )
