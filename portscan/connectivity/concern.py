"""Which calls can be behind a finding about some files: in a hook the others need not be judged."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cached_property

from portscan.connectivity.calls import Call, told_to
from portscan.connectivity.listening import Listening
from portscan.connectivity.system import Member, System
from portscan.connectivity.traced import Traced
from portscan.expressions import compiled
from portscan.records import dataclass


@dataclass(frozen=True)
class Concern:
    """Tells them. A finding is about a file at the place of the call, the container that calls, or the one that is meant."""

    system: System
    listening: Listening
    files: frozenset[str]

    def told(self, member: Member) -> bool:
        """Whether anything that a container is told may touch them: calls of the others need not be made to see that."""
        said, given = member.service.said, tuple(told_to(member))
        if member.key in self._keys or said.links or said.external_links or written_in(given, self.files):
            return True
        text = "\n".join([value.text for value in given])
        return not text.isascii() or self._spoken.search(text.lower()) is not None

    def touches(self, call: Call) -> bool:
        """Whether a call may concern the files."""
        here = call.place is not None and call.place.path in self.files
        return here or call.caller.key in self._keys or self._meant(call)

    def _meant(self, call: Call) -> bool:
        """Whether a container of the files may be meant, by its name or by a port that it has."""
        said = call.caller.service.said
        return bool(call.address.host in self._names or call.address.port in self._ports or said.links or said.external_links)

    def _own(self, member: Member) -> bool:
        spots = (member.service.said.key, *(port.item for port in member.service.ports))
        return any(spot is not None and spot.path in self.files for spot in spots)

    @cached_property
    def _members(self) -> tuple[Member, ...]:
        return tuple(filter(self._own, self.system.members))

    @cached_property
    def _keys(self) -> frozenset[object]:
        return frozenset(member.key for member in self._members)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(name for member in self._members for name in self.system.names(member))

    @cached_property
    def _spoken(self) -> re.Pattern[str]:
        """A name of one of the containers in front of a port or alone, or one of the ports, as an address holds them."""
        names = "|".join(map(re.escape, sorted(self._names))) or "(?!)"
        ports = "|".join(map(str, sorted(self._ports))) or "(?!)"
        return compiled(rf"(?<!\d)0*(?:{ports})(?!\d)|(?<![\w.-])(?:{names})(?=:|$)", re.MULTILINE)

    @cached_property
    def _ports(self) -> frozenset[int]:
        published = (port.fixed for member in self._members for port in member.service.ports if port.fixed is not None)
        return frozenset(published).union(*map(self.listening.certain, self._members))


def written_in(given: Iterable[Traced], files: Collection[str]) -> bool:
    """Whether any of these values, or a part of one, is written in one of the files."""
    return any(piece.path in files for value in given for piece in value.pieces)
