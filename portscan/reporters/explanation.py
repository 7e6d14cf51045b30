"""Why a literal is taken for a port: the rule that found it, where that rule stands, and what it learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portscan.reporters.snippet import snippet
from portscan.source import Source, decode
from portscan.terminal import paint, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from portscan.model import PortLiteral
    from portscan.terminal import Streams

LABELS = 10


def explanation(literals: Sequence[PortLiteral], data: bytes | None, describe: Callable[[str], str], streams: Streams) -> str:
    """What is known of each of `literals`, which stand in one file; `describe` puts a rule into words."""
    decoded = decode(literals[0].path, data) if data is not None else None
    source = decoded if isinstance(decoded, Source) else None
    return "\n".join(_one(literal, source, describe, streams) for literal in literals)


def _one(literal: PortLiteral, source: Source | None, describe: Callable[[str], str], streams: Streams) -> str:
    place = f"{printable(literal.path)}:{literal.location.line}:{literal.location.column}"
    lines = [f"{paint(place, 'path', streams.color)}  port {paint(str(literal.port), 'bold', streams.color)}"]
    shown = snippet(source, literal.location, streams.width - 4) if source else None
    if shown:
        lines += [f"    {shown.text}", f"    {' ' * shown.indent}{paint('^' * shown.length, 'note', streams.color)}"]
    facts = (("rule", describe(literal.rule)), *_facts(literal))
    lines += [f"  {paint(f'{label:<{LABELS}}', 'dim', streams.color)}{printable(value)}" for label, value in facts]
    return "".join(f"{line}\n" for line in lines)


def _facts(literal: PortLiteral) -> Iterator[tuple[str, str]]:
    yield "kind", literal.kind
    yield "context", literal.context
    yield "language", literal.language
    yield "host", literal.host or "none"
    yield "name", literal.name or "none"
    yield "bound", f"yes, the fallback of {', '.join(literal.variables)}" if literal.bound else "no"
    if literal.owner:
        yield "service", literal.owner
    if literal.side:
        yield "side", literal.side
