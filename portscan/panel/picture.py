"""The map alone, as a picture for a README or a wiki: a row of cells for each range, in the colours of the panel."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

    from portscan.registry.model import Range, Registry

LABEL, CELL, GAP, ROW, MARGIN = 220, 12, 2, 24, 16
COLUMNS: Final = 50
WIDTH: Final = LABEL + COLUMNS * (CELL + GAP) + 2 * MARGIN
LIGHT: Final = {"used": "#2f6fb5", "deprecated": "#9a6b00", "planned": "#5d7f31", "window": "#7a4fb0", "reserved": "#b8b3a8"}
DARK: Final = {"used": "#5d9fe0", "deprecated": "#d9a63a", "planned": "#92b85c", "window": "#b78ee6", "reserved": "#5a5750"}
STATUSES: Final = {"active": "used", "deprecated": "deprecated", "planned": "planned"}
FONT: Final = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"


def svg(registry: Registry, today: date) -> str:
    """The picture. It follows the light or dark scheme of whoever looks at it, and changes only with the registry and the day."""
    rows: list[str] = []
    height = MARGIN
    for each in registry.ranges:
        drawn, taken = _range(each, registry, today, height)
        rows += drawn
        height += taken
    legend = list(_legend(height + 8))
    total = height + 8 + ROW + MARGIN
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {total}" width="{WIDTH}" height="{total}" role="img">'
    title = f"<title>The ports of {len(registry.services)} services in {len(registry.ranges)} ranges</title>"
    return "\n".join((head, title, f"<style>{_style()}</style>", *rows, *legend, "</svg>", ""))


def html(registry: Registry, today: date) -> str:
    """The picture in a page of its own."""
    head = '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="color-scheme" content="light dark">'
    return f"{head}\n<title>Ports</title>\n</head>\n<body>\n{svg(registry, today)}</body>\n</html>\n"


def _range(each: Range, registry: Registry, today: date, top: int) -> tuple[list[str], int]:
    """The rows of a range, and the height they take. Where it has more ports than cells, a cell stands for several."""
    states = states_of(registry, today)
    step = -(-len(each) // (COLUMNS * 3))
    firsts = range(each.first, each.last + 1, step)
    used = len({port for port, (state, _) in states.items() if port in each and state not in ("window", "reserved")})
    lines = [f'<text x="{MARGIN}" y="{top + 12}" class="name">{escape(each.name)}</text>']
    lines.append(f'<text x="{MARGIN}" y="{top + 26}" class="dim">{each}, {used} of {len(each)} used</text>')
    for number, first in enumerate(firsts):
        here = [states[port] for port in range(first, min(first + step, each.last + 1)) if port in states]
        state, title = here[0] if here else ("free", str(first))
        x, y = LABEL + MARGIN + number % COLUMNS * (CELL + GAP), top + number // COLUMNS * (CELL + GAP)
        shape = f'<rect class="{state}" x="{x}" y="{y}" width="{CELL}" height="{CELL}" rx="2">'
        lines.append(f"{shape}<title>{escape(title)}</title></rect>")
    return lines, max(-(-len(firsts) // COLUMNS) * (CELL + GAP), ROW + 10) + 8


def states_of(registry: Registry, today: date) -> dict[int, tuple[str, str]]:
    """What each port is that is not free, and words for it."""
    found: dict[int, tuple[str, str]] = {}
    for each in registry.reserved:
        found.update({port: ("reserved", f"{port} reserved") for port in range(each.first, each.last + 1)})
    previous = (each for service in registry.services for each in service.previous if today <= each.until)
    found.update({each.port: ("window", f"{each.port} {each.service}, until {each.until}") for each in previous})
    for endpoint in (each for each in registry.endpoints if each.published):
        status = registry.by_name[endpoint.service].status
        found[endpoint.port] = (STATUSES[status], f"{endpoint.port} {endpoint.service}")
    return found


def _legend(top: int) -> Iterator[str]:
    words = {"used": "used", "planned": "planned", "deprecated": "deprecated", "window": "in transition", "reserved": "reserved"}
    for number, (state, word) in enumerate((*words.items(), ("free", "free"))):
        x = MARGIN + number * 120
        yield f'<rect class="{state}" x="{x}" y="{top}" width="{CELL}" height="{CELL}" rx="2"/>'
        yield f'<text x="{x + CELL + 6}" y="{top + 10}" class="dim">{word}</text>'


def _style() -> str:
    light = {**LIGHT, "free": "#efece6", "name": "#1d1f23", "dim": "#5d6068"}
    dark = {**DARK, "free": "#2a2e36", "name": "#e8e8ea", "dim": "#a3a7b0"}
    text = f"text{{{FONT};font-size:11px}}.name{{font-size:13px;font-weight:600}}"
    return f"{text}{_fills(light)}@media(prefers-color-scheme:dark){{{_fills(dark)}}}"


def _fills(colours: dict[str, str]) -> str:
    return "".join(f".{name}{{fill:{colour}}}" for name, colour in colours.items())
