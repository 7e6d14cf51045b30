"""A range that a stack could have: around what it has already, and taken by nobody else."""

from __future__ import annotations

import re
from typing import Final

from portscan.model import HIGHEST_PORT
from portscan.registry.model import Range, Registry

BLOCK: Final = 100
FIRST_BLOCK, LAST_BLOCK = 30, 640


def room(registry: Registry, name: str, near: int | None = None) -> Range:
    """Ports for a stack without a range: around `near` and those it has, else a hundred that its name tells, or the first."""
    taken = (*registry.ranges, *registry.reserved)
    own = [each.port for each in registry.services if each.stack == name and each.main.published and not each.external]
    wide = _blocks(name, *own, *((near,) if near else ())) if own or near else None
    told = re.search(r"(\d{2,3})00$", name)
    starts = (*((int(told[1]),) if told else ()), *range(FIRST_BLOCK, LAST_BLOCK))
    spans = [
        *((wide, _around(name, near or own[0], taken)) if wide else ()),
        *(Range(name, start * BLOCK, start * BLOCK + BLOCK - 1) for start in starts),
    ]
    found = (span for span in spans if span and not any(span.overlaps(each) for each in taken))
    return next(found, wide or Range(name, FIRST_BLOCK * BLOCK, FIRST_BLOCK * BLOCK + BLOCK - 1))  # all may be taken


def line(registry: Registry, name: str, near: int | None = None) -> str:
    """The line below `ranges` that makes a stack."""
    return f'`{name}: "{room(registry, name, near)}"`'


def _blocks(name: str, *ports: int) -> Range:
    """The hundreds in which ports are."""
    first, last = min(ports) // BLOCK * BLOCK, max(ports) // BLOCK * BLOCK + BLOCK - 1
    return Range(name, max(first, 1), min(last, HIGHEST_PORT))


def _around(name: str, port: int, taken: tuple[Range, ...]) -> Range | None:
    """What others leave of the hundred in which a port is; nothing where the port itself is in the range of one."""
    block = _blocks(name, port)
    first = max((block.first, *(each.last + 1 for each in taken if each.last < port)))
    last = min((block.last, *(each.first - 1 for each in taken if each.first > port)))
    return None if any(port in each for each in taken) else Range(name, first, last)
