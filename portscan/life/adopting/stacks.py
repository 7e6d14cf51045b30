"""Proposes stacks: neighbours among the ports form one, named by what most of them are, with room to grow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from portscan.life.adopting.found import Found
from portscan.model import HIGHEST_PORT

BLOCK = 100
ROLES: Mapping[str, frozenset[str]] = {
    "frontend": frozenset(
        ("web", "frontend", "ui", "dashboard", "client", "site", "docs", "console", "admin", "portal", "studio")
    ),
    "apis": frozenset(("api", "server", "backend", "gateway", "graphql", "rest", "rpc", "service", "worker", "proxy")),
}


def proposed(found: Sequence[Found]) -> tuple[dict[str, str], dict[str, str]]:
    """The stack of each service by its place and key, and the range of each stack, in the order of the ports.

    A range is one block of a hundred ports, or as many as leave a fifth of them free; ranges never overlap. What takes no port of
    the host needs no range: it joins a stack of its role, or is in one without.
    """
    blocks: dict[int, list[Found]] = {}
    for each in (each for each in found if each.published):
        blocks.setdefault(each.port // BLOCK, []).append(each)
    roles = {block: Counter(role(each) for each in group).most_common(1)[0][0] for block, group in sorted(blocks.items())}
    repeated = Counter(roles.values())
    names = {block: name if repeated[name] == 1 else f"{name}-{block * BLOCK or 1}" for block, name in roles.items()}
    ranges = {names[block]: f"{max(block * BLOCK, 1)}-{min(block * BLOCK + BLOCK - 1, HIGHEST_PORT)}" for block in roles}
    stacks = {identity(each): names[block] for block, group in blocks.items() for each in group}
    by_role = {name: names[block] for block, name in reversed(roles.items())}
    inner = {identity(each): by_role.get(role(each), role(each)) for each in found if identity(each) not in stacks}
    return {**stacks, **inner}, ranges


def identity(each: Found) -> str:
    """What tells a service apart from all others that were found."""
    return f"{each.place} {each.key}"


def role(each: Found) -> str:
    """What a service is: as its kind has it, else as the words of its name say."""
    if each.kind is not None and not (each.kind.role == "web" and "paths" in each.facts):
        return each.kind.role
    words = set(each.key.lower().replace("_", "-").split("-"))
    return next((name for name, known in ROLES.items() if words & known), "apps")
