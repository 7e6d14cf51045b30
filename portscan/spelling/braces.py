"""Dialects with one form for everything: the language's `reference` with the variable and the number put in."""

from __future__ import annotations

from portscan.knowledge import shipped
from portscan.model import PortLiteral
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Replace the digits by the language's reference."""
    reference = shipped().languages.get(literal.language, {}).get("reference")
    if reference is None:
        return Declined("read the variable here")
    after = str(reference).replace("<variable>", binding.variable).replace("<port>", source.text[start:end])
    return Spelled((Change(start, end, after),))


def faults(source: Source) -> int:
    """These dialects have no grammar to break."""
    del source
    return 0
