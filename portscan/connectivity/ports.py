"""Published ports in Compose's two forms: `"127.0.0.1:8000-8001:80-81/udp"`, and keys of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from portscan.connectivity.model import Mapped
from portscan.connectivity.traced import Spot, Traced
from portscan.expressions import compiled

RANGE = compiled(r"(\d{1,5})(?:-(\d{1,5}))?")
SHORT = compiled(r"(?:(?:(?P<address>\[[^\]]*\]|[\w.]*):)?(?P<outside>[\d-]*):)?(?P<inside>[\d-]+)(?:/(?P<protocol>\w+))?")
HIGHEST = 65535
NOT_PUBLISHED = (None, None)
Span: TypeAlias = tuple[int, int]


def short(value: Traced) -> Iterator[Mapped]:
    """The ports of the short form, each on its own; nothing where it is none."""
    text = value.text
    match = SHORT.fullmatch(text)
    inside = span(match["inside"]) if match else None
    if match is None or inside is None:
        return
    written = match["outside"] or ""
    outside = span(written) if written else None
    if written and outside is None:
        return
    address = (match["address"] or "").strip("[]")
    protocol = (match["protocol"] or "tcp").lower()
    digits = value.part(*match.span("outside")) if written else Traced()
    target = value.part(*match.span("inside"))
    for number, (first, last) in _each(inside, outside):
        yield Mapped(number, first, last, address, protocol, "ingress", digits, target, value.spot)


def width(value: Traced) -> int:
    """How many ports a range of the short form has in the container; 0 where it is none."""
    match = SHORT.fullmatch(value.text)
    first, last = (span(match["inside"]) if match else None) or (0, 0)
    return last - first + 1 if first < last else 0


def _each(inside: Span, outside: Span | None) -> Iterator[tuple[int, tuple[int | None, int | None]]]:
    """Each port of the container, with the port or the ports of the host that it may have."""
    if outside is None:
        yield from ((port, NOT_PUBLISHED) for port in range(inside[0], inside[1] + 1))
    elif inside[0] == inside[1]:
        yield inside[0], outside
    elif outside[1] - outside[0] == inside[1] - inside[0]:
        for i in range(inside[1] - inside[0] + 1):
            yield inside[0] + i, (outside[0] + i, outside[0] + i)


def long(fields: dict[str, Traced], spot: Spot) -> Iterator[Mapped]:
    """The port of the long form; nothing where its target is no port."""
    target = span(fields["target"].text) if "target" in fields else None
    if target is None or target[0] != target[1]:
        return
    outside = fields.get("published", Traced())
    first, last = (span(outside.text) if outside.text else None) or NOT_PUBLISHED
    said = {key: fields[key].text for key in ("host_ip", "protocol", "mode") if key in fields}
    yield Mapped(
        target[0],
        first,
        last,
        said.get("host_ip", "").strip("[]"),
        said.get("protocol", "tcp").lower() or "tcp",
        said.get("mode", "ingress"),
        outside,
        fields["target"],
        spot,
    )


def span(text: str) -> Span | None:
    """The ports from and to, which are the same for a single one."""
    match = RANGE.fullmatch(text)
    if match is None:
        return None
    start, end = int(match[1]), int(match[2] or match[1])
    return (start, end) if start <= end <= HIGHEST else None
