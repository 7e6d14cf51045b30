"""What the checks of the whole repository said before: they run again only when something that they looked at has changed.

What they looked at is every file whose contents they asked for, and which files there are. Of a file that they only sought
patterns in, it is what was found: the rest of it may change.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from portscan.cache import State, findings_from, plain_findings, present, state_of
from portscan.files import read
from portscan.gate.memory import digest
from portscan.kept import kept_file, loaded, store
from portscan.model import Skipped
from portscan.source import may_hold

if TYPE_CHECKING:
    from portscan.files import FileEntry
    from portscan.model import Finding


@dataclass(frozen=True, slots=True)
class Recollection:
    """The findings of one directory in one context.

    `asked` collects the states of the files that a check reads or searches, `sought` what it found in those that it searched;
    the `whole` of the others counts.
    """

    file: Path | None
    context: bytes
    asked: dict[str, State | None] = field(default_factory=dict)
    sought: dict[str, dict[bytes, bool]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)

    def read(self, entry: FileEntry) -> bytes | None:
        """The contents of a file, which count from now on."""
        self.whole.add(entry.path)
        return self._bytes(entry)

    def search(self, entry: FileEntry, pattern: bytes) -> bool:
        """Whether a pattern is found in a file, which counts from now on."""
        found = self.sought.setdefault(entry.path, {})
        if pattern not in found:
            data = self._bytes(entry)
            found[pattern] = data is not None and may_hold(pattern, data)
        return found[pattern]

    def _bytes(self, entry: FileEntry) -> bytes | None:
        if entry.path not in self.asked:
            self.asked[entry.path] = state_of(entry, present())
        return _contents(entry)

    def recall(self, entries: Mapping[str, FileEntry]) -> tuple[Finding, ...] | None:
        """What was found, if nothing has changed since; none where there is no telling."""
        known = loaded(self.file)
        if known is None or known[0] != self._about(entries):
            return None
        (states, sought, findings), now = known[1:], present()
        changed = [path for path, state in states.items() if path not in entries or state_of(entries[path], now) != state]
        if any(path not in sought or not _still(entries.get(path), sought[path]) for path in changed):
            return None
        return tuple(finding for path, plain in findings for finding in findings_from(plain, path))

    def keep(self, entries: Mapping[str, FileEntry], findings: Iterable[Finding]) -> None:
        """Write down what was found, unless a file was changed so lately that its next change might not show."""
        if None in self.asked.values():
            return
        plain = [(finding.path, plain_findings((finding,))) for finding in findings]
        sought = {path: found for path, found in self.sought.items() if path not in self.whole}
        store(self.file, (self._about(entries), dict(self.asked), sought, plain))

    def _about(self, entries: Mapping[str, FileEntry]) -> bytes:
        return digest(self.context, marshal.dumps(sorted(entries)))


def _contents(entry: FileEntry) -> bytes | None:
    data = read(entry)
    return None if isinstance(data, Skipped) else data


def _still(entry: FileEntry | None, sought: Mapping[bytes, bool]) -> bool:
    """Whether in a file that has changed the same is found and not found."""
    data = _contents(entry) if entry else None
    return data is not None and all(may_hold(pattern, data) is found for pattern, found in sought.items())


def recollection(root: Path, rules: str, context: str) -> Recollection:
    """The recollection of `root`; `rules` names what the checks themselves depend on, `context` what they are told."""
    return Recollection(kept_file("whole", rules, str(root.absolute())), context.encode("utf-8", "surrogateescape"))
