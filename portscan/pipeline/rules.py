"""The rules that are in force in a repository: portscan's own, those of its configuration, and what its registry calls a port."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache as once
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from portscan import knowledge
from portscan.config import Config
from portscan.knowledge import Knowledge
from portscan.pipeline.naming import with_names
from portscan.registry.model import Registry

if TYPE_CHECKING:
    from portscan.pipeline.reading import Reading


def extra_rules(config: Config) -> tuple[Path, ...]:
    """The directories with further rules."""
    base = config.file.parent if config.file else Path()
    return tuple(base / directory for directory in config.extend_rules)


def known_rules(config: Config, registry: Registry | None = None) -> Knowledge:
    """The rules that are in force. What `registry` calls a port is one, also where no word of the name says so."""
    extra = extra_rules(config)
    known = knowledge.load(extra) if extra else knowledge.shipped()
    return with_names(known, *names_of(registry)) if registry and registry.by_variable else known


def names_of(registry: Registry) -> tuple[tuple[str, ...], str]:
    """What a registry calls a port, and where it is."""
    return tuple(sorted(registry.by_variable)), registry.path


def reader_of(config: Config, registry: Registry | None = None) -> Reading:
    """What finds the literals in files; slow to come by the first time."""
    from portscan.pipeline.reading import reading

    return reading(known_rules(config, registry))


def reader_for(config: Config, registry: Registry | None = None) -> Callable[[], Reading]:
    """The same, made when the first file needs it."""
    return once(partial(reader_of, config, registry))


def state_of_rules(config: Config, registry: Registry) -> str:
    """What tells the rules that are in force from others."""
    return "\n".join((knowledge.state(extra_rules(config)), *further_names(config, registry)))


def further_names(config: Config, registry: Registry) -> Sequence[str]:
    """What the registry calls a port, and nothing else says to be one."""
    last = known_rules(config, registry).rules[-1]
    return last["identifiers"] if last.get("id") == knowledge.NAMED_SO else ()
