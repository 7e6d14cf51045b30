"""What a scan does with its fixes: which of them it makes, the files that come of it, and how it says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from portscan.edit import NewFile, new_files
from portscan.fixing.planning import chosen
from portscan.fixing.quoted import WITHOUT, mappings, noted, wanted
from portscan.fixing.together import parted
from portscan.git.quoting import quotes
from portscan.model import Applicability, Edit, Finding
from portscan.records import dataclass, replace
from portscan.reporters.words import count
from portscan.tops import from_the_top

if TYPE_CHECKING:
    from pathlib import Path

    from portscan.pipeline.scanning import Scan


@dataclass(frozen=True, slots=True)
class Mending:
    """The findings whose fixes are made, those that are left, and the files as they are to be."""

    done: tuple[Finding, ...]
    left: tuple[Finding, ...]
    edits: tuple[Edit, ...]
    files: tuple[NewFile, ...]

    def told(self, baseline: Sequence[str], status: int, verb: str) -> Iterator[str]:
        """How many are fixed and left, what is said of the baseline, and why the exit status is not 0 where nothing is left."""
        unsafe = sum(finding.fix is not None and finding.fix.applicability == "unsafe" for finding in self.left)
        more = f", {unsafe} more with --unsafe-fixes" if unsafe else ""
        fixed, where = count(len(self.done), "finding"), f"in {count(len(self.files), 'file')}{more}"
        yield f"{verb} {fixed} {where}; {count(len(self.left), 'finding')} left."
        yield from baseline
        if verb == "fixed" and status and not self.left:
            yield "the exit status is 1, since files were changed."


def cautious(found: Scan, root: Path, top: Path, *, changing: bool) -> Scan:
    """The scan with its fixes as safe as they are in this run: what is hidden or not asked for stays, and so do its twins.

    Where files are about to change, it counts as well who else quotes them.
    """
    findings = _unquoted(found, root, top) if changing else found.report.findings
    return replace(found, report=replace(found.report, findings=parted(findings)))


def _unquoted(found: Scan, root: Path, top: Path) -> tuple[Finding, ...]:
    written = mappings(found.report.findings, found.sources)
    lines, seen = quotes(str(root), wanted(written), WITHOUT), from_the_top(root, top)
    return tuple(
        noted(each, written[each], lines, seen(each.path)) if each in written else each for each in found.report.findings
    )


def mending(found: Scan, allowed: Sequence[Applicability]) -> Mending:
    """What is mended of a scan with the fixes that are `allowed`."""
    done: list[Finding] = []
    left: list[Finding] = []
    for finding in found.report.findings:
        made = finding.fix is not None and finding.fix.applicability in allowed
        (done if made else left).append(finding)
    edits = tuple(chosen(done, allowed))
    return Mending(tuple(done), tuple(left), edits, new_files(edits, found.sources))
