"""Says where in a compose file something is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portscan.records import dataclass

if TYPE_CHECKING:
    from portscan.connectivity.model import Part
    from portscan.connectivity.traced import Spot, Traced
    from portscan.connectivity.world import World


@dataclass(frozen=True, slots=True)
class Sayer:
    """The places of what one file says of a service."""

    world: World
    part: Part

    def place(self, spot: Spot | None) -> str:
        """A file with its line."""
        if spot is None:
            return self.part.path
        source = self.world.source(spot.path)
        line = source.location(spot.start, spot.start).line if source else 1
        return f"{spot.path}:{line}"

    def section(self, key: str) -> str:
        """Where a key of the service is written."""
        return self.place(self.part.sections.get(key))

    def written(self, value: Traced) -> str:
        """The text as it stands in the file, variables and all."""
        source = self.world.source(self.part.path)
        spot = value.spot
        return source.text[spot.start : spot.end] if source and spot and spot.path == self.part.path else ""
