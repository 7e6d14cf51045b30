"""The road from files to findings: the only place where the stages are put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from portscan import knowledge
from portscan.config import Config
from portscan.directives import Directive, directives, pin_of
from portscan.files import FileEntry, listing, read
from portscan.findings import catalogue
from portscan.fixing import Planner, State
from portscan.judge import Judge
from portscan.model import Finding, PortLiteral, Report, Skipped, position
from portscan.reading import Reading, reading
from portscan.registry.model import Registry
from portscan.resolve import Resolver, places
from portscan.source import Source, decode
from portscan.suppress import configured, suppressed, suppressions, unused


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every port literal, in the order of their places; what was not read; how many files were; their bytes."""

    literals: tuple[PortLiteral, ...]
    skipped: tuple[Skipped, ...]
    files: int
    sources: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Scan:
    """The report of a scan, and the bytes of the files that it speaks of."""

    report: Report
    sources: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read: its text, and the literals in it."""

    source: Source
    literals: tuple[PortLiteral, ...]


def literals(root: Path, paths: Sequence[str] = (), config: Config | None = None) -> Inventory:
    """Every port literal of the files under `paths`, which are relative to `root`."""
    found: list[PortLiteral] = []
    skipped: list[Skipped] = []
    sources: dict[str, bytes] = {}
    count = 0
    for result in _read_all(root, paths, config or Config()):
        if isinstance(result, Skipped):
            skipped.append(result)
            continue
        count += 1
        found += result.literals
        if result.literals:
            sources[result.source.path] = result.source.data
    return Inventory(tuple(sorted(found, key=_place)), tuple(sorted(skipped, key=lambda s: s.path)), count, sources)


def scan(
    root: Path, paths: Sequence[str], registry: Registry, config: Config, today: date, *, fixes: bool = False, pin: bool = False
) -> Scan:
    """The findings at the port literals of the files under `paths`, which are relative to `root`.

    With `fixes` each finding carries its verified fix, where there is one; with `pin` that may be a pin.
    """
    stages = _stages(registry, config, today)
    reader = reading(_knowledge(config))
    planner = Planner(registry, reader.languages, lambda source: _examined(source, reader, stages), pin) if fixes else None
    found: list[Finding] = []
    skipped: list[Skipped] = []
    sources: dict[str, bytes] = {}
    files = count = 0
    for result in _read_all(root, paths, config):
        if isinstance(result, Skipped):
            skipped.append(result)
            continue
        files, count = files + 1, count + len(result.literals)
        here = tuple(stages.findings(result))
        if here and planner is not None:
            here = planner.plan(result.source, State(result.literals, here))
        if here:
            found += here
            sources[result.source.path] = result.source.data
    report = Report(tuple(sorted(found, key=position)), tuple(sorted(skipped, key=lambda s: s.path)), files, count)
    return Scan(report, sources)


@dataclass(frozen=True, slots=True)
class Stages:
    """Resolve, judge and suppress, ready for the files of one repository."""

    resolver: Resolver
    judge: Judge
    config: Config

    def findings(self, file: FileRead) -> Iterator[Finding]:
        """The findings in one file that nothing suppresses, and the suppressions that hide nothing."""
        said = directives(file.source)
        pins = {literal.location.line: self._pin(said, literal) for literal in file.literals}
        judged = [
            finding
            for place in places(file.literals, file.source.line_text, pins)
            if (finding := self.judge.judge(self.resolver.resolve(place))) is not None
        ]
        ignores = tuple(suppressions(said, file.source.text.count("\n") + 1))
        kept, idle = suppressed(judged, ignores)
        rule = self.judge.rules["PS007"]
        yield from configured((*kept, *(unused(file.source.path, each, rule) for each in idle)), self.config)

    def _pin(self, said: tuple[Directive, ...], literal: PortLiteral) -> Directive | None:
        written = pin_of(said, literal.location.line)
        if written is not None:
            return written
        from portscan.resolve import glob

        for pin in self.config.pins:
            if pin.port == literal.port and glob(pin.path).fullmatch(literal.path):
                return Directive("pin", literal.location.line, False, literal.location, service=pin.service)
        return None


def _stages(registry: Registry, config: Config, today: date) -> Stages:
    known = _knowledge(config)
    spellings = {name: entry["reference"] for name, entry in known.languages.items() if "reference" in entry}
    extra = _extra(config)
    return Stages(Resolver(registry, config), Judge(registry, config, catalogue(extra), today, spellings), config)


def _extra(config: Config) -> tuple[Path, ...]:
    base = config.file.parent if config.file else Path()
    return tuple(base / directory for directory in config.extend_rules)


def _knowledge(config: Config) -> knowledge.Knowledge:
    extra = _extra(config)
    return knowledge.load(extra) if extra else knowledge.shipped()


def _read_all(root: Path, paths: Sequence[str], config: Config) -> Iterator[FileRead | Skipped]:
    anchor = config.file.parent if config.file else None
    found = listing(root, paths, include=config.include, exclude=config.exclude, anchor=anchor)
    yield from found.passed_over
    reader = reading(_knowledge(config))
    for entry in found.entries:
        yield _read(entry, reader)


def _examined(source: Source, reader: Reading, stages: Stages) -> State | Skipped:
    """A file as it would be, read and judged like one on disk."""
    found = reader.read(source)
    return found if isinstance(found, Skipped) else State(found, tuple(stages.findings(FileRead(source, found))))


def _read(entry: FileEntry, reader: Reading) -> FileRead | Skipped:
    data = read(entry)
    if isinstance(data, Skipped):
        return data
    source = decode(entry.path, data)
    if isinstance(source, Skipped):
        return source
    found = reader.read(source)
    return found if isinstance(found, Skipped) else FileRead(source, found)


def _place(literal: PortLiteral) -> tuple[str, int, int]:
    return literal.path, literal.location.line, literal.location.column
