"""The rules that are in force in a repository: portscan's own, those of its configuration, and what its registry calls a port."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from portscan import knowledge
from portscan.config import Config
from portscan.knowledge import Knowledge
from portscan.names import compile_names
from portscan.registry.model import Registry

if TYPE_CHECKING:
    from portscan.pipeline.reading import Reading

TITLE = "a variable of the registry"


def extra_rules(config: Config) -> tuple[Path, ...]:
    """The directories with further rules."""
    base = config.file.parent if config.file else Path()
    return tuple(base / directory for directory in config.extend_rules)


def known_rules(config: Config, registry: Registry | None = None) -> Knowledge:
    """The rules that are in force. What `registry` calls a port is one, also where no word of the name says so."""
    extra = extra_rules(config)
    known = knowledge.load(extra) if extra else knowledge.shipped()
    return _with_names(known, tuple(sorted(registry.by_variable)), registry.path) if registry else known


def reader_of(config: Config, registry: Registry | None = None) -> Reading:
    """What finds the literals in files; slow to come by the first time."""
    from portscan.pipeline.reading import reading

    return reading(known_rules(config, registry))


def state_of_rules(config: Config, registry: Registry) -> str:
    """What tells the rules that are in force from others."""
    return "\n".join((knowledge.state(extra_rules(config)), *further_names(config, registry)))


def further_names(config: Config, registry: Registry) -> Sequence[str]:
    """What the registry calls a port, and nothing else says to be one."""
    last = known_rules(config, registry).rules[-1]
    return last["identifiers"] if last.get("id") == knowledge.NAMED_SO else ()


@lru_cache(maxsize=4)
def _with_names(known: Knowledge, variables: Sequence[str], path: str) -> Knowledge:
    """The knowledge, to which only those are added of `variables` that it does not take for ports anyway."""
    says = compile_names(known.rules).says
    further = [name for name in variables if not says(name)]
    return knowledge.naming(known, further, TITLE, path) if further else known
