"""Every literal of a repository with what is to be said of it, those that are in order included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from portscan.config import Config
from portscan.fileread import FileRead
from portscan.files import read
from portscan.model import Finding, PortLiteral, Report, Skipped
from portscan.pipeline.connecting import whole_of, with_whole
from portscan.pipeline.entries import deciding, decoded, file_of, listed, place_of, read_all, reader_of, unknown
from portscan.pipeline.judging import stages_of
from portscan.pipeline.scanning import Scan
from portscan.registry.model import Registry
from portscan.source import Source, decode

if TYPE_CHECKING:
    from portscan.reading import Reading
    from portscan.stages import Judged

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
    reader = partial(reader_of, config)
    stages = stages_of(root, registry, config, today)
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
        findings = with_whole(
            scanned, paths, registry.path, partial(whole_of, root, registry, config), fixes=False
        ).report.findings
    return Survey(tuple(sorted(found, key=lambda each: place_of(each.literal))), tuple(skipped), files, sources, findings)


def _recalled(
    root: Path, paths: Sequence[str], config: Config, known: frozenset[str], memory: Memory | None
) -> Iterator[FileRead | Skipped]:
    """The files under `paths`; those that were read before, with the same contents, are not read for ports again."""
    if memory is None:
        yield from read_all(root, paths, config, known)
        return
    found = listed(root, paths, config)
    reader = partial(reader_of, config)
    yield from found.passed_over
    for entry in unknown(found, known):
        data = read(entry)
        source = data if isinstance(data, Skipped) else decoded(entry.path, data)
        if isinstance(source, Skipped):
            yield source
            continue
        key = (entry.path, sha256(source.data).digest())
        result = file_of(source, memory.get(key), reader=reader)
        if isinstance(result, FileRead):
            memory[key] = result.literals
        yield result


def _instead(file: FileRead, data: bytes | None, reader: Callable[[], Reading]) -> FileRead:
    source = None if data is None else decode(file.source.path, data)
    found = file_of(source, reader=reader) if isinstance(source, Source) else None
    return found if isinstance(found, FileRead) else file
