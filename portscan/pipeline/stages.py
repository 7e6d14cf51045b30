"""Resolve, judge and suppress, put together for the files of one repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from os.path import relpath
from pathlib import Path
from posixpath import join, normpath
from typing import Any

from portscan.config import Config, Pin
from portscan.directives import Directive, directives
from portscan.errors import UserError
from portscan.evidence.places import Place, places
from portscan.findings import Breach
from portscan.generated import settled
from portscan.idle import Idle
from portscan.judge.breaches import Verdict
from portscan.judge.literals import Judge
from portscan.judge.references import InFile
from portscan.judge.repeated import Repeated
from portscan.judge.twins import twinned
from portscan.model import Finding, PortLiteral
from portscan.passed_over import matcher
from portscan.pipeline.fileread import FileRead
from portscan.records import dataclass, field, replace
from portscan.resolve import Resolved, Resolver
from portscan.suppress import Suppression, configured, idle_codes, suppressed, suppressions, unexplained


@dataclass(frozen=True, slots=True)
class Judged:
    """A literal, with what the registry knows of it, and what is wrong with it or why nothing is."""

    resolved: Resolved
    verdict: Verdict

    @property
    def literal(self) -> PortLiteral:
        """The literal itself."""
        return self.resolved.literal


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages, ready for files. `seen` makes a path one that begins where the patterns of the configuration do.

    `formatted` are the languages whose formats read variables in ways of their own.
    """

    resolver: Resolver
    judge: Judge
    config: Config
    seen: Callable[[str], str] = str
    formatted: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def findings(self, file: FileRead) -> Iterator[Finding]:
        """The findings in one file that nothing suppresses, and the suppressions that hide nothing."""
        said = self._listened(directives(file.source, file.document))
        placed = self._placed(file, said)
        repeated = Repeated(self.resolver, self._judge(file))
        judged = [finding for place in placed if (finding := repeated.found(place)) is not None]
        found = tuple(suppressions(said, file.source))
        kept, unused = suppressed(judged, found)
        idle = self._strictly((*unused, *idle_codes(judged, found)), placed)
        lines = {literal.location.line for literal in file.literals if literal.context == "code"}
        remarks = (*self.idle.findings(file.source.path, said, idle, lines), *self._unexplained(file, said)) if said else ()
        yield from configured((*twinned(kept), *remarks), self.config, self.seen)

    def _listened(self, said: tuple[Directive, ...]) -> tuple[Directive, ...]:
        """What of the directives counts: without inline ignores only what binds, and what nobody understands."""
        return said if self.config.inline_ignores else tuple(each for each in said if each.reach in ("pin", "unknown"))

    def _unexplained(self, file: FileRead, said: tuple[Directive, ...]) -> Iterator[Finding]:
        rule = self.judge.rules["PS008"]
        for directive in unexplained(said) if self.config.require_reason else ():
            yield rule.finding(file.source.path, Breach(rule.code, directive.location))

    def judged(self, file: FileRead) -> Iterator[Judged]:
        """Every literal of one file with what the registry knows of it and what is to be said, suppressed or not."""
        judge = self._judge(file)
        for place in self._placed(file, directives(file.source, file.document)):
            resolved = self.resolver.resolve(place)
            yield Judged(resolved, judge.verdict(resolved))

    def _placed(self, file: FileRead, said: tuple[Directive, ...]) -> list[Place]:
        decided = settled(file.source.text)
        literals = tuple(one for one in file.literals if not _setting(one) and one.location.line not in decided)
        found = places(file.source, literals, said)
        return [self._pinned(place) for place in found] if self.config.pins else list(found)

    def _judge(self, file: FileRead) -> Judge:
        """The judge of a file, in which the configuration may allow further ports, and variables may be read otherwise."""
        path, judge = file.source.path, self.judge
        allowed = [each for each in self.config.per_path if each.allow and matcher([each.path])(self.seen(path))]
        if any(literal.language in self.formatted for literal in file.literals):
            judge = replace(judge, spellings=InFile(self.formatted, file.source, judge.spellings))
        if not allowed:
            return judge
        ports = (*self.config.allow, *(port for each in allowed for port in each.allow))
        return replace(judge, config=replace(judge.config, allow=ports))

    def pinning(self, pins: tuple[Pin, ...]) -> Stages:
        """The same with further pins in the configuration."""
        return replace(self, config=replace(self.config, pins=(*self.config.pins, *pins))) if pins else self

    @property
    def idle(self) -> Idle:
        """What finds directives that have no effect."""
        return Idle(self.resolver.registry, self.judge.rules, self.judge.rules["PS007"])

    def _strictly(self, idle: tuple[Suppression, ...], placed: list[Place]) -> tuple[Suppression, ...]:
        """Those of the ignores that hide nothing from those who scan with --strict either."""
        if self.config.strict or not idle:
            return idle
        judge = replace(self.judge, config=replace(self.config, strict=True))
        first, last = min(each.first for each in idle), max(each.last for each in idle)
        near = (place for place in placed if first <= place.literal.location.line <= last)
        found = [finding for place in near if (finding := judge.judge(self.resolver.resolve(place))) is not None]
        return suppressed(found, idle)[1]

    def _pinned(self, place: Place) -> Place:
        """The place with the pins that the configuration has for it."""
        literal = place.literal
        found = tuple(
            Directive("pin", literal.location.line, False, literal.location, services=(pin.service,))
            for pin in self.config.pins
            if self._ties(pin, literal.port) and matcher([pin.path])(self.seen(literal.path))
        )
        return replace(place, pins=(*place.pins, *found)) if found else place

    def _ties(self, pin: Pin, port: int) -> bool:
        """Whether a pin is about a number: the one it was made for, or, when that is stale, one that its service has now."""
        ports = {each for e in self.resolver.endpoints_of(pin.service) for each in (e.port, e.container_port)}
        return pin.port == port or (pin.port not in ports and port in ports)


def _setting(literal: PortLiteral) -> bool:
    """Whether a number is one of portscan's own settings, which decide and are not judged."""
    return literal.path.endswith("pyproject.toml") and (literal.name or "").startswith("tool.portscan.")


def check_pins(config: Config, resolver: Resolver) -> None:
    """A `UserError` for a pin in the configuration that names nobody: it would be silently nothing."""
    for pin in config.pins:
        if not resolver.endpoints_of(pin.service):
            place = config.file.name if config.file else "the configuration"
            raise UserError(f"{place}: pin: the registry has no service `{pin.service}`", "Name a service, or its variable.")


def seen_from(top: Path, root: Path) -> Callable[[str], str]:
    """Makes paths that are relative to `root` relative to `top`."""
    prefix = relpath(root, top).replace("\\", "/")
    return lambda path: normpath(join(prefix, path))
