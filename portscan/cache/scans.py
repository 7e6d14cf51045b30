"""What was found in the files of a directory before, so that only what has changed is read again.

It lies in the user's cache directory, two files for each directory that is scanned, and is safe to delete at any time. A
file counts as unchanged when its size, times and inode are; else by the id of its contents, which is git's blob id. The
literals in a file depend on nothing but that and the rules; the findings also on a *context*, the registry above all.
"""
# ruff: noqa: PTH100  (a hook pays for it: paths are plain strings)

from __future__ import annotations

import marshal
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from portscan.cache.grown import Grown, grown
from portscan.files.contents import FileEntry
from portscan.gate.memory import SETTLED, digest
from portscan.model import Location, PortLiteral, Reason, Span
from portscan.pages import Page, plain_findings
from portscan.records import dataclass, field
from portscan.tuples import NamedTuple

State = tuple[int, int, int, int]
NOTHING = plain_findings(())


class Record(NamedTuple):
    """One file as it was: its state (none if it had just been written), its id, and what is known of it.

    `reason` says why it was not read; else `literals` and, in `context`, `findings` are there in plain form, and the `tally`
    of its verdicts where somebody counted them. `mark` is that of the page. Of a file that is `silent` nothing can be said in any
    context.
    """

    state: State | None
    id: bytes
    reason: Reason | None = None
    ports: int = 0
    literals: bytes = b""
    silent: bool = False
    context: bytes = b""
    findings: bytes = b""
    tally: bytes = b""
    mark: bytes = b""


@dataclass(frozen=True, slots=True)
class Cache:
    """The records of the files below one directory, by path. `context` is the one that this run is in.

    A run over the `whole` directory forgets what is no longer there.
    """

    kept: Grown
    context: bytes
    whole: bool
    fresh: dict[str, Record] = field(default_factory=dict)

    def recall(self, path: str, state: State | None) -> Record | None:
        """What is known of a file whose state is unchanged."""
        record = self.kept.known.get(path)
        return Record(*record) if record is not None and state is not None and record[0] == state else None

    def recognise(self, path: str, identity: bytes) -> Record | None:
        """What is known of a file whose contents are unchanged."""
        record = self.known(path)
        return record if record is not None and record.id == identity else None

    def known(self, path: str) -> Record | None:
        """What is known of a file, however it is now."""
        record = self.kept.known.get(path)
        return None if record is None else Record(*record)

    def literals(self, path: str, data: bytes) -> tuple[PortLiteral, ...] | None:
        """The literals of a file with these contents, if they are known."""
        record = self.fresh.get(path) or self.known(path)
        if record is None or record.reason is not None or record.id != identity_of(data):
            return None
        return tuple(literals_from(record.literals, path)) if record.literals else ()

    def save(self, seen: Iterable[str]) -> None:
        """Write what is fresh, and what was known of the files that were `seen`; a failure only costs time."""
        if self.fresh:
            self.kept.keep({path: tuple(record) for path, record in self.fresh.items()}, seen if self.whole else self.kept.known)


def opened(root: Path, rules: str, context: str, *, whole: bool = True) -> Cache:
    """The cache for what is below `root`; `rules` names what literals depend on besides their files."""
    return Cache(grown("scans", rules, os.path.abspath(root)), digest_of(context), whole)


def digest_of(context: str) -> bytes:
    """A context as it is kept."""
    return digest(context.encode("utf-8", "surrogateescape"))


def state_of(entry: FileEntry, now: int) -> State | None:
    """What the system says of a file without opening it; None of one that changed a moment ago, or cannot be asked about."""
    try:
        found = os.lstat(entry.absolute)
    except OSError:
        return None
    written, changed = found.st_mtime_ns, found.st_ctime_ns
    sure = written + SETTLED < now and changed + SETTLED < now
    return (found.st_size, written, changed, found.st_ino) if sure else None


def states_of(entries: Iterable[FileEntry]) -> dict[str, State | None]:
    """The states of files by their paths."""
    now = present()
    return {entry.path: None if entry.given else state_of(entry, now) for entry in entries}


def present() -> int:
    """The time now, in the nanoseconds of file times."""
    return time.time_ns()


def identity_of(data: bytes) -> bytes:
    """The id that git gives to these contents."""
    try:
        from _sha1 import sha1  # type: ignore[import-not-found]  # what hashlib hands out, without loading OpenSSL
    except ImportError:
        from hashlib import sha1
    found: bytes = sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).digest()
    return found


def mark_of(identity: bytes, findings: bytes) -> bytes:
    """What tells a page that says this of these contents from others of its path."""
    return digest(identity + findings)


def plain_literals(literals: Iterable[PortLiteral]) -> bytes:
    """Literals of one file, ready to be kept."""
    return marshal.dumps([(*one.span, *one.location, *_rest(one)) for one in literals])


def _rest(one: PortLiteral) -> tuple[Any, ...]:
    return (
        *(one.port, one.kind, one.context, one.language, one.rule, one.host, one.name),
        *(one.variables, one.owner, one.side, one.said),
    )


def literals_from(data: bytes, path: str) -> Iterator[PortLiteral]:
    """The literals of the file `path` as they were."""
    for start, end, *rest in marshal.loads(data):  # noqa: S302
        yield PortLiteral(path, Span(start, end), Location(*rest[:4]), *rest[4:])


def page_of(record: Record, path: str) -> Page | None:
    """What is said of the file `path`, if anything is."""
    said = record.findings not in (b"", NOTHING)
    return Page(path, plain=record.findings, identity=record.id, mark=record.mark) if said else None
