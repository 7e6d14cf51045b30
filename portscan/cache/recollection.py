"""What the checks of the whole repository said before: they run again only when something that they looked at has changed.

What they looked at is every file whose contents they asked for, and which files there are. Of a file that they only sought
patterns in, it is what was found, and of one that can be asked their questions again, the answers: the rest may change.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portscan.cache.kept import kept_file, loaded, store
from portscan.cache.sayings import Sayings, State, sayings
from portscan.cache.scans import present, state_of
from portscan.cache.works import ABSENT, Remembered, Works, works
from portscan.drawers import SAME_EVERYWHERE
from portscan.files.contents import read
from portscan.gate.memory import digest
from portscan.model import Skipped
from portscan.pages import findings_from, plain_findings
from portscan.records import dataclass, field
from portscan.source import may_hold
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from portscan.files.contents import FileEntry
    from portscan.model import Finding

Again = Callable[[str, bytes], Any]


class Answer(NamedTuple):
    """What was found, by path and in plain form, where the files that were looked at had these `states`.

    `sought` are the patterns that were, and were not, found in files of which no more was asked than that and what they have
    `told`, by the questions. Only of these may a state be missing.
    """

    states: Mapping[str, State | None]
    sought: Mapping[str, Mapping[bytes, bool]]
    told: Mapping[str, Mapping[str, bytes]]
    findings: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Answers:
    """What the checks said of one directory, by what they were told and which files there were.

    Of a directory on the disk only the newest answer is worth keeping; of the `many` states of its past, all are.
    """

    file: Path | None
    many: bool = False

    @cached_property
    def known(self) -> dict[bytes, list[Answer]]:
        """The answers by their questions, those from before included."""
        found = loaded(self.file) or {}
        return {about: [Answer(*each) for each in answers] for about, answers in found.items()}

    def add(self, about: bytes, answer: Answer) -> None:
        """Take in an answer; where it is the only one that counts, write it down at once."""
        if not self.many:
            self.known.clear()
        self.known.setdefault(about, []).append(answer)
        if not self.many:
            self.keep()

    def keep(self) -> None:
        """Write down everything."""
        store(self.file, {about: [tuple(answer) for answer in answers] for about, answers in self.known.items()})


@dataclass(frozen=True, slots=True)
class Recollection:
    """The answers in one context. `state` tells one state of a file from others, none where there is no telling, and
    `contents` are its bytes.

    `asked` collects the states of the files that a check reads or searches, `sought` what it found in those that it searched,
    `told` what they say to the questions that can be asked `again`; the `whole` of the others counts.
    """

    answers: Answers
    context: bytes
    state: Callable[[FileEntry], State | None]
    contents: Callable[[FileEntry], bytes | Skipped] = read
    sayings: Sayings | None = None
    works: Works | None = None
    again: Mapping[str, Again] = field(default_factory=dict)
    asked: dict[str, State | None] = field(default_factory=dict)
    sought: dict[str, dict[bytes, bool]] = field(default_factory=dict)
    told: dict[str, dict[str, bytes]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)

    def read(self, entry: FileEntry) -> bytes | None:
        """The contents of a file, which count from now on."""
        self.whole.add(entry.path)
        self._noted(entry)
        return self._bytes(entry)

    def search(self, entry: FileEntry, pattern: bytes) -> bool:
        """Whether a pattern is found in a file, which counts from now on."""
        found = self.sought.setdefault(entry.path, {})
        if pattern not in found:
            found[pattern] = bool(self._answer_of(entry, pattern, lambda data: may_hold(pattern, data)))
        return found[pattern]

    def said(self, entry: FileEntry, question: str, ask: Callable[[bytes], Any]) -> Any:
        """What `ask` reads out of a file, which counts from now on, or else all of it; None where it cannot be read."""
        answer = self._answer_of(entry, question, ask)
        if question in self.again:
            self.told.setdefault(entry.path, {})[question] = _gist(answer)
        else:
            self.whole.add(entry.path)
        return answer

    def made(self, entries: Mapping[str, FileEntry], changing: frozenset[str] = frozenset()) -> Remembered | None:
        """What was made of several files, which all count for whoever recalls it; some may be `changing`."""

        def state_of(path: str) -> State | None:
            if path not in entries:
                return ABSENT
            self.whole.add(path)
            return self._noted(entries[path])

        return Remembered(self.works, state_of, changing) if self.works else None

    def _answer_of(self, entry: FileEntry, question: str | bytes, ask: Callable[[bytes], Any]) -> Any:
        def asked() -> Any:
            data = self._bytes(entry)
            return None if data is None else ask(data)

        state = self._noted(entry)
        return self.sayings.said(entry.path, state, question, asked) if self.sayings else asked()

    def _noted(self, entry: FileEntry) -> State | None:
        if entry.path not in self.asked:
            self.asked[entry.path] = self.state(entry)
        return self.asked[entry.path]

    def _bytes(self, entry: FileEntry) -> bytes | None:
        data = self.contents(entry)
        return None if isinstance(data, Skipped) else data

    def keep_parts(self, entries: Mapping[str, FileEntry]) -> None:
        """Write down what single files said, and what was made of some of them."""
        if self.sayings:
            self.sayings.keep(entries)
        if self.works:
            self.works.keep()

    def recall(self, entries: Mapping[str, FileEntry]) -> tuple[Finding, ...] | None:
        """What was found, if nothing has changed since; none where there is no telling."""
        for answer in self.answers.known.get(self.about(entries), ()):
            if self._holds(answer, entries):
                return tuple(finding for path, plain in answer.findings for finding in findings_from(plain, path))
        return None

    def _holds(self, answer: Answer, entries: Mapping[str, FileEntry]) -> bool:
        if not answer.states.keys() <= entries.keys():
            return False
        changed = [path for path, state in answer.states.items() if state is None or self.state(entries[path]) != state]
        return all(self._still(entries[path], answer) for path in changed)

    def _still(self, entry: FileEntry, answer: Answer) -> bool:
        """Whether in a file that has changed the same is found and not found, and told, if that was all that counts."""
        sought, told = answer.sought.get(entry.path), answer.told.get(entry.path, {})
        data = self._bytes(entry) if sought is not None or told else None
        if data is None or not told.keys() <= self.again.keys():
            return False
        found = all(may_hold(pattern, data) is found for pattern, found in (sought or {}).items())
        return found and all(_gist(self.again[question](entry.path, data)) == said for question, said in told.items())

    def answer(self, findings: Iterable[Finding]) -> Answer | None:
        """What was found, ready to be recalled, unless a file was changed so lately that its next change might not show."""
        sought = {path: said for path, said in self.sought.items() if path not in self.whole}
        told = {path: said for path, said in self.told.items() if path not in self.whole}
        found = tuple((finding.path, plain_findings((finding,))) for finding in findings)
        sure = all(state is not None or path in sought or path in told for path, state in self.asked.items())
        return Answer(dict(self.asked), sought, told, found) if sure else None

    def keep(self, entries: Mapping[str, FileEntry], findings: Iterable[Finding]) -> None:
        """Take in what was found."""
        found = self.answer(findings)
        if found is not None:
            self.answers.add(self.about(entries), found)

    def about(self, entries: Mapping[str, FileEntry]) -> bytes:
        """What tells this question from others."""
        return digest(self.context, marshal.dumps(sorted(entries)))


def _gist(answer: Any) -> bytes:
    """What tells an answer in plain data from others."""
    return digest(marshal.dumps(answer, SAME_EVERYWHERE))


def recollection(root: Path, rules: str, context: str, again: Mapping[str, Again]) -> Recollection:
    """The recollection of `root`; `rules` names what the checks themselves depend on, `context` what they are told.

    `again` are the questions, by their names, that can be put to the path and the contents of a file once more.
    """
    about = context.encode("utf-8", "surrogateescape")
    found, known, made = answers("whole", rules, root), sayings(root, rules), works(root, rules)
    return Recollection(found, about, lambda entry: state_of(entry, present()), lru_cache(1)(read), known, made, again)


def answers(shelf: str, rules: str, root: Path, *, many: bool = False) -> Answers:
    """What is known of `root` from before."""
    return Answers(kept_file(shelf, rules, str(root.absolute())), many)
