"""What judges the literals of a file, and plans their fixes: the stages, made for one repository and one day."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from functools import cache as once
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from portscan.config import Config
from portscan.files import repository_root
from portscan.model import Finding, Skipped
from portscan.pipeline.entries import file_of
from portscan.pipeline.fileread import FileRead
from portscan.pipeline.rules import extra_rules, known_rules, reader_of
from portscan.registry.model import Registry
from portscan.source import Source
from portscan.workspace import base_of

if TYPE_CHECKING:
    from portscan.fixing.planning import Planner
    from portscan.pipeline.reading import Reading
    from portscan.pipeline.stages import Stages
    from portscan.verifying import State


def stages_of(root: Path, registry: Registry, config: Config, today: date) -> Stages:
    """The stages that judge what is found below `root`; a `UserError` where the configuration pins to nobody."""
    from portscan.findings import catalogue
    from portscan.judge.literals import Judge
    from portscan.pipeline.stages import Stages, check_pins, seen_from
    from portscan.resolve import Resolver

    known = known_rules(config)
    spellings = {name: entry["reference"] for name, entry in known.languages.items() if "reference" in entry}
    mute = frozenset(name for name, entry in known.languages.items() if not any(map(entry.get, ("comments", "blocks", "remark"))))
    formatted = {name: entry for name, entry in known.languages.items() if "formats" in entry}
    resolver = Resolver(registry, config, prefix_of(root, registry, config))
    check_pins(config, resolver)
    judge = Judge(registry, config, catalogue(extra_rules(config)), today, spellings, mute)
    return Stages(resolver, judge, config, seen_from(config.file.parent, root) if config.file else str, formatted)


def context_of(root: Path, registry: Registry, config: Config, today: date) -> str:
    """What findings depend on besides a file and the rules."""
    return repr((registry, prefix_of(root, registry, config), config, registry.ended(today)))


def prefix_of(root: Path, registry: Registry, config: Config) -> str:
    """What leads from where the paths in the registry begin to where those of the report do."""
    return os.path.relpath(root, base_of(root, registry.path, config)).replace(os.sep, "/")


def prepared(
    root: Path, registry: Registry, config: Config, today: date, fixes: bool, pin: bool
) -> tuple[Callable[[], Stages], Planner | None]:
    """The stages that judge, made when the first file needs them, and the one that plans fixes where they are wanted."""
    stages = once(partial(stages_of, root, registry, config, today))
    if config.pins:
        stages()  # a wrong pin is told whatever the files hold
    planner = _planner(root, registry, config, reader_of(config, registry), stages(), pin) if fixes else None
    return stages, planner


def findings_of(file: FileRead, stages: Callable[[], Stages], planner: Planner | None) -> tuple[Finding, ...]:
    """What there is to be said of a file, and done about it."""
    if file.silent:
        return ()
    found = tuple(stages().findings(file))
    if not found or planner is None:
        return found
    from portscan.verifying import State

    return planner.plan(file.source, State(file.literals, found))


def _planner(root: Path, registry: Registry, config: Config, reader: Reading, stages: Stages, pin: bool) -> Planner:
    from portscan.fixing.assigned import Assigned
    from portscan.fixing.bindings import Bindings
    from portscan.fixing.pinning import pinboard
    from portscan.fixing.planning import Planner
    from portscan.pipeline.mounts import mounted

    top = repository_root(root.absolute())
    return Planner(
        registry,
        reader.languages,
        lambda source, pins: _examined(source, reader, stages.pinning(pins)),
        Bindings(root, top, config, stages.seen).of,
        pinboard(root.absolute(), top, config),
        stages.seen,
        stages.idle.unknown,
        lambda path: mounted(top, root.absolute() / path),
        Assigned(reader.languages, root, top),
        pin,
    )


def _examined(source: Source, reader: Reading, stages: Stages) -> State | Skipped:
    """A file as it would be, read and judged like one on disk."""
    from portscan.verifying import State

    found = file_of(source, reader=lambda: reader)
    return found if isinstance(found, Skipped) else State(found.literals, tuple(stages.findings(found)))
