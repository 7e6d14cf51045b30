"""Every literal of a repository with what is to be said of it, those that are in order included."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from portscan.config import Config
from portscan.model import Skipped
from portscan.pipeline.entries import deciding, file_of, place_of, read_all
from portscan.pipeline.fileread import FileRead
from portscan.pipeline.judging import stages_of
from portscan.pipeline.rules import reader_for
from portscan.records import dataclass, field
from portscan.registry.model import Registry
from portscan.source import Source, decode

if TYPE_CHECKING:
    from portscan.pipeline.reading import Reading
    from portscan.pipeline.stages import Judged


@dataclass(frozen=True, slots=True)
class Survey:
    """Every literal and what is to be said of it, those that are in order included; and the bytes of the files."""

    judged: tuple[Judged, ...]
    skipped: tuple[Skipped, ...]
    files: int
    sources: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def survey(
    root: Path,
    paths: Sequence[str],
    registry: Registry,
    config: Config,
    today: date,
    instead: Mapping[str, bytes] = MappingProxyType({}),
) -> Survey:
    """Every port literal of the files under `paths`, judged; nothing is suppressed. `instead` holds files as they would be."""
    reader = reader_for(config, registry)
    stages = stages_of(root, registry, config, today)
    found: list[Judged] = []
    skipped: list[Skipped] = []
    sources: dict[str, bytes] = {}
    files = 0
    for result in read_all(root, paths, config, deciding(root, registry, config), reader):
        if isinstance(result, Skipped):
            skipped.append(result)
            continue
        files += 1
        result = _instead(result, instead.get(result.source.path), reader)
        if result.literals:
            found += stages.judged(result)
            sources[result.source.path] = result.source.data
    return Survey(tuple(sorted(found, key=lambda each: place_of(each.literal))), tuple(skipped), files, sources)


def _instead(file: FileRead, data: bytes | None, reader: Callable[[], Reading]) -> FileRead:
    source = None if data is None else decode(file.source.path, data)
    found = file_of(source, reader=reader) if isinstance(source, Source) else None
    return found if isinstance(found, FileRead) else file
