"""The inventory as a line for each port: how often it stands somewhere, what it is called there, and where to look first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from portscan.expressions import compiled
from portscan.reporters.columns import aligned, widths
from portscan.reporters.inventory import total
from portscan.reporters.unread import passed_over_line, unread_block
from portscan.terminal import paint, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portscan.model import PortLiteral
    from portscan.reporters.inventory import Inventory
    from portscan.terminal import Streams

HEADINGS = ("PORT", "PLACES", "FILES", "CALLED", "FIRST")
RIGHT = frozenset((0, 1, 2))
MOST_NAMES = 3
PLAIN = compiled(r"[\w.:\[\]-]{1,60}")
VARIABLE = compiled(r"(?<![A-Z0-9_])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
HERE = frozenset(("localhost", "127.0.0.1", "0.0.0.0", "::1", "[::1]"))  # says nothing of whose port it is


def as_ports(inventory: Inventory, streams: Streams) -> str:
    """The ports, those that stand in the most files first."""
    by_port: dict[int, list[PortLiteral]] = {}
    for literal in inventory.literals:
        by_port.setdefault(literal.port, []).append(literal)
    ordered = sorted(by_port.items(), key=lambda pair: (-len(_files(pair[1])), -len(pair[1]), pair[0]))
    lines = [_cells(port, those) for port, those in ordered]
    last = passed_over_line(inventory.skipped, streams) + total(inventory)
    blocks = (_table(lines, streams) if lines else "", unread_block(inventory.skipped, streams), last)
    return "\n".join(block for block in blocks if block)


def _table(lines: Sequence[tuple[str, ...]], streams: Streams) -> str:
    wide = widths((HEADINGS, *lines))
    head = paint(aligned(HEADINGS, wide, RIGHT), "dim", streams.color)
    return "".join(f"{line}\n" for line in (head, *(aligned(line, wide, RIGHT) for line in lines)))


def _cells(port: int, literals: Sequence[PortLiteral]) -> tuple[str, ...]:
    said = (literal.variable or literal.owner or _plain(literal.host or "") for literal in literals)
    names = Counter(name for name in said if name and name not in HERE)
    called = ", ".join(printable(name) for name, _ in names.most_common(MOST_NAMES)) or "-"
    first = next((literal for literal in literals if literal.context == "code"), literals[0])
    where = f"{printable(first.path)}:{first.location.line}"
    return str(port), f"{len(literals):,}", f"{len(_files(literals)):,}", called, where


def _plain(host: str) -> str:
    """A host as it can be told in a word: that of an expression is the variable that is looked up first."""
    found = None if PLAIN.fullmatch(host) else VARIABLE.search(host)
    return found.group() if found else host if PLAIN.fullmatch(host) else ""


def _files(literals: Sequence[PortLiteral]) -> set[str]:
    return {literal.path for literal in literals}
