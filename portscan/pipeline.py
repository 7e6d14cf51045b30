"""The road from files to findings: the only place where the stages are put together."""

# ruff: noqa: PTH100  (the paths of entries are strings)

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache as once
from functools import partial
from hashlib import sha256
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from portscan import knowledge
from portscan.cache import Cache, opened
from portscan.config import OWN, Config
from portscan.connectivity.names import COMPOSE
from portscan.examining import Examined, Outcome, Work, examined
from portscan.fileread import FileRead
from portscan.files import FileEntry, Listing, listing, read, repository_root
from portscan.generated import intact
from portscan.kept import code_stamp
from portscan.model import Finding, PortLiteral, Report, Skipped, position
from portscan.registry.model import Registry
from portscan.source import Source, decode
from portscan.spread import spread
from portscan.workspace import base_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from portscan.connectivity.check import Check
    from portscan.fixing import Planner
    from portscan.reading import Reading
    from portscan.recollection import Recollection
    from portscan.stages import Judged, Stages
    from portscan.verifying import State
    from portscan.whole import Whole

# A commit hook pays for what is imported here: the stages and the parsers behind them only where a file needs them.
WORTH_A_CACHE = 50  # files; a few are read faster than what is known of all of them


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every port literal, in the order of their places; what was not read; how many files were; their bytes."""

    literals: tuple[PortLiteral, ...]
    skipped: tuple[Skipped, ...]
    files: int
    sources: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Scan:
    """The report of a scan, the bytes of the files that it speaks of, and the paths of all that were read."""

    report: Report
    sources: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    read: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class _Counted:
    """The literals of one file, and its bytes where there are any."""

    literals: tuple[PortLiteral, ...]
    path: str
    data: bytes


# The literals of files by path and contents.
Memory = MutableMapping[tuple[str, bytes], tuple[PortLiteral, ...]]


@dataclass(frozen=True, slots=True)
class Survey:
    """Every literal and what is to be said of it, those that are in order included; and the bytes of the files.

    `findings` are those that a scan reports: what is hidden is not among them.
    """

    judged: tuple[Judged, ...]
    skipped: tuple[Skipped, ...]
    files: int
    sources: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    findings: tuple[Finding, ...] = ()


def literals(root: Path, paths: Sequence[str] = (), config: Config | None = None, jobs: int | None = None) -> Inventory:
    """Every port literal of the files under `paths`, which are relative to `root`; at most `jobs` processes share the work."""
    found: list[PortLiteral] = []
    skipped: list[Skipped] = []
    sources: dict[str, bytes] = {}
    count = 0
    settings = config or Config()
    listed, reader = _listing(root, paths, settings), partial(_reader, settings)
    for result in chain(listed.passed_over, spread(listed.entries, lambda entry: _counted(_read(entry, reader)), jobs)):
        if isinstance(result, Skipped):
            skipped.append(result)
            continue
        count += 1
        if result.literals:
            found += result.literals
            sources[result.path] = result.data
    return Inventory(tuple(sorted(found, key=_place)), tuple(sorted(skipped, key=lambda s: s.path)), count, sources)


def _counted(file: FileRead | Skipped) -> _Counted | Skipped:
    """What an inventory keeps of a file."""
    if isinstance(file, Skipped):
        return file
    return _Counted(file.literals, file.source.path, file.source.data if file.literals else b"")


def scan(
    root: Path,
    paths: Sequence[str],
    registry: Registry,
    config: Config,
    today: date,
    *,
    fixes: bool = False,
    pin: bool = False,
    by_hand: bool = True,
    jobs: int | None = None,
    cached: bool = False,
) -> Scan:
    """The findings at the port literals of the files under `paths`, which are relative to `root`.

    Files that were not named `by_hand` are passed over like those that are found in directories. With `fixes` each finding
    carries its verified fix, where there is one; with `pin` that may be a pin. At most `jobs` processes share the work.
    With `cached`, files that have not changed since a scan before are not read again, unless fixes are asked for.
    """
    stages, planner = _prepared(root, registry, config, today, fixes, pin)
    found = _listing(root, paths, config, by_hand)
    entries = _unknown(found, deciding(root, registry, config))
    reader = partial(_reader, config)
    work = Work(_decoded, partial(_file, reader=reader), partial(_findings, stages=stages, planner=planner))
    worth = cached and planner is None and len(entries) >= WORTH_A_CACHE
    everything = {*paths} <= {"."}
    cache = _cache(root, registry, config, today, whole=everything) if worth else None
    scanned = _with_board(_gathered(chain(found.passed_over, examined(entries, work, cache, jobs))), planner)
    listed = found.entries if everything else None
    made = partial(_whole, root, registry, config, cache, listed)
    return _with_whole(scanned, paths, registry.path, made, fixes)


def _cache(root: Path, registry: Registry, config: Config, today: date, *, whole: bool) -> Cache:
    """What is known from scans before."""
    rules = f"{knowledge.state(extra_rules(config))} {code_stamp()}"
    return opened(root, rules, repr((registry, _prefix(root, registry, config), config, today)), whole=whole)


def _with_board(found: Scan, planner: Planner | None) -> Scan:
    """A scan with the file that pins are written into, where there is one."""
    if planner is None or planner.board.data is None:
        return found
    return replace(found, sources={planner.board.path: planner.board.data, **found.sources})


def whole_check(root: Path, registry: Registry, config: Config) -> Check:
    """The check of how the services of the repository reach each other."""
    return _whole(root, registry, config).check()


def _recollection(root: Path, registry: Registry, config: Config) -> Recollection:
    """What the checks of the whole repository said before."""
    from portscan.recollection import recollection

    rules = f"{knowledge.state(extra_rules(config))} {code_stamp()}"
    return recollection(root, rules, repr((registry, config)))


def _whole(
    root: Path, registry: Registry, config: Config, cache: Cache | None = None, listed: tuple[FileEntry, ...] | None = None
) -> Whole:
    from portscan.findings import catalogue
    from portscan.stages import seen_from
    from portscan.whole import Whole

    seen = seen_from(config.file.parent, root) if config.file else str
    memory = _recollection(root, registry, config) if cache else None
    return Whole(root, registry, config, catalogue(extra_rules(config)), seen, partial(_literals, config, cache), memory, listed)


def _with_whole(found: Scan, paths: Sequence[str], registry: str, made: Callable[[], Whole], fixes: bool) -> Scan:
    """The scan with what the checks of the whole repository have to say about the same files; `made` makes those."""
    everything = any(each.rstrip("/") in ("", ".") or f"{registry}/".startswith(f"{each.rstrip('/')}/") for each in paths or ".")
    scanned = frozenset((*found.read, registry) if everything else found.read)
    if not any(path == registry or COMPOSE.search(path) for path in scanned):
        return found
    from portscan.whole import joined

    whole = made()
    more, data = whole.findings(scanned, everything=everything, fixes=fixes) if whole.wanted else ((), {})
    sources = {**data, **found.sources}
    findings = tuple(sorted(joined(found.report.findings, more, sources), key=position))
    return replace(found, report=replace(found.report, findings=findings), sources=sources)


def _literals(config: Config, cache: Cache | None, path: str, data: bytes) -> tuple[PortLiteral, ...]:
    """The literals of a file, as far as they are not known already."""
    known = cache.literals(path, data) if cache else None
    if known is not None:
        return known
    source = decode(path, data)
    found = source if isinstance(source, Skipped) else _reader(config).read(source)
    return () if isinstance(found, Skipped) else found


def scan_text(
    root: Path, text: Source, registry: Registry, config: Config, today: date, *, fixes: bool = False, pin: bool = False
) -> Scan:
    """The findings in a text that need not be on the disk; its path is relative to `root`."""
    stages, planner = _prepared(root, registry, config, today, fixes, pin)
    file = _file(text, reader=partial(_reader, config))
    here = () if isinstance(file, Skipped) else _findings(file, stages, planner)
    said = file if isinstance(file, Skipped) else Examined(here, text.path, text.data, len(file.literals))
    found = _gathered([said])
    return replace(found, sources={text.path: text.data})


def _prepared(
    root: Path, registry: Registry, config: Config, today: date, fixes: bool, pin: bool
) -> tuple[Callable[[], Stages], Planner | None]:
    """The stages that judge, made when the first file needs them, and the one that plans fixes where they are wanted."""
    stages = once(partial(_stages, root, registry, config, today))
    if config.pins:
        stages()  # a wrong pin is told whatever the files hold
    planner = _planner(root, registry, config, _reader(config), stages(), pin) if fixes else None
    return stages, planner


def _findings(file: FileRead, stages: Callable[[], Stages], planner: Planner | None) -> tuple[Finding, ...]:
    """What there is to be said of a file, and done about it."""
    if file.silent:
        return ()
    found = tuple(stages().findings(file))
    if not found or planner is None:
        return found
    from portscan.verifying import State

    return planner.plan(file.source, State(file.literals, found))


def _gathered(results: Iterable[Outcome]) -> Scan:
    found: list[Finding] = []
    skipped: list[Skipped] = []
    sources: dict[str, bytes] = {}
    paths: set[str] = set()
    count = 0
    for result in results:
        if isinstance(result, Skipped):
            skipped.append(result)
            continue
        paths.add(result.path)
        count += result.literals
        if result.findings:
            found += result.findings
            sources[result.path] = result.data
    report = Report(tuple(sorted(found, key=position)), tuple(sorted(skipped, key=lambda s: s.path)), len(paths), count)
    return Scan(report, sources, frozenset(paths))


def _planner(root: Path, registry: Registry, config: Config, reader: Reading, stages: Stages, pin: bool) -> Planner:
    from portscan.bindings import Bindings
    from portscan.fixing import Planner
    from portscan.pinning import pinboard

    top = repository_root(root.absolute())
    return Planner(
        registry,
        reader.languages,
        lambda source, pins: _examined(source, reader, stages.pinning(pins)),
        Bindings(root, top, config, stages.seen).of,
        pinboard(root.absolute(), top, config),
        stages.seen,
        stages.idle.unknown,
        pin,
    )


def survey(
    root: Path,
    paths: Sequence[str],
    registry: Registry,
    config: Config,
    today: date,
    instead: Mapping[str, bytes] = MappingProxyType({}),
    memory: Memory | None = None,
    whole: bool = False,
) -> Survey:
    """Every port literal of the files under `paths`, judged; nothing is suppressed. `instead` holds files as they would be.

    Whoever surveys many states of the same files hands each time the same `memory`, in which their literals are kept. With
    `whole` the findings are also those of the checks that need the whole repository.
    """
    reader = partial(_reader, config)
    stages = _stages(root, registry, config, today)
    found: list[Judged] = []
    reported: list[Finding] = []
    read_paths: set[str] = set()
    skipped: list[Skipped] = []
    sources: dict[str, bytes] = {}
    files = 0
    for result in _recalled(root, paths, config, deciding(root, registry, config), memory):
        if isinstance(result, Skipped):
            skipped.append(result)
            continue
        files += 1
        result = _instead(result, instead.get(result.source.path), reader)
        read_paths.add(result.source.path)
        reported += stages.findings(result)
        if result.literals:
            found += stages.judged(result)
            sources[result.source.path] = result.source.data
    findings = tuple(reported)
    if whole:
        scanned = Scan(Report(findings, files=files), sources, frozenset(read_paths))
        findings = _with_whole(
            scanned, paths, registry.path, partial(_whole, root, registry, config), fixes=False
        ).report.findings
    return Survey(tuple(sorted(found, key=lambda each: _place(each.literal))), tuple(skipped), files, sources, findings)


def _recalled(
    root: Path, paths: Sequence[str], config: Config, known: frozenset[str], memory: Memory | None
) -> Iterator[FileRead | Skipped]:
    """The files under `paths`; those that were read before, with the same contents, are not read for ports again."""
    if memory is None:
        yield from _read_all(root, paths, config, known)
        return
    found = _listing(root, paths, config)
    reader = partial(_reader, config)
    yield from found.passed_over
    for entry in _unknown(found, known):
        data = read(entry)
        source = data if isinstance(data, Skipped) else _decoded(entry.path, data)
        if isinstance(source, Skipped):
            yield source
            continue
        key = (entry.path, sha256(source.data).digest())
        result = _file(source, memory.get(key), reader=reader)
        if isinstance(result, FileRead):
            memory[key] = result.literals
        yield result


def _instead(file: FileRead, data: bytes | None, reader: Callable[[], Reading]) -> FileRead:
    source = None if data is None else decode(file.source.path, data)
    found = _file(source, reader=reader) if isinstance(source, Source) else None
    return found if isinstance(found, FileRead) else file


def deciding(root: Path, registry: Registry, config: Config) -> frozenset[str]:
    """The files in which ports are decided, and the baseline, which repeats what others say."""
    baseline = config.baseline_file(repository_root(root.absolute()))
    found = {os.path.abspath(root / registry.path), os.path.abspath(baseline)}
    if config.file is not None and config.file.name == OWN:
        found.add(os.path.abspath(config.file))
    return frozenset(found)


def _stages(root: Path, registry: Registry, config: Config, today: date) -> Stages:
    from portscan.findings import catalogue
    from portscan.judge import Judge
    from portscan.resolve import Resolver
    from portscan.stages import Stages, check_pins, seen_from

    known = _knowledge(config)
    spellings = {name: entry["reference"] for name, entry in known.languages.items() if "reference" in entry}
    resolver = Resolver(registry, config, _prefix(root, registry, config))
    check_pins(config, resolver)
    judge = Judge(registry, config, catalogue(extra_rules(config)), today, spellings)
    return Stages(resolver, judge, config, seen_from(config.file.parent, root) if config.file else str)


def _prefix(root: Path, registry: Registry, config: Config) -> str:
    """What leads from where the paths in the registry begin to where those of the report do."""
    return os.path.relpath(root, base_of(root, registry.path, config)).replace(os.sep, "/")


def extra_rules(config: Config) -> tuple[Path, ...]:
    """The directories with further rules."""
    base = config.file.parent if config.file else Path()
    return tuple(base / directory for directory in config.extend_rules)


def _knowledge(config: Config) -> knowledge.Knowledge:
    extra = extra_rules(config)
    return knowledge.load(extra) if extra else knowledge.shipped()


def _reader(config: Config) -> Reading:
    from portscan.reading import reading

    return reading(_knowledge(config))


def _listing(root: Path, paths: Sequence[str], config: Config, by_hand: bool = True) -> Listing:
    anchor = config.file.parent if config.file else None
    return listing(root, paths, include=config.include, exclude=config.exclude, anchor=anchor, by_hand=by_hand)


def _unknown(found: Listing, known: frozenset[str]) -> list[FileEntry]:
    """The files to be read but those that are `known` already."""
    return [entry for entry in found.entries if entry.absolute not in known]


def _read_all(root: Path, paths: Sequence[str], config: Config, known: frozenset[str]) -> Iterator[FileRead | Skipped]:
    """The files under `paths` but those that are `known` already."""
    found = _listing(root, paths, config)
    reader = partial(_reader, config)
    yield from found.passed_over
    yield from (_read(entry, reader) for entry in _unknown(found, known))


def _examined(source: Source, reader: Reading, stages: Stages) -> State | Skipped:
    """A file as it would be, read and judged like one on disk."""
    from portscan.verifying import State

    found = _file(source, reader=lambda: reader)
    return found if isinstance(found, Skipped) else State(found.literals, tuple(stages.findings(found)))


def _read(entry: FileEntry, reader: Callable[[], Reading]) -> FileRead | Skipped:
    data = read(entry)
    source = data if isinstance(data, Skipped) else _decoded(entry.path, data)
    return source if isinstance(source, Skipped) else _file(source, reader=reader)


def _decoded(path: str, data: bytes) -> Source | Skipped:
    """A file as text, unless it is none, or nobody has written it."""
    source = decode(path, data)
    if isinstance(source, Source) and intact(source.text):
        return Skipped(path, "generated by `portscan sync`")
    return source


def _file(source: Source, known: tuple[PortLiteral, ...] | None = None, *, reader: Callable[[], Reading]) -> FileRead | Skipped:
    """A file that was read, or those literals of it that are `known` already."""
    language = reader().language(source)
    found = reader().read(source) if known is None else known
    if isinstance(found, Skipped):
        return found
    return FileRead(source, found, language is not None and language.context == "doc")


def _place(literal: PortLiteral) -> tuple[str, int, int]:
    return literal.path, literal.location.line, literal.location.column
