"""Everything that is to be generated: the generators of the configuration, run, and their paths held against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from os.path import relpath
from pathlib import Path
from posixpath import normpath
from typing import Any

from portscan.alike import parts
from portscan.config import Config
from portscan.config.tables import read_table
from portscan.connectivity.bounds import Budget
from portscan.errors import UserError
from portscan.expressions import compiled
from portscan.generators import DEFAULTS, NAMES, generator
from portscan.generators.model import Artefact, Context, Settings
from portscan.journal import FOLDER
from portscan.records import dataclass
from portscan.registry.model import Registry

# From where version control and portscan itself take what is to be done, and what is a device on some systems.
NOT_FOR_US = compiled(rf"\.(?:git|hg|svn|jj)|git~\d+|{re.escape(FOLDER)}|(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


@dataclass(frozen=True, slots=True)
class Claim:
    """An artefact, and the generator that answers for it."""

    generator: str
    artefact: Artefact

    @property
    def name(self) -> str:
        """What heads the file or the block: the generator's name, or that of the block."""
        return self.artefact.block or self.generator


@dataclass(frozen=True, slots=True)
class Place:
    """Where the repository is: `base`, from which all paths count, and files there that nothing may be written over."""

    base: Path
    registry_file: Path
    config_file: Path | None = None
    origin: str = ""

    @property
    def source(self) -> str:
        """The registry's path from the base, or its `origin` when it is kept in another repository."""
        return self.origin or Path(relpath(self.registry_file, self.base)).as_posix()

    @property
    def taken(self) -> frozenset[str]:
        """The paths, from the base, of the files that decide."""
        files = (self.registry_file, self.config_file)
        return frozenset(Path(relpath(file, self.base)).as_posix() for file in files if file)


def claims(
    registry: Registry, config: Config, place: Place, today: date, only: Sequence[str] = (), budget: Budget | None = None
) -> tuple[Claim, ...]:
    """What the generators named in `only`, or all in force, want to be there; a `UserError` where two want the same place.

    The `budget` tells afterwards which files were read in part.
    """
    may = budget or Budget()
    found = tuple(
        Claim(name, artefact)
        for name, settings in chosen(config, only)
        for artefact in generator(name).render(Context(registry, settings, place.base, today, place.source, may))
    )
    for name, settings in chosen(config, only):
        _known(name, settings, registry)
    _apart(found)
    for claim in found:
        _allowed(claim, place)
    return found


def _known(name: str, settings: Settings, registry: Registry) -> None:
    """A stack that nobody is of would make empty files of a misspelling."""
    there = {service.stack for service in registry.services} | registry.by_stack.keys()
    for stack in settings.stacks:
        if stack not in there:
            raise UserError(f"generate.{name}: stacks: the registry has no stack `{stack}`", "Name a stack of the registry.")


def chosen(config: Config, only: Sequence[str] = ()) -> Iterator[tuple[str, Settings]]:
    """The generators in force with their settings: those of the configuration, or else the usual ones."""
    tables: Sequence[tuple[str, Mapping[str, Any]]] = config.generate or tuple((name, {}) for name in DEFAULTS)
    for name in (*(name for name, _ in tables), *only):
        if name not in NAMES:
            raise UserError(f"there is no generator `{name}`", f"The generators are {', '.join(NAMES)}.")
    for name in only:
        if name not in dict(tables):
            raise UserError(f"`{name}` is not configured", f"Add a table `generate.{name}` to the configuration.")
    for name, table in tables:
        if not only or name in only:
            yield name, read_table(generator(name).Settings, table, f"generate.{name}")


def _apart(found: Sequence[Claim]) -> None:
    """No two generators may write one file, unless as blocks of different names."""
    seen: dict[str, list[Claim]] = {}
    for claim in found:
        here = seen.setdefault("/".join(parts(claim.artefact.path)), [])
        for other in here:
            if claim.artefact.block is None or claim.artefact.block == other.artefact.block or other.artefact.block is None:
                raise UserError(
                    f"{other.generator} and {claim.generator} would both write {claim.artefact.path}",
                    "Give one of them another `path`, or each a `block` of its own.",
                )
        here.append(claim)


def _allowed(claim: Claim, place: Place) -> None:
    path, where = claim.artefact.path, f"generate.{claim.generator}"
    first = normpath(path).split("/")[0]
    if path.startswith("/") or first in ("..", ".") or re.search(r"[\\\x00-\x1f]|^[A-Za-z]:", path):
        raise UserError(f"{where}: {path!r} is no file of the repository", "Paths are from its top, with slashes.")
    if any(NOT_FOR_US.fullmatch(part) for part in parts(path)) or parts(path) in map(parts, place.taken):
        raise UserError(f"{where}: {path} is not to be generated", "Name another `path`.")
    if claim.artefact.block is not None and not re.fullmatch(r"[\w.-]+", claim.artefact.block):
        raise UserError(f"{where}: {claim.artefact.block!r} is no name of a block", "Use letters, digits, - and _.")
