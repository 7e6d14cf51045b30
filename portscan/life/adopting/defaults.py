"""What a variable of a compose file stands for where it has no default: the one that the same file gives it elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portscan.connectivity.traced import Piece, Traced
from portscan.expressions import compiled

if TYPE_CHECKING:
    from portscan.connectivity.world import World

FORM = compiled(r"(?m)^[ \t]*#.*|(?<!\$)\$\{(?P<name>[A-Za-z_]\w*):?(?P<operator>[-+])(?P<value>[^{}]*)\}")


def defaults(world: World, path: str) -> dict[str, Traced]:
    """The numbers that variables have as their only default. One of which something hangs on whether it is set is left out."""
    found: dict[str, Traced] = {}
    doubtful: set[str] = set()
    for match in FORM.finditer(world.text(path) or ""):
        name, value = match["name"], match["value"]
        if name is None:
            continue
        other = found.setdefault(name, Traced((Piece(value, path, match.start("value")),)))
        if match["operator"] == "+" or not value.isdecimal() or other.text != value:
            doubtful.add(name)
    return {name: value for name, value in found.items() if name not in doubtful}
