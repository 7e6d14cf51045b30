"""Templates that `envsubst` fills in, as nginx images do: `${X}` and nothing else, so that the variable must be set."""

from __future__ import annotations

from portscan.model import PortLiteral
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled

TEMPLATES = (".template", ".tmpl", ".tpl", ".envsubst")
NOTE = "envsubst knows no fallback, so {} must be set wherever the template is filled in"
PLAIN = "this format has no variables: pin the line with a comment `portscan: SERVICE`, or make the file a template of envsubst"


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Replace the digits by the variable, in a file that is a template."""
    del literal
    if not source.path.lower().endswith(TEMPLATES):
        return Declined(PLAIN)
    return Spelled((Change(start, end, f"${{{binding.variable}}}"),), "unsafe", NOTE.format(binding.variable))


def faults(source: Source) -> int:
    """A template has no grammar to break."""
    del source
    return 0
