"""The baseline, taken along where portscan itself changes lines: what it hides there has other words then, and stays hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from portscan.baseline import Baseline, dump, weighed
from portscan.baseline.against import Ground, identified
from portscan.edit import NewFile, applied, by_path, moved
from portscan.model import Edit, Finding, position
from portscan.source import Source, decode

if TYPE_CHECKING:
    from portscan.pipeline.scanning import Scan


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file before and after edits."""

    before: Source
    after: Source
    edits: Sequence[Edit]

    def follow(self, finding: Finding) -> Finding:
        """The finding at the place to which the edits have moved it."""
        old = finding.location
        start, end = self._moved(old.line, old.column), self._moved(old.end_line, old.end_column)
        return replace(finding, location=self.after.location(start, end))

    def _moved(self, line: int, column: int) -> int:
        here = self.before.line_start(line) + column - 1
        return self.after.character(moved(self.before.byte_span(here, here).start, self.edits))


def carried(found: Scan, baseline: Baseline, ground: Ground, edits: Iterable[Edit], mended: Iterable[Finding] = ()) -> NewFile:
    """The baseline as it is to be once the edits are made.

    `found` is all that there is before, hidden or not. Entries of what is `mended` leave; the other ones follow their lines.
    """
    files = {path: file for path, group in by_path(edits) if (file := _rewritten(found, path, group))}
    hidden, _ = weighed(identified(found.report.findings, found.sources, ground), baseline.counts)
    held = [f for f, gone in zip(found.report.findings, hidden, strict=True) if gone and f.path in files]
    done = {position(finding) for finding in mended}
    kept = [files[finding.path].follow(finding) for finding in held if position(finding) not in done]
    before = Counter(identified(held, {path: file.before.data for path, file in files.items()}, ground))
    after = Counter(identified(kept, {path: file.after.data for path, file in files.items()}, ground))
    data = baseline.data if before == after else dump(baseline.counts - before + after)
    return NewFile(baseline.path, baseline.data, data)


def _rewritten(found: Scan, path: str, edits: Sequence[Edit]) -> Rewritten | None:
    """The file before and after, where anything was found in it."""
    data = found.sources.get(path)
    before = None if data is None else decode(path, data)
    after = decode(path, applied(before.data, edits)) if isinstance(before, Source) else None
    return Rewritten(before, after, edits) if isinstance(before, Source) and isinstance(after, Source) else None
