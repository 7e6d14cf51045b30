"""A baseline that goes along with files that change: what it hides stays hidden where its line still stands.

An entry knows a finding by the words of its line. When a command rewrites the line, the entry gets the new words, as often as
the finding is still there; what is gone leaves the baseline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import TYPE_CHECKING

from portscan.baseline.against import opened
from portscan.baseline.entries import dump
from portscan.edit import NewFile
from portscan.findings import Breach, catalogue
from portscan.fingerprints import Identity, identities, words
from portscan.life.usage import resurveyed
from portscan.source import Source, decode
from portscan.tops import from_the_top

if TYPE_CHECKING:
    from collections.abc import Callable

    from portscan.pipeline.surveys import Survey
    from portscan.registry.model import Registry
    from portscan.workspace import Workspace

Counts = Mapping[Identity, int]
Lines = Mapping[str, Sequence[str]]  # the words of a line, with what the lines that have them become


def baseline_beside(
    then: Workspace, registry: Registry, files: Sequence[NewFile], before: Survey, names: Mapping[str, str] = MappingProxyType({})
) -> Iterator[NewFile]:
    """The baseline as it is to be beside `files`, if there is one and anything changes in it.

    `then` and `registry` are as they will be; `names` are services that get others.
    """
    file = then.config.baseline_file(then.top)
    if not file.exists():
        return
    baseline = opened(then.root, file)
    seen = from_the_top(then.root, then.top)
    named = {entry.identity.path for entry in baseline.entries}
    lines = {seen(file.path): _lines(file) for file in files if seen(file.path) in named}
    now = {file.path: file.after for file in files if file.after is not None}
    contents = {path: now.get(path, data) for path, data in before.sources.items() if seen(path) in named}
    after = resurveyed(then, registry, contents)
    counts = moved(baseline.counts, lines, _present(before, seen), _present(after, seen), names)
    if counts != baseline.counts:
        yield NewFile(baseline.path, baseline.data, dump(counts))


def moved(
    counts: Counts, lines: Mapping[str, Lines], before: Counts, after: Counts, names: Mapping[str, str]
) -> Counter[Identity]:
    """What a baseline counts when the `lines` of some files have become others, and services have other `names`.

    Of findings at literals, `before` and `after` say how many there are. Others, such as a call that cannot arrive, are
    judged by more than a file: they go where their line goes.
    """
    then: Counter[Identity] = Counter()
    for identity, number in counts.items():
        left = number
        renamed = identity._replace(about=names.get(identity.about, identity.about))
        for target, room in _targets(renamed, number, lines.get(identity.path, {})).items():
            most = after.get(target, 0) - then[target] if identity in before else room
            taken = max(min(left, most), 0)
            then[target] += taken
            left -= taken
    return +then


def _targets(identity: Identity, number: int, lines: Lines) -> Mapping[Identity, int]:
    """What an identity becomes, and how often; itself where no line has its words, as in one that is too long for that."""
    texts = lines.get(identity.text) or (identity.text,)
    if len(set(texts)) == 1:
        return {identity._replace(text=texts[0]): number}
    return Counter(identity._replace(text=text) for text in texts)


def _lines(file: NewFile) -> dict[str, list[str]]:
    """The words of the lines of a file, with what became of them."""
    found: dict[str, list[str]] = {}
    for before, after in _paired(_worded(file.path, file.before), _worded(file.path, file.after)):
        found.setdefault(before, []).append(after)
    return found


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each line with what became of it. Where there are as many as before, as nearly always, nothing need be compared."""
    if len(old) == len(new):
        yield from zip(old, new, strict=True)
        return
    for _, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield from zip(old[start:end], new[begin:stop], strict=False)


def _worded(path: str, data: bytes | None) -> list[str]:
    source = decode(path, data or b"")
    return [words(source.line_text(number)) for number in range(1, source.lines + 1)] if isinstance(source, Source) else []


def _present(survey: Survey, seen: Callable[[str], str]) -> Counter[Identity]:
    """What the findings at the literals of a survey are known by."""
    rules = catalogue()
    breaches = ((each.literal.path, each.verdict) for each in survey.judged if isinstance(each.verdict, Breach))
    found = [rules[breach.code].finding(path, breach) for path, breach in breaches]
    return Counter(each._replace(path=seen(each.path)) for each in identities(found, survey.sources))
