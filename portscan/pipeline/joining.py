"""What is said of the literals of files and what the checks of the whole repository say: one finding for each place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from portscan.cache.scans import identity_of
from portscan.model import Edit, Finding, Skipped, position
from portscan.pages import Findings, Page, pages_of, plain_findings, with_pages
from portscan.records import dataclass, replace
from portscan.source import Source, decode

# What is said of a literal by itself, and wrong or idle where nobody can reach what it stands for.
SUPERSEDED = frozenset(("PS001", "PS002", "PS003", "PS004", "PS005", "PS006"))
FIRST = "Apply the other fixes of this place first, then scan again."
Judge = Callable[[Source], Sequence[Finding]]


def joined(
    by_itself: Sequence[Finding], whole: Sequence[Finding], sources: Mapping[str, bytes], judge: Judge
) -> tuple[Finding, ...]:
    """Both kinds of findings: one for each place, and no fix that gets in the way of those that were there before.

    What was to be done with a literal by itself is done with it still, where the fix leaves its number alone. What the files
    are to become is put before `judge`: no fix stands after which something is said of a literal that was not said before.
    """
    places = {(finding.path, finding.location) for finding in whole}
    replaced = {(f.path, f.location): f for f in by_itself if f.code in SUPERSEDED and (f.path, f.location) in places}
    kept = [finding for finding in by_itself if replaced.get((finding.path, finding.location)) is not finding]
    combined = [_with_fix_of(finding, replaced.get((finding.path, finding.location))) for finding in whole]
    return (*kept, *_compatible(_Beside(by_itself, sources, judge), kept, combined))


def joined_pages(by_itself: Sequence[Finding], whole: Sequence[Finding], data: Mapping[str, bytes]) -> Findings:
    """Both kinds, where no fixes are asked for: a file of which the whole repository says nothing is as it was.

    `data` are the bytes of the others.
    """
    before = {page.path: page for page in pages_of(by_itself)}
    more: dict[str, list[Finding]] = {}
    for finding in whole:
        more.setdefault(finding.path, []).append(finding)
    return with_pages(by_itself, {path: _joined_page(path, before.get(path), more[path], data.get(path)) for path in more})


def _joined_page(path: str, before: Page | None, more: Sequence[Finding], data: bytes | None) -> Page:
    found = tuple(sorted(joined(before.findings if before else (), more, {}, lambda _source: ()), key=position))
    identity = before.identity if before else b""
    return Page(path, found, plain_findings(found), identity or (b"" if data is None else identity_of(data)))


def _with_fix_of(finding: Finding, replaced: Finding | None) -> Finding:
    """The finding with the edits of the one whose place it takes, unless its own fix writes another number there."""
    if finding.fix is None or replaced is None or replaced.fix is None or replaced.code != "PS001":
        return finding
    if any((edit.path, edit.location) == (finding.path, finding.location) for edit in finding.fix.edits):
        return finding
    return replace(finding, fix=replace(finding.fix, edits=(*finding.fix.edits, *replaced.fix.edits)))


def _compatible(beside: _Beside, kept: Sequence[Finding], whole: Sequence[Finding]) -> Iterator[Finding]:
    fixed = [finding for finding in kept if finding.fix]
    for finding in whole:
        why = beside.hindrance(finding, fixed) if finding.fix else ""
        if why:
            yield replace(finding, fix=None, help=why)
            continue
        fixed.append(finding)
        yield finding


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is said of the literals of files, before and after."""

    by_itself: Sequence[Finding]
    sources: Mapping[str, bytes]
    judge: Judge

    def hindrance(self, finding: Finding, fixed: Sequence[Finding]) -> str:
        """What to do instead of a fix that does not hold beside the others."""
        from portscan.edit import Overlap, applied, by_path  # who asks for no fixes does without
        from portscan.verifying import FAILED

        made = [*fixed, finding]
        edits = [edit for each in made if each.fix for edit in each.fix.edits]
        concerned = {edit.path for edit in finding.fix.edits} if finding.fix else set()
        for path, group in by_path(edit for edit in edits if edit.path in concerned & self.sources.keys()):
            try:
                after = decode(path, applied(self.sources[path], group))
            except Overlap:
                return FIRST
            why = after.reason if isinstance(after, Skipped) else self._come(after, made)
            if why:
                return f"By hand: {FAILED}{why}."
        return ""

    def _come(self, after: Source, made: Sequence[Finding]) -> str:
        """What would be said of a literal in a file, and is not said now, though some of it may be hidden by something else."""
        from portscan.verifying import come, gist

        edits = [edit for each in made if each.fix for edit in each.fix.edits if edit.path == after.path]
        places = {each.location for each in made if each.path == after.path}
        here = [each for each in self.by_itself if each.path == after.path]
        staying = (each for each in here if each.location not in places or not _is_written(each, edits))
        return come(self.judge(after), Counter(map(gist, staying)))


def _is_written(finding: Finding, edits: Sequence[Edit]) -> bool:
    """Whether edits write other characters where a literal stands."""
    literal = finding.literal
    return literal is None or any(edit.span.start < literal.span.end and literal.span.start < edit.span.end for edit in edits)
