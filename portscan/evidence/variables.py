"""Which variable of the registry a literal is about: one that is looked up, else the one that is set."""

from __future__ import annotations

from collections.abc import Container

from portscan.evidence import last
from portscan.expressions import compiled
from portscan.model import PortLiteral
from portscan.registry.model import Endpoint, Registry

# What build tools ask of a variable before they hand it to a browser: VITE_API_PORT is API_PORT.
PUBLIC = compiled(r"\A(?:VITE|NEXT_PUBLIC|NUXT_PUBLIC|REACT_APP|VUE_APP|GATSBY|EXPO_PUBLIC|PUBLIC)_(?=[A-Z])")


def registered(literal: PortLiteral, registry: Registry, generic: Container[str]) -> Endpoint | None:
    """The endpoint of the nearest registered variable, which may be called otherwise where it is public."""
    for name in named_by(literal):
        endpoint = registry.by_variable.get(name) or registry.by_variable.get(_private(name, generic))
        if endpoint is not None:
            return endpoint
    return None


def named_by(literal: PortLiteral) -> tuple[str, ...]:
    """The variables that are looked up, else the name that is set."""
    return literal.variables or (last(literal.name),)


def _private(name: str, generic: Container[str]) -> str:
    """The name without what makes it public; what is PORT to a server says nothing of VITE_PORT."""
    bare = PUBLIC.sub("", name)
    return name if bare in generic else bare
