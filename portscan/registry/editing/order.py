"""Where a new key of the registry goes: as the entries around it have their keys, else as usual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from portscan.document.nodes import Path
from portscan.registry.editing.page import Page, Spot

# The order in which keys of an entry are written, where its neighbours do not show another.
ORDER: Final = (
    *("version", "lastUpdated", "ranges", "reserved", "governance"),
    *("name", "stack", "port", "container_port", "env", "protocol", "ports", "owner", "description", "host", "aliases"),
    *("compose_service", "paths", "container", "external", "network", "networks", "depends_on", "exposure", "gatewayPath"),
    *("profiles", "alternative_to", "healthcheck", "status", "deprecated", "replacement", "previous", "notes", "services"),
)


def predecessor(page: Page, path: Path, holder: Spot, name: str) -> int:
    """The index of the pair behind which a key is put: as its neighbours have it, else as usual."""
    known = order(page, path)
    rank = known.index(name) if name in known else len(known)
    keys = [key.text for key, _ in holder.pairs]
    if not keys:
        return -1
    before = [index for index, key in enumerate(keys) if key in known and known.index(key) < rank]
    return max(before, default=0) if name in known else len(keys) - 1


def order(page: Page, path: Path) -> list[str]:
    """The order of keys in the entries of the list that a path leads into, with the usual one for those never written."""
    at = max((index for index, part in enumerate(path) if isinstance(part, int)), default=None)
    entries = page.spot(path[:at]) if at is not None and at == len(path) - 2 else None
    known: list[str] = []
    for entry in entries.children if entries else ():
        _woven(known, [key.text for key, _ in entry.pairs] if entry.kind == "map" else [])
    for index, key in enumerate(ORDER):
        if key not in known:
            _behind(known, key, ORDER[:index])
    return known


def _woven(known: list[str], keys: Sequence[str]) -> None:
    """Put the keys that are new in front of those that follow them here, or else usually do."""
    for index, key in enumerate(keys):
        if key not in known:
            lowest = max((known.index(each) + 1 for each in keys[:index]), default=0)
            later = {*keys[index + 1 :], *(ORDER[ORDER.index(key) + 1 :] if key in ORDER else ())}
            known.insert(next((at for at in range(lowest, len(known)) if known[at] in later), len(known)), key)


def _behind(known: list[str], key: str, before: Sequence[str]) -> None:
    """Put a key right behind the nearest of those that come before it."""
    previous = next((each for each in reversed(before) if each in known), None)
    known.insert(known.index(previous) + 1 if previous is not None else 0, key)
