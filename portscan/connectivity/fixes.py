"""What to write so that a call reaches its target: edits in the files that hold the address, and in compose files."""

from __future__ import annotations

from collections.abc import Iterator

from portscan.connectivity.faults import Fault
from portscan.connectivity.lore import Lore
from portscan.connectivity.published import Clash
from portscan.connectivity.system import Member
from portscan.connectivity.traced import Spot
from portscan.connectivity.world import World
from portscan.expressions import compiled
from portscan.model import Edit, Fix
from portscan.records import dataclass

EXPANSION = compiled(r"\$\{\w+:?-\d+\}")
INDENT = compiled(r"[ \t]*")


@dataclass(frozen=True)
class Fixes:
    """Makes fixes. None of them is safe: each changes whom a process talks to."""

    world: World
    lore: Lore

    def of_fault(self, fault: Fault) -> Fix | None:
        """The edits that mend a call; None where a person must decide."""
        remedy, address = fault.remedy, fault.call.address
        edits: list[Edit] = []
        if remedy.by_hand or (remedy.host and address.host != remedy.host and address.host_at is None):
            return None
        if remedy.host and address.host_at is not None and address.host != remedy.host:
            edits.append(self.edit(address.host_at, remedy.host))
        if remedy.port is not None and address.port_at is not None and address.port != remedy.port:
            edits.append(self.edit(self._expansion(address.port_at), str(remedy.port)))
        if remedy.gateway:
            declared = tuple(self._declared(fault.call.caller))
            if not declared:
                return None
            edits += declared
        host, port = remedy.host or address.host, remedy.port or address.port
        return Fix(f"Call {host}:{port}", "unsafe", tuple(edits)) if edits else None

    def of_clash(self, clash: Clash) -> Fix | None:
        """The registry's port and variable in place of the published number."""
        spot = clash.wrong.mapped.outside.whole()
        if clash.endpoint is None or spot is None or spot.path != clash.wrong.member.service.said.path:
            return None
        quoted = self._quoted(spot)
        spot = self._expansion(spot)
        after = f"${{{clash.endpoint.variable}:-{clash.endpoint.port}}}" if quoted else str(clash.endpoint.port)
        return Fix(f"Publish {clash.endpoint.port}", "unsafe", (self.edit(spot, after),))

    def edit(self, spot: Spot, after: str) -> Edit:
        """The characters at a spot replaced."""
        source = self.world.source(spot.path)
        if source is None:
            raise LookupError(spot.path)
        before = source.text[spot.start : spot.end].encode(source.encoding)
        span, location = source.byte_span(spot.start, spot.end), source.location(spot.start, spot.end)
        return Edit(spot.path, span, location, before, after.encode(source.encoding))

    def _expansion(self, spot: Spot) -> Spot:
        """The whole of `${NAME:-4010}` where the number is the fallback in it: what is right there has another name, or none."""
        text = self.world.text(spot.path) or ""
        start = text.rfind("\n", 0, spot.start) + 1
        for match in EXPANSION.finditer(text, start, spot.end + 1):
            if match.start() < spot.start and spot.end < match.end():
                return Spot(spot.path, *match.span())
        return spot

    def _quoted(self, spot: Spot) -> bool:
        """Whether an expansion may stand there: in quotes, or in a plain value outside brackets."""
        source = self.world.source(spot.path)
        line = source.text[source.text.rfind("\n", 0, spot.start) + 1 : spot.start] if source else ""
        return ("[" not in line and "{" not in line) or line.count('"') % 2 == 1 or line.count("'") % 2 == 1

    def _declared(self, caller: Member) -> Iterator[Edit]:
        """The name of the machine under `extra_hosts` of a service: in the list or mapping there is, or in a new one."""
        said = caller.service.said
        source = self.world.source(said.path)
        document = self.world.document(said.path)
        if source is None or document is None:
            return
        entry = f"{self.lore.gateways[0]}:{self.lore.gateway_address}"
        key = said.sections.get("extra_hosts")
        if key is None or key.path != said.path:
            at = source.text.rfind("\n", 0, said.body.start) + 1
            if source.text[at : said.body.start].strip() or source.text.startswith("{", said.body.start):
                return
            indent = INDENT.match(source.text, at)
            space = indent[0] if indent else ""
            end = _line_end(source.text)
            yield self.edit(Spot(said.path, at, at), f'{space}extra_hosts:{end}{space}  - "{entry}"{end}')
            return
        at = source.text.find("\n", key.start) + 1
        item = INDENT.match(source.text, at)
        if at and item and source.text.startswith("-", item.end()):
            yield self.edit(Spot(said.path, at, at), f'{item[0]}- "{entry}"{_line_end(source.text)}')
        elif at and item and source.text[key.end : at].strip() == ":":
            pair = entry.replace(":", ": ", 1)
            yield self.edit(Spot(said.path, at, at), f"{item[0]}{pair}{_line_end(source.text)}")


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
