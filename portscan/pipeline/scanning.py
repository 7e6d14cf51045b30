"""The findings of a repository, or of some of its files, as `portscan scan` reports them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache as once
from functools import partial
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from portscan.cache.kept import code_stamp
from portscan.cache.scans import Cache, State, opened, states_of
from portscan.config import Config
from portscan.files import Listing
from portscan.files.contents import FileEntry
from portscan.model import Finding, Report, Skipped
from portscan.pages import Findings, Page
from portscan.pipeline.connecting import begun, whole_of, with_whole
from portscan.pipeline.entries import deciding, decoded, file_of, listed, unknown
from portscan.pipeline.examining import Outcome, Work, examined, said_of
from portscan.pipeline.judging import context_of, findings_of, prepared
from portscan.pipeline.rules import reader_for, state_of_rules
from portscan.pipeline.sources import Sources, beside
from portscan.records import dataclass, field, replace
from portscan.registry.model import Registry
from portscan.source import Source

if TYPE_CHECKING:
    from portscan.fixing.planning import Planner
    from portscan.pipeline.reading import Reading
    from portscan.pipeline.stages import Stages

MANY = 50  # files; a few are read faster than what is known of all of them, and take no memory worth a thought
WORTH_A_PROCESS = 200  # files, while which are read another process may look at the whole


@dataclass(frozen=True, slots=True)
class Scan:
    """The report of a scan, the bytes of the files that it speaks of, and the paths of all that were read.

    In those that are `silent` there is no port. `states` are those of the files in `listing` before they were read, where they
    were asked for. `around` is all that is there, where the checks of the whole repository ran, and `asked` how the files were
    that they looked at. Of the paths that are `listed`, from the top of the repository, the baseline says something.
    """

    report: Report
    sources: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    read: frozenset[str] = field(default=frozenset(), repr=False)
    silent: frozenset[str] = field(default=frozenset(), repr=False)
    listing: Listing = field(default=Listing(()), repr=False, compare=False)
    states: Mapping[str, State | None] = field(default_factory=dict, repr=False, compare=False)
    around: Listing | None = field(default=None, repr=False, compare=False)
    asked: Mapping[str, State | None] = field(default_factory=dict, repr=False, compare=False)
    listed: frozenset[str] = field(default=frozenset(), repr=False, compare=False)


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
    stages, planner = prepared(root, registry, config, today, fixes, pin)
    found = listed(root, paths, config, by_hand, remembered=cached)
    entries = unknown(found, deciding(root, registry, config))
    reader = reader_for(config, registry)
    many = planner is None and len(entries) >= MANY
    work = Work(decoded, partial(file_of, reader=reader), partial(findings_of, stages=stages, planner=planner), many)
    everything = {*paths} <= {"."}
    cache = _cache(root, registry, config, today, whole=everything) if cached and many else None
    states = states_of(found.entries) if cached else {}
    made = once(partial(whole_of, root, registry, config, cache, found if everything else None, cached and not fixes))
    with begun(made, everything and not fixes and len(entries) >= WORTH_A_PROCESS, jobs) as whole:
        results = chain(found.passed_over, examined(entries, work, cache, states, jobs))
        scanned = _with_board(replace(_gathered(results, entries), listing=found, states=states), planner)
        judge = partial(_said, reader=reader, stages=stages)
        return with_whole(scanned, paths, registry.path, made, judge if fixes else None, whole)


def scan_text(
    root: Path, text: Source, registry: Registry, config: Config, today: date, *, fixes: bool = False, pin: bool = False
) -> Scan:
    """The findings in a text that need not be on the disk; its path is relative to `root`."""
    stages, planner = prepared(root, registry, config, today, fixes, pin)
    file = file_of(text, reader=reader_for(config, registry))
    here = () if isinstance(file, Skipped) else findings_of(file, stages, planner)
    said = file if isinstance(file, Skipped) else said_of(text.path, here, text.data, len(file.literals))
    found = _gathered([said])
    return replace(found, sources={text.path: text.data})


def _said(source: Source, reader: Callable[[], Reading], stages: Callable[[], Stages]) -> tuple[Finding, ...]:
    """What there is to be said of a file as it would be."""
    file = file_of(source, reader=reader)
    return () if isinstance(file, Skipped) else findings_of(file, stages, None)


def _cache(root: Path, registry: Registry, config: Config, today: date, *, whole: bool) -> Cache:
    """What is known from scans before."""
    rules = f"{state_of_rules(config, registry)} {code_stamp()}"
    return opened(root, rules, context_of(root, registry, config, today), whole=whole)


def _with_board(found: Scan, planner: Planner | None) -> Scan:
    """A scan with the file that pins are written into, where there is one."""
    if planner is None or planner.board.data is None:
        return found
    return replace(found, sources=beside(found.sources, {planner.board.path: planner.board.data}))


def _gathered(results: Iterable[Outcome], entries: Iterable[FileEntry] = ()) -> Scan:
    pages: list[Page] = []
    skipped: list[Skipped] = []
    held: dict[str, bytes] = {}
    paths: set[str] = set()
    silent: set[str] = set()
    count = 0
    for result in results:
        if isinstance(result, Skipped):
            skipped.append(result)
            continue
        paths.add(result.path)
        count += result.literals
        if not result.literals:
            silent.add(result.path)
        if result.page is not None:
            pages.append(result.page)
        if result.data is not None:
            held[result.path] = result.data
    findings = Findings(tuple(sorted(pages, key=attrgetter("path"))))
    unread = {page.path for page in pages} - held.keys()
    had = {entry.path: entry for entry in entries if entry.path in unread}
    report = Report(findings, tuple(sorted(skipped, key=attrgetter("path"))), len(paths), count)
    return Scan(report, Sources(held, had), frozenset(paths), frozenset(silent))
