"""The port literals of a repository, whatever its registry says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from portscan.config import Config
from portscan.model import PortLiteral, Skipped
from portscan.pipeline.entries import file_at, listed, place_of
from portscan.pipeline.fileread import FileRead
from portscan.pipeline.rules import reader_for
from portscan.pipeline.spread import spread
from portscan.records import dataclass, field
from portscan.registry.model import Registry


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every port literal, in the order of their places; what was not read; how many files were; their bytes."""

    literals: tuple[PortLiteral, ...]
    skipped: tuple[Skipped, ...]
    files: int
    sources: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class _Counted:
    """The literals of one file, and its bytes where there are any."""

    literals: tuple[PortLiteral, ...]
    path: str
    data: bytes


def literals(
    root: Path,
    paths: Sequence[str] = (),
    config: Config | None = None,
    jobs: int | None = None,
    registry: Registry | None = None,
) -> Inventory:
    """Every port literal of the files under `paths`, which are relative to `root`; at most `jobs` processes share the work.

    Of a `registry`, if there is one, no more is asked than how it calls ports.
    """
    found: list[PortLiteral] = []
    skipped: list[Skipped] = []
    sources: dict[str, bytes] = {}
    count = 0
    settings = config or Config()
    there, reader = listed(root, paths, settings), reader_for(settings, registry)
    for result in chain(there.passed_over, spread(there.entries, lambda entry: _counted(file_at(entry, reader)), jobs)):
        if isinstance(result, Skipped):
            skipped.append(result)
            continue
        count += 1
        if result.literals:
            found += result.literals
            sources[result.path] = result.data
    return Inventory(tuple(sorted(found, key=place_of)), tuple(sorted(skipped, key=lambda s: s.path)), count, sources)


def _counted(file: FileRead | Skipped) -> _Counted | Skipped:
    """What an inventory keeps of a file."""
    if isinstance(file, Skipped):
        return file
    return _Counted(file.literals, file.source.path, file.source.data if file.literals else b"")
