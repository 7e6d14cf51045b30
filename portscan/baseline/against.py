"""A scan set against its baseline: what it hides, what it hides no longer, and how it is written anew."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portscan import regular
from portscan.baseline.entries import Baseline, Entry, dump, parse, stale, updated, weighed
from portscan.cache.pages import Memory, memory_of
from portscan.edit import NewFile
from portscan.errors import UserError
from portscan.findings import Breach, FindingRule
from portscan.fingerprints import Identity, identities
from portscan.model import Finding, Location, Related, position
from portscan.pages import Findings, Page, pages_of, plain_findings, with_pages
from portscan.pipeline.sources import beside
from portscan.records import dataclass, replace
from portscan.reporters.words import count
from portscan.suppress import chosen, configured
from portscan.tops import TOP, from_the_top

if TYPE_CHECKING:
    from portscan.config import Config
    from portscan.pipeline.scanning import Scan

SHOWN = 3  # places of hidden copies that a surplus one is explained by


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a scan took place: its directory, the top of the repository, what was to be scanned, and with which settings.

    What the findings of a file are known by may be `remembered`.
    """

    root: Path
    top: Path
    paths: tuple[str, ...]
    config: Config
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class Covered:
    """Whether a scan would have found something, had it been there. Paths are seen from the top of the repository."""

    read: frozenset[str]
    unread: tuple[str, ...]
    folders: tuple[str, ...]
    config: Config

    def __call__(self, identity: Identity) -> bool:
        """Whether the scan looked for the code of `identity`, and in its file."""
        return self._code(identity.code) and (identity.path in self.read or self._gone(identity.path))

    def _code(self, code: str) -> bool:
        return chosen(code, self.config.select) and not (self.config.ignore and chosen(code, self.config.ignore))

    def _gone(self, path: str) -> bool:
        """A file that was not read, in a folder that was: it is no longer there, or no longer scanned."""
        passed_over = any(path == each or path.startswith(f"{each.rstrip('/')}/") for each in self.unread)
        return not passed_over and any(folder == TOP or path.startswith(f"{folder}/") for folder in self.folders)


def opened(root: Path, file: Path, *, created: bool = False) -> Baseline:
    """The baseline in a file; when there is none, an empty one that is to be `created`, else a `UserError`."""
    label = Path(os.path.relpath(file, root)).as_posix()
    try:
        return parse(label, regular.read(file))
    except FileNotFoundError:
        if created:
            return Baseline(label, b"")
        raise UserError(f"there is no baseline at {label}", "Write one with --write-baseline.") from None
    except OSError as error:
        raise UserError(
            f"the baseline {label} cannot be read: {(error.strerror or '').lower()}", "Name another with --baseline."
        ) from None


def settled(found: Scan, baseline: Baseline, ground: Ground, rule: Callable[[], FindingRule]) -> Scan:
    """The scan without what the baseline hides, and with what is to be said, by the `rule`, of its entries that hide nothing."""
    left, present, baselined = _left(found, baseline.counts, ground)
    idle = tuple(configured(_idle(baseline, present, _covered(found, ground), rule), ground.config, str))
    if idle:
        here = next((page.findings for page in left.pages if page.path == baseline.path), ())
        left = with_pages(left, {baseline.path: Page(baseline.path, tuple(sorted((*here, *idle), key=position)))})
    listed = frozenset(entry.identity.path for entry in baseline.entries)
    sources = beside({baseline.path: baseline.data} if idle else {}, found.sources)
    return replace(found, report=replace(found.report, findings=left, baselined=baselined), sources=sources, listed=listed)


def _left(found: Scan, counts: Mapping[Identity, int], ground: Ground) -> tuple[Findings, Counter[Identity], int]:
    """The findings that `counts` do not hide, how many of each identity there are, and how many are hidden.

    A page that is hidden, or left, as a whole is not looked into where it is known what its findings are known by.
    """
    memory = memory_of(ground.root, "identities") if ground.remembered else None
    seen = from_the_top(ground.root, ground.top)
    left: list[Page] = []
    present: Counter[Identity] = Counter()
    baselined = 0
    for page in pages_of(found.report.findings):
        path = seen(page.path)
        known = [Identity(path, *words) for words in _known(page, found.sources, memory)]
        hidden, there = weighed(known, counts)
        present.update(there)
        baselined += sum(hidden)
        if not all(hidden):
            left.append(_without(page, known, hidden) if any(hidden) else page)
    if memory and {*ground.paths} <= {TOP}:
        memory.save()
    return Findings(tuple(left)), present, baselined


def _known(page: Page, sources: Mapping[str, bytes], memory: Memory | None) -> tuple[Any, ...]:
    """What the findings of a page are known by, but for its path."""
    known = memory.recall(page) if memory else None
    if known is None:
        known = tuple(tuple(identity[1:]) for identity in identities(page.findings, sources))
        if memory:
            memory.keep(page, sources.get(page.path), known)
    return known


def _without(page: Page, known: Sequence[Identity], hidden: Sequence[bool]) -> Page:
    """A page without the findings that are hidden."""
    kept = tuple(_surplus(page.findings, known, hidden))
    return Page(page.path, kept, plain_findings(kept) if page.identity else b"", page.identity)


def rewritten(found: Scan, baseline: Baseline, ground: Ground, *, grow: bool) -> tuple[NewFile, str]:
    """The baseline as it is to be, and in words how it changes. Without `grow` nothing new gets into it."""
    before, present = baseline.counts, Counter(identified(found.report.findings, found.sources, ground))
    after = updated(before, present, _covered(found, ground), grow=grow)
    change = f"{sum((after - before).values()):,} more and {sum((before - after).values()):,} fewer than before"
    words = f"{baseline.path} hides {count(sum(after.values()), 'finding')} now, {change}"
    return NewFile(baseline.path, baseline.data or None, dump(after)), words


def identified(findings: Iterable[Finding], sources: Mapping[str, bytes], ground: Ground) -> tuple[Identity, ...]:
    """The identity of each finding as a baseline holds it: its path is seen from the top."""
    seen = from_the_top(ground.root, ground.top)
    return tuple(identity._replace(path=seen(identity.path)) for identity in identities(findings, sources))


def _covered(found: Scan, ground: Ground) -> Covered:
    seen = from_the_top(ground.root, ground.top)
    folders = tuple(seen(path) for path in ground.paths if (ground.root / path).is_dir())
    unread = tuple(seen(one.path) for one in found.report.skipped)
    return Covered(frozenset(map(seen, found.read)), unread, folders, ground.config)


def _surplus(findings: Sequence[Finding], known: Sequence[Identity], hidden: Sequence[bool]) -> Iterator[Finding]:
    """The findings that are not hidden, each with the places of the hidden ones that are like it."""
    alike: dict[Identity, list[Finding]] = {}
    for finding, identity, gone in zip(findings, known, hidden, strict=True):
        if gone:
            alike.setdefault(identity, []).append(finding)
        else:
            others = alike.get(identity, ())[:SHOWN]
            more = tuple(Related("in the baseline, which has room for no more of these", f.path, f.location) for f in others)
            yield replace(finding, related=(*finding.related, *more))


def _idle(
    baseline: Baseline, present: Mapping[Identity, int], covered: Covered, rule: Callable[[], FindingRule]
) -> Iterator[Finding]:
    lines = baseline.data.decode("utf-8", "replace").split("\n")
    for entry, there in stale(baseline, present, covered):
        location = Location(entry.line, 1, entry.line, len(lines[entry.line - 1].rstrip("\r")) + 1)
        values = {"what": _said(entry, there), "remedy": "Run `portscan --shrink-baseline`"}
        yield rule().finding(baseline.path, Breach(rule().code, location, values))


def _said(entry: Entry, there: int) -> str:
    what = f"{entry.identity.code} in {entry.identity.path}"
    if not there:
        return f"This entry of the baseline hides nothing: {what} is gone"
    return f"This entry of the baseline hides {there} of the {entry.count} findings that it counts, {what}"
