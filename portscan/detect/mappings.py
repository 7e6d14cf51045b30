"""Port mappings as Compose, Docker and their kin write them: `[address:][host:]container[/protocol]`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portscan.detect.hits import Hit, port_of
from portscan.expressions import compiled
from portscan.model import Side

PIECE = compiled(r"(?:\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\$\(\([^)]{0,200}\)\)|\[[^\]]{0,200}\]|[^:])+|(?<=:)(?=:)")
PORTS = compiled(r"(?P<first>\d{1,5})(?:-(?P<last>\d{1,5}))?(?:/(?:tcp|udp|sctp))?")


def parse(text: str, rule: str) -> Iterator[Hit]:
    """The ports of one mapping, each with its side; nothing when `text` is no mapping."""
    body = text.strip().strip("\"'")
    base = text.find(body)
    pieces = [m for m in PIECE.finditer(body) if m.group()]
    if not 1 <= len(pieces) <= 3 or not body:
        return
    sides: tuple[Side, ...] = ("container",) if len(pieces) == 1 else ("host", "container")
    ports = pieces[-len(sides) :]
    host = pieces[0].group() if len(pieces) == 3 else None
    for piece, side in zip(ports, sides, strict=True):
        for hit in _piece(piece.group(), rule, side, host):
            yield hit.shifted(base + piece.start())


def _piece(text: str, rule: str, side: Side, host: str | None) -> Iterator[Hit]:
    match = PORTS.fullmatch(text)
    if match is None:
        return
    for group in ("first", "last"):
        port = port_of(match[group] or "")
        if port is not None:
            yield Hit(match.start(group), match.end(group), port, "mapping", rule, host, side)


def several(text: str, rule: str) -> Iterator[Hit]:
    """The ports of one or more mappings that stand in one text, divided by commas or white space."""
    for match in re.finditer(r"[^\s,;|()\"']+", text):
        for hit in parse(match.group(), rule):
            yield hit.shifted(match.start())
