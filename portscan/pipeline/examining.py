"""A scan of many files: what is known of them from before is taken from the cache, and the rest is shared among processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from portscan.cache.scans import (
    Cache,
    Record,
    State,
    identity_of,
    literals_from,
    mark_of,
    page_of,
    plain_literals,
)
from portscan.files.contents import FileEntry, read, size_of
from portscan.model import Finding, PortLiteral, Skipped, position
from portscan.pages import Page, plain_findings
from portscan.pipeline.fileread import FileRead
from portscan.pipeline.spread import spread
from portscan.source import Source
from portscan.tuples import NamedTuple

LARGE = 1 << 16  # bytes, from which on it matters when a file is read
OF_CONTENTS = frozenset(("minified file",))  # why files are passed over before they are decoded, but for what is in them


class Examined(NamedTuple):
    """What a scan has to say of one file: its page, the bytes that this is about, and the number of its literals.

    There is no page where nothing is found. Contents that are read again when somebody looks at them are not held.
    """

    path: str
    literals: int
    page: Page | None = None
    data: bytes | None = None


Outcome = Examined | Skipped


class Work(NamedTuple):
    """What is done with a file: `decoded` makes it text, `read` finds its literals, `judged` says what is wrong with them.

    Of `many` files all that is held of each is its page in plain form, and the large ones are read first.
    """

    decoded: Callable[[str, bytes], Source | Skipped]
    read: Callable[[Source, tuple[PortLiteral, ...] | None], FileRead | Skipped]
    judged: Callable[[FileRead], tuple[Finding, ...]]
    many: bool = False


def examined(
    entries: Sequence[FileEntry], work: Work, cache: Cache | None, states: Mapping[str, State | None], jobs: int | None
) -> Iterator[Outcome]:
    """What there is to be said of all `entries`, in any order. `states` are how they were a moment ago."""
    if cache is None:
        yield from spread(_ordered(entries, work), lambda entry: _plainly(entry, work), jobs)
        return
    left = []
    for entry in entries:
        outcome = _remembered(entry, cache, states[entry.path])
        if outcome is None:
            left.append(entry)
        else:
            yield outcome
    for outcome, record in spread(_ordered(left, work), partial(_examined, work=work, cache=cache, states=states), jobs):
        if record is not None:
            cache.fresh[outcome.path] = record
        yield outcome
    cache.save(entry.path for entry in entries)


def _ordered(entries: Sequence[FileEntry], work: Work) -> Sequence[FileEntry]:
    """Large files first: what they take for a while is taken before much is held, and used again for what is held then."""
    if not work.many:
        return entries
    return sorted(entries, key=lambda entry: -(size_of(entry) // LARGE))


def _plainly(entry: FileEntry, work: Work) -> Outcome:
    data = read(entry)
    outcome = data if isinstance(data, Skipped) else _judged(entry.path, data, None, work)[0]
    if not work.many or isinstance(outcome, Skipped) or outcome.page is None:
        return outcome
    return outcome._replace(page=Page(entry.path, plain=plain_findings(outcome.page.findings)), data=None)


def _remembered(entry: FileEntry, cache: Cache, state: State | None) -> Outcome | None:
    """What was said of a file that has not changed since; None when it has to be looked at."""
    record = None if entry.given else cache.recall(entry.path, state)
    if record is None:
        return None
    if record.reason is not None:
        return Skipped(entry.path, record.reason)
    if record.silent:
        return Examined(entry.path, record.ports)
    return Examined(entry.path, record.ports, page_of(record, entry.path)) if record.context == cache.context else None


def _examined(entry: FileEntry, *, work: Work, cache: Cache, states: Mapping[str, State | None]) -> tuple[Outcome, Record | None]:
    """A file that has changed, or is in a context of which nothing is known; and what is to be remembered of it."""
    state = states[entry.path]
    data = read(entry)
    if isinstance(data, Skipped):
        return data, Record(state, b"", data.reason) if data.reason in OF_CONTENTS and state else None
    identity = identity_of(data)
    known = None if entry.given else cache.recognise(entry.path, identity)
    outcome, file = _judged(entry.path, data, known, work)
    if entry.given:
        return outcome, None
    if isinstance(outcome, Skipped):
        return outcome, Record(state, identity, outcome.reason)
    silent = file is not None and file.silent
    literals = plain_literals(file.literals) if file else b""
    findings = plain_findings(outcome.page.findings if outcome.page else ())
    mark = mark_of(identity, findings) if outcome.page else b""
    record = Record(state, identity, None, outcome.literals, literals, silent, cache.context, findings, mark=mark)
    return outcome._replace(page=page_of(record, entry.path), data=None), record


def _judged(path: str, data: bytes, known: Record | None, work: Work) -> tuple[Outcome, FileRead | None]:
    """Contents with what there is to be said of them; their literals need not be found again when they are `known`."""
    source = work.decoded(path, data)
    if isinstance(source, Skipped):
        return source, None
    literals = tuple(literals_from(known.literals, path)) if known is not None and known.reason is None else None
    file = work.read(source, literals)
    if isinstance(file, Skipped):
        return file, None
    found = work.judged(file)
    return said_of(path, found, data, len(file.literals)), file


def said_of(path: str, findings: Sequence[Finding], data: bytes, literals: int) -> Examined:
    """What there is to be said of a file."""
    page = Page(path, tuple(sorted(findings, key=position))) if findings else None
    return Examined(path, literals, page, data if findings else None)
