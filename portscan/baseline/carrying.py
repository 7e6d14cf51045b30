"""The baseline, taken along where portscan itself changes lines: what it hides there has other words then, and stays hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from portscan.baseline.against import Ground, identified
from portscan.baseline.entries import Baseline, dump, parse, weighed
from portscan.edit import Moves, NewFile, applied, by_path
from portscan.model import Edit, Finding, position
from portscan.records import dataclass, replace
from portscan.source import Source, decode
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from portscan.pipeline.scanning import Scan


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file before and after edits."""

    before: Source
    after: Source
    moves: Moves

    def follow(self, finding: Finding) -> Finding:
        """The finding at the place to which the edits have moved it."""
        old = finding.location
        start, end = self._moved(old.line, old.column), self._moved(old.end_line, old.end_column)
        return replace(finding, location=self.after.location(start, end))

    def _moved(self, line: int, column: int) -> int:
        here = self.before.line_start(line) + column - 1
        return self.after.character(self.moves.of(self.before.byte_span(here, here).start))


class _Done(NamedTuple):
    """What is mended: by place, and as numbers that the configuration pins for their whole files."""

    places: frozenset[tuple[str, int, int, str]]
    pins: frozenset[tuple[str, int | None]]

    @classmethod
    def of(cls, mended: Sequence[Finding]) -> _Done:
        """Of the findings whose fixes are made; a fix that leaves their own file alone is a pin."""
        outside = (each for each in mended if each.fix and all(edit.path != each.path for edit in each.fix.edits))
        return cls(frozenset(map(position, mended)), frozenset((each.path, each.port) for each in outside))

    def has(self, finding: Finding) -> bool:
        """Whether it will be gone."""
        return position(finding) in self.places or (finding.path, finding.port) in self.pins


def carried(found: Scan, baseline: Baseline, ground: Ground, edits: Iterable[Edit], mended: Iterable[Finding] = ()) -> NewFile:
    """The baseline as it is to be once the edits are made.

    `found` is all that there is before, hidden or not. Entries of what is `mended` leave; the other ones follow their lines.
    """
    done = _Done.of(tuple(mended))
    files = {path: file for path, group in by_path(edits) if (file := _rewritten(found, path, group))}
    hidden, _ = weighed(identified(found.report.findings, found.sources, ground), baseline.counts)
    held = [finding for finding, gone in zip(found.report.findings, hidden, strict=True) if gone]
    gone = [finding for finding in held if done.has(finding)]
    moved = [finding for finding in held if finding.path in files and not done.has(finding)]
    kept = [files[finding.path].follow(finding) for finding in moved]
    before = Counter(identified((*gone, *moved), found.sources, ground))
    after = Counter(identified(kept, {path: file.after.data for path, file in files.items()}, ground))
    data = baseline.data if before == after else dump(baseline.counts - before + after)
    return NewFile(baseline.path, baseline.data, data)


def told(file: NewFile) -> str:
    """How a baseline changes, for people: its entries that leave, and those that have other words."""
    before, after = (parse(file.path, data or b"").counts for data in (file.before, file.after))
    fewer, others = sum(before.values()) - sum(after.values()), sum((after - before).values())
    parts = (
        f"{_entries(fewer)} fewer" if fewer else "",
        f"{_entries(others)} with the new words of {'its line' if others == 1 else 'their lines'}" if others else "",
    )
    return f"{file.path}: {', '.join(filter(None, parts))}; commit it with them."


def _entries(number: int) -> str:
    return f"{number:,} {'entry' if number == 1 else 'entries'}"


def _rewritten(found: Scan, path: str, edits: Sequence[Edit]) -> Rewritten | None:
    """The file before and after, where anything was found in it."""
    data = found.sources.get(path)
    before = None if data is None else decode(path, data)
    after = decode(path, applied(before.data, edits)) if isinstance(before, Source) else None
    return Rewritten(before, after, Moves(edits)) if isinstance(before, Source) and isinstance(after, Source) else None
