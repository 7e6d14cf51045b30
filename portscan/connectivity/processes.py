"""Processes that a package's scripts start on the host itself: a development server takes its port from everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from posixpath import basename, dirname

from portscan.connectivity.published import Publication, publications
from portscan.connectivity.system import Member, System
from portscan.connectivity.traced import Spot
from portscan.model import PortLiteral
from portscan.passed_over import matcher
from portscan.records import dataclass
from portscan.registry.model import Service as Registered

PACKAGE = "package.json"
SCRIPTS = ("dev", "start", "serve", "preview")
Literals = Callable[[str], tuple[PortLiteral, ...]]


@dataclass(frozen=True, slots=True)
class Process:
    """What a script of a package starts: by the registry, the package belongs to `entry`."""

    entry: Registered
    script: str
    port: int
    spot: Spot


@dataclass(frozen=True, slots=True)
class Occupied:
    """A process and a container that want one port. `settled` says that the registry gives it to the container."""

    process: Process
    publication: Publication
    settled: bool


def occupied(system: System, literals: Literals) -> Iterator[Occupied]:
    """Every such pair. A package and the container that it is built into are two ways to run the same."""
    published = [each for each in publications(system) if each.mapped.protocol == "tcp"]
    for process in _processes(system, literals):
        for each in published:
            if each.port == process.port and not _same(system, process, each.member):
                entry = system.registered(each.member)
                yield Occupied(process, each, entry is not None and any(e.port == each.port for e in entry.endpoints))


def _processes(system: System, literals: Literals) -> Iterator[Process]:
    owners = [(matcher([f"/{glob.removeprefix('./')}"]), entry) for entry in system.registry.services for glob in entry.paths]
    for path in (path for path in system.world.ordered if path.endswith(PACKAGE) and basename(path) == PACKAGE):
        owning = list({entry.name: entry for matches, entry in owners if matches(path)}.values())
        source = system.world.source(path) if len(owning) == 1 else None
        for literal in literals(path) if source is not None else ():
            script = (literal.name or "").rpartition(".")[2]
            if source is not None and literal.kind == "flag" and literal.context == "code" and script in SCRIPTS:
                start, end = source.character(literal.span.start), source.character(literal.span.end)
                yield Process(owning[0], script, literal.port, Spot(path, start, end))


def _same(system: System, process: Process, member: Member) -> bool:
    """Whether the container is the package's own, or takes its place."""
    entry, build = system.registered(member), member.service.said.build
    built = build is not None and dirname(process.spot.path) in (build.context, dirname(f"{build.context}/{build.dockerfile}"))
    names = {process.entry.name, process.entry.compose_service, *process.entry.aliases}
    return built or member.name in names or entry is process.entry or bool(entry and process.entry.name == entry.alternative_to)
