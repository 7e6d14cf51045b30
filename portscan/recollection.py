"""What the checks of the whole repository said before: they run again only when something that they looked at has changed.

What they looked at is every file whose contents they asked for, and which files there are.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from portscan.cache import State, findings_from, plain_findings, present, state_of
from portscan.kept import kept_file, loaded, store

if TYPE_CHECKING:
    from portscan.files import FileEntry
    from portscan.model import Finding


@dataclass(frozen=True, slots=True)
class Recollection:
    """The findings of one directory in one context. `asked` collects the states of the files that a check reads."""

    file: Path | None
    context: bytes
    asked: dict[str, State | None] = field(default_factory=dict)

    def note(self, entry: FileEntry) -> None:
        """Remember how a file was when its contents were asked for."""
        if entry.path not in self.asked:
            self.asked[entry.path] = state_of(entry, present())

    def recall(self, entries: Mapping[str, FileEntry]) -> tuple[Finding, ...] | None:
        """What was found, if nothing has changed since; none where there is no telling."""
        known = loaded(self.file)
        if known is None or known[0] != self._about(entries):
            return None
        states, findings, now = known[1], known[2], present()
        if any(path not in entries or state_of(entries[path], now) != tuple(state) for path, state in states.items()):
            return None
        return tuple(finding for path, plain in findings for finding in findings_from(plain, path))

    def keep(self, entries: Mapping[str, FileEntry], findings: Iterable[Finding]) -> None:
        """Write down what was found, unless a file was changed so lately that its next change might not show."""
        if None in self.asked.values():
            return
        plain = [(finding.path, plain_findings((finding,))) for finding in findings]
        store(self.file, (self._about(entries), dict(self.asked), plain))

    def _about(self, entries: Mapping[str, FileEntry]) -> bytes:
        return sha256(self.context + marshal.dumps(sorted(entries))).digest()


def recollection(root: Path, rules: str, context: str) -> Recollection:
    """The recollection of `root`; `rules` names what the checks themselves depend on, `context` what they are told."""
    return Recollection(kept_file("whole", rules, str(root.absolute())), context.encode("utf-8", "surrogateescape"))
