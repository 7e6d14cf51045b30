"""Checks that need the whole repository: run beside the scan of its files, suppressed and mended by the same means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from portscan.config import Config
from portscan.directives import directives
from portscan.files import Listing
from portscan.files.contents import FileEntry, read
from portscan.findings import FindingRule
from portscan.model import Finding, PortLiteral, Skipped
from portscan.pipeline.entries import listed
from portscan.records import dataclass, field, replace
from portscan.registry.model import Registry
from portscan.suppress import chosen, configured, suppressed, suppressions
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from portscan.cache.recollection import Answer, Recollection
    from portscan.cache.sayings import State
    from portscan.connectivity.check import Check

CODES = (*(f"PS20{n}" for n in range(1, 7)), "PS109", *(f"PS11{n}" for n in range(2, 7)))


class Said(NamedTuple):
    """What the checks say: findings, the bytes of the files that these are about, and the files that are read in part."""

    findings: tuple[Finding, ...]
    data: dict[str, bytes]
    unfollowed: tuple[Skipped, ...] = ()


class Looked(NamedTuple):
    """What the checks find, suppressed or not, what they do not wholly follow, and how the files were that they looked at."""

    found: tuple[Finding, ...]
    unfollowed: tuple[Skipped, ...]
    asked: Mapping[str, State | None]


@dataclass(frozen=True)
class Whole:
    """What the checks need to know of the run: where, by what, and how a file is read again."""

    root: Path
    registry: Registry
    config: Config
    rules: Mapping[str, FindingRule]
    seen: Callable[[str], str]
    reread: Callable[[str, bytes], tuple[PortLiteral, ...]]
    recollection: Recollection | None = None
    listed: Listing | None = None  # all that is there, where that is known
    contents: Callable[[FileEntry], bytes | Skipped] = read
    _fixing: list[Check] = field(default_factory=list, compare=False, repr=False)  # the check by which fixes were made

    @property
    def wanted(self) -> bool:
        """Whether any of the codes is selected at all."""
        return any(chosen(code, self.config.select) and not self._ignored(code) for code in CODES)

    def _ignored(self, code: str) -> bool:
        return bool(self.config.ignore) and chosen(code, self.config.ignore)

    def findings(
        self, scanned: frozenset[str], *, everything: bool, fixes: bool, begun: Callable[[], Looked] | None = None
    ) -> Said:
        """The findings about the files that were scanned, with the bytes of the files that they speak of and change.

        Where not `everything` was scanned, code and configuration beside the compose files are read only if they were. What
        `looked` does may have `begun` before.
        """
        entries = self._entries
        unfollowed: tuple[Skipped, ...] = ()
        found = self._recalled if everything else None
        if found is None and not everything:
            found, unfollowed = self._found(entries, scanned, fixes=fixes)
        elif found is None:
            found, unfollowed, asked = begun() if begun else self.looked(fixes=fixes)
            self._asked.update(asked)
        concerned = [finding for finding in found if _concerns(finding, scanned)]
        paths = {path for finding in concerned for path in _paths(finding)} & entries.keys()
        data = {path: held for path in sorted(paths) if (held := self._read(entries[path])) is not None}
        passed = tuple(each for each in unfollowed if everything or each.path in scanned)
        return Said(tuple(self._unsuppressed(data.get, concerned)), data, passed)

    def looked(self, *, fixes: bool = False) -> Looked:
        """A look at everything, which is remembered."""
        found, unfollowed = self._found(self._entries, None, fixes=fixes)
        if self.recollection and not unfollowed:
            self.recollection.keep(self._entries, found)
        return Looked(found, unfollowed, self._asked)

    @cached_property
    def _entries(self) -> Mapping[str, FileEntry]:
        return {entry.path: entry for entry in self.listing.entries}

    @cached_property
    def _recalled(self) -> tuple[Finding, ...] | None:
        """What was found before, where nothing has changed since."""
        return self.recollection.recall(self._entries) if self.recollection else None

    @property
    def _asked(self) -> dict[str, State | None]:
        return self.recollection.asked if self.recollection else {}

    def _found(
        self, entries: Mapping[str, FileEntry], only: frozenset[str] | None, *, fixes: bool
    ) -> tuple[tuple[Finding, ...], tuple[Skipped, ...]]:
        """Everything that the check finds, suppressed or not, and what it does not wholly follow."""
        check = self._check(entries, only, None if fixes else only)
        found = check.findings()
        if fixes:
            from portscan.connectivity.verify import verified

            self._fixing.append(check)
            found = verified(check, found)
        else:
            found = tuple(replace(finding, fix=None) for finding in found)
        if self.recollection:
            self.recollection.keep_parts(entries)
        return found, check.world.budget.unfollowed()

    def lasting(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings, those about literals as well, without the fixes that bring a fault of the whole repository."""
        from portscan.pipeline.lasting import lasting

        (check,) = self._fixing
        return lasting(findings, check, lambda new: [*self._unsuppressed(check.world.data, new)])

    def check(self) -> Check:
        """The check of the repository."""
        return self._check(self._entries, None)

    def answered(self) -> bool:
        """Whether it is known what the checks of everything say."""
        return not self.wanted or self._recalled is not None

    def answer(self) -> tuple[bytes, Answer | None]:
        """What the checks of everything say, and to which question, to be recalled by other processes."""
        assert self.recollection is not None
        found, unfollowed = self._found(self._entries, None, fixes=False)
        return self.recollection.about(self._entries), None if unfollowed else self.recollection.answer(found)

    def _check(self, entries: Mapping[str, FileEntry], only: frozenset[str] | None, about: frozenset[str] | None = None) -> Check:
        """The check of the files; `only` limits the code and the configuration that it reads, `about` what it must find."""
        from portscan.connectivity.check import Check
        from portscan.connectivity.world import World

        memory = self.recollection
        world = World(
            frozenset(entries),
            lambda path: self._read(entries[path]),
            self.root.absolute().name,
            search=(lambda path, pattern: memory.search(entries[path], pattern)) if memory else None,
            recall=(lambda path, question, ask: memory.said(entries[path], question, ask)) if memory else None,
            works=memory.made(entries, only or frozenset()) if memory else None,
        )
        return Check(world, self.registry, self.rules, self.reread, only, about)

    @cached_property
    def listing(self) -> Listing:
        """All that is there."""
        if self.listed is not None:
            return self.listed
        return listed(self.root, (), self.config, remembered=self.recollection is not None)

    def _read(self, entry: FileEntry) -> bytes | None:
        if self.recollection:
            return self.recollection.read(entry)
        data = self.contents(entry)
        return None if isinstance(data, Skipped) else data

    def _unsuppressed(self, data: Callable[[str], bytes | None], findings: Sequence[Finding]) -> Iterator[Finding]:
        """What no comment in a finding's own file and no setting hides."""
        from portscan.source import Source, decode

        by_file: dict[str, list[Finding]] = {}
        for finding in findings:
            by_file.setdefault(finding.path, []).append(finding)
        for path, those in by_file.items():
            source = decode(path, data(path) or b"")
            said = tuple(suppressions(directives(source), source)) if isinstance(source, Source) else ()
            kept, _ = suppressed(those, said)
            yield from configured(kept, self.config, self.seen)


def _paths(finding: Finding) -> Iterator[str]:
    yield finding.path
    yield from (related.path for related in finding.related)
    yield from (edit.path for edit in (finding.fix.edits if finding.fix else ()))


def _concerns(finding: Finding, scanned: frozenset[str]) -> bool:
    """Whether a finding is about one of the files, at its own place or at one that explains it."""
    return finding.path in scanned or any(related.path in scanned for related in finding.related)
