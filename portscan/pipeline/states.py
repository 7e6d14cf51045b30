"""What scans of many states of one repository would count: what the states share is looked at once, and remembered.

The literals of a file depend on its path, its contents and the rules; what is said of them also on a context, the registry
above all; what the checks of the whole repository say on the files that they ask for. So a state costs what differs in it.
"""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache as once
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portscan import knowledge
from portscan.cache.archive import Archive, Key, archive
from portscan.cache.kept import code_stamp
from portscan.cache.recollection import Answers, Recollection, answers
from portscan.cache.scans import Record, digest_of, literals_from, plain_literals
from portscan.files.contents import FileEntry, too_large
from portscan.findings import Breach
from portscan.model import Finding, Reason, Skipped
from portscan.pages import findings_from, plain_findings
from portscan.pipeline.connecting import told, whole_in
from portscan.pipeline.entries import decoded, file_of
from portscan.pipeline.joining import joined
from portscan.pipeline.judging import stages_of
from portscan.pipeline.rules import reader_for
from portscan.pipeline.spread import spread
from portscan.pipeline.state import State
from portscan.pipeline.whole import Whole
from portscan.records import dataclass, field
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from portscan.pipeline.fileread import FileRead
    from portscan.pipeline.reading import Reading
    from portscan.pipeline.stages import Judged, Stages

SLICE = 1000  # files between two looks at how far it is
OF_CONTENTS = frozenset((Reason("minified file"), too_large()))
Shown = Callable[[str], None]


class Tally(NamedTuple):
    """What is counted in a file: verdicts by what their literals stand in, uses of former ports, findings by code."""

    said: Mapping[tuple[str, str], int]
    retired: Mapping[tuple[str, int], int]
    codes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Count:
    """The same of a whole state, with the files that were read, all literals, and what was not read."""

    files: int
    literals: int
    said: Counter[tuple[str, str]]
    retired: Counter[tuple[str, int]]
    codes: Counter[str]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of the states of one repository, from before and from this run."""

    archive: Archive
    answers: Answers
    judging: dict[tuple[str, bytes], Callable[[], Stages]] = field(default_factory=dict)
    reading: dict[str, Callable[[], Reading]] = field(default_factory=dict)

    def keep(self) -> None:
        """Write down what is worth it."""
        self.archive.keep()
        self.answers.keep()


@dataclass(frozen=True, slots=True)
class _Ask:
    """A file that has to be looked at, in one state for each context of which nothing is known."""

    entry: FileEntry
    states: dict[bytes, State]


Found = tuple[Key, "list[Record] | Skipped"]


def memory_of(root: Path) -> Memory:
    """What is remembered of the repository at `root`."""
    rules = f"{knowledge.state(())} {code_stamp()}"
    return Memory(archive(root, rules), answers("answers", rules, root, many=True))


def begun(state: State, memory: Memory) -> State:
    """The state, ready to be counted; a `UserError` where a scan of it would be refused."""
    memory.reading.setdefault(state.rules, reader_for(state.config, state.registry))
    stages = once(partial(stages_of, state.root, state.registry, state.config, state.today))
    judging = memory.judging.setdefault((state.rules, state.context), stages)
    if state.config.pins or state.rules:
        judging()
    return state


def counts(states: Sequence[State], memory: Memory, shown: Shown = lambda _: None, jobs: int | None = None) -> Iterator[Count]:
    """What there is to be counted in each of the states, which were `begun` with the same memory."""
    unread: dict[Key, Skipped] = {}
    asked = _asked(states, memory.archive)
    for start in range(0, len(asked), SLICE):
        shown(f"{start:,} of {len(asked):,} files")
        for key, found in spread(asked[start : start + SLICE], partial(_looked_at, memory=memory), jobs):
            if isinstance(found, Skipped):
                unread[key] = found
            else:
                memory.archive.add(key, found)
    wholes = [_whole(state, memory, unread) for state in states]
    left = [whole for whole in wholes if not whole.answered()]
    for start in range(0, len(left), len(left) // 8 + 1):
        shown(f"the whole of {start} of {len(left)} states")
        for about, answer in spread(left[start : start + len(left) // 8 + 1], Whole.answer, jobs, least=1):
            if answer is not None:
                memory.answers.add(about, answer)
    yield from (_count(*each, memory, unread) for each in zip(states, wholes, strict=True))


def _asked(states: Iterable[State], known: Archive) -> list[_Ask]:
    """The files of which something is not known."""
    found: dict[Key, _Ask] = {}
    for state in states:
        for entry in state.entries:
            key = state.key(entry.path)
            if known.recall(key, state.context) is None:
                found.setdefault(key, _Ask(entry, {})).states[state.context] = state
    return list(found.values())


def _looked_at(ask: _Ask, *, memory: Memory) -> Found:
    """What is to be remembered of a file, or why it cannot be read now."""
    state = next(iter(ask.states.values()))
    key = state.key(ask.entry.path)
    data = state.contents(ask.entry)
    source = data if isinstance(data, Skipped) else decoded(ask.entry.path, data)
    if isinstance(data, Skipped) and data.reason not in OF_CONTENTS:
        return key, data
    known = memory.archive.recognise(key)
    literals = tuple(literals_from(known.literals, ask.entry.path)) if known and known.literals else None
    file = source if isinstance(source, Skipped) else file_of(source, literals, reader=memory.reading[state.rules])
    if isinstance(file, Skipped):
        return key, [Record(None, key[2], file.reason)]
    return key, list(_records(file, ask, memory))


def _records(file: FileRead, ask: _Ask, memory: Memory) -> Iterator[Record]:
    state = next(iter(ask.states.values()))
    name = state.key(file.source.path)[2]
    if file.silent:
        yield Record(None, name, silent=True)
        return
    literals = plain_literals(file.literals)
    for context in ask.states:
        stages = memory.judging[state.rules, context]()
        findings = tuple(stages.findings(file))
        tally: tuple[Any, ...] = _tally(stages.judged(file), findings)
        yield Record(
            None, name, None, len(file.literals), literals, False, context, plain_findings(findings), marshal.dumps(tuple(tally))
        )


def _tally(judged: Iterable[Judged], findings: Iterable[Finding]) -> Tally:
    found = list(judged)
    said: Counter[tuple[str, str]] = Counter((each.literal.context, _said(each.verdict)) for each in found)
    retired = Counter((each.resolved.retired.service, each.literal.port) for each in found if each.resolved.retired)
    return Tally(dict(said), dict(retired), dict(Counter(finding.code for finding in findings)))


def _said(verdict: object) -> str:
    return verdict.code if isinstance(verdict, Breach) else str(verdict)


def _whole(state: State, memory: Memory, unread: Mapping[Key, Skipped]) -> Whole:
    """The checks of a state as a whole."""

    def same(entry: FileEntry) -> tuple[bytes] | None:
        name = state.ids.get(entry.path)
        return None if name is None or state.key(entry.path) in unread else (name,)

    context = digest_of(f"{state.rules} {told(state.registry, state.told)}")
    recollection = Recollection(memory.answers, context, same, state.contents)
    known = partial(memory.archive.literals, state.rules)
    return whole_in(state.root, state.registry, state.config, known, recollection, state.listing, state.contents)


def _count(state: State, whole: Whole, memory: Memory, unread: Mapping[Key, Skipped]) -> Count:
    skipped = list(state.listing.passed_over)
    read: dict[str, Record] = {}
    said: Counter[tuple[str, str]] = Counter()
    retired: Counter[tuple[str, int]] = Counter()
    codes: Counter[str] = Counter()
    for entry in state.entries:
        key = state.key(entry.path)
        record = memory.archive.recall(key, state.context)
        if record is None:
            skipped.append(unread[key])
            continue
        if record.reason is not None:
            skipped.append(Skipped(entry.path, record.reason))
            continue
        read[entry.path] = record
        if record.tally:
            tally = Tally(*marshal.loads(record.tally))  # noqa: S302  (see `kept`)
            said.update(tally.said)
            retired.update(tally.retired)
            codes.update(tally.codes)
    skipped += _join(codes, read, whole)
    ports = sum(record.ports for record in read.values())
    return Count(len(read), ports, said, retired, +codes, tuple(sorted(skipped, key=lambda each: each.path)))


def _join(codes: Counter[str], read: Mapping[str, Record], whole: Whole) -> tuple[Skipped, ...]:
    """Count what the checks of the whole repository find, and take out what their findings stand for; what they pass over."""
    if not whole.wanted:
        return ()
    scanned = frozenset((*read, whole.registry.path))
    more, _, unfollowed = whole.findings(scanned, everything=True, fixes=False)
    places = sorted({finding.path for finding in more} & read.keys())
    alone = tuple(each for path in places if read[path].findings for each in findings_from(read[path].findings, path))
    codes.subtract(finding.code for finding in alone)
    codes.update(finding.code for finding in joined(alone, more, {}, lambda _source: ()))
    return unfollowed
