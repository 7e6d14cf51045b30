"""Keys and values, one a line: Spring expands `${X:3103}` in its own files, whoever reads the others expands nothing."""

from __future__ import annotations

from portscan.expressions import compiled
from portscan.model import PortLiteral
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled

OF_SPRING = compiled(r"(?:^|/)(?:application|bootstrap)[\w-]*\.properties$")
PLAIN = "this format has no variables: pin the line with a comment `portscan: SERVICE`"


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Replace the digits by an expansion with them as fallback, in a file of Spring's."""
    del literal
    if not OF_SPRING.search(source.path):
        return Declined(PLAIN)
    return Spelled((Change(start, end, f"${{{binding.variable}:{source.text[start:end]}}}"),))


def faults(source: Source) -> int:
    """There is no grammar to break."""
    del source
    return 0
