"""The rules with what a registry calls a port."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from portscan import knowledge
from portscan.knowledge import Knowledge
from portscan.names import compile_names

TITLE = "a variable of the registry"


@lru_cache(maxsize=4)
def with_names(known: Knowledge, variables: Sequence[str], path: str) -> Knowledge:
    """The knowledge, to which only those are added of `variables` that it does not take for ports anyway."""
    says = compile_names(known.rules).says
    further = [name for name in variables if not says(name)]
    return knowledge.naming(known, further, TITLE, path) if further else known
