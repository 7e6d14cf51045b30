"""What the report for people says of each file, with what its figures need: a page that was told before is not told again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from portscan.reporters.text_file import fixable, of_file
from portscan.reporters.words import advice
from portscan.terminal import printable
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portscan.model import Finding, Severity
    from portscan.pages import Page
    from portscan.reporters import Memory
    from portscan.terminal import Streams


class Told(NamedTuple):
    """A page in words, how many findings of each code, name and severity it has, how many that can be fixed, and whether any can
    be bound.
    """

    text: str
    kinds: Mapping[tuple[str, str, Severity], int]
    safe: int
    unsafe: int
    bindable: bool


class Figures(NamedTuple):
    """What the pages of a report come to."""

    codes: Counter[tuple[str, str]]
    severities: Counter[Severity]
    safe: int
    unsafe: int
    bindable: bool

    @classmethod
    def of(cls, pages: Sequence[Told]) -> Figures:
        """The figures of all pages together."""
        codes: Counter[tuple[str, str]] = Counter()
        severities: Counter[Severity] = Counter()
        for page in pages:
            for (code, name, severity), number in page.kinds.items():
                codes[code, name] += number
                severities[severity] += number
        safe, unsafe = sum(page.safe for page in pages), sum(page.unsafe for page in pages)
        return cls(codes, severities, safe, unsafe, any(page.bindable for page in pages))


def told(page: Page, streams: Streams, sources: Mapping[str, bytes], memory: Memory | None) -> Told:
    """A page in words: a line for each finding and no more where the user wants it quiet."""
    known = memory.recall(page) if memory else None
    if known is not None:
        return Told(*known)
    data, findings = sources.get(page.path), page.made()
    said = tallied(findings)._replace(text=_words(page.path, findings, streams, data))
    if memory and not said.safe and not said.unsafe:
        memory.keep(page, data, tuple(said))
    return said


def tallied(findings: Sequence[Finding]) -> Told:
    """A page without words."""
    kinds = Counter((finding.code, finding.name, finding.severity) for finding in findings)
    safe, unsafe = (sum(fixable(finding, how) for finding in findings) for how in ("safe", "unsafe"))
    return Told("", dict(kinds), safe, unsafe, any(map(_bindable, findings)))


def _words(path: str, findings: Sequence[Finding], streams: Streams, data: bytes | None) -> str:
    if streams.detail == "quiet":
        return "".join(map(_line, findings))
    return of_file(path, findings, streams, data)


def _line(finding: Finding) -> str:
    place = f"{finding.path}:{finding.location.line}:{finding.location.column}"
    return f"{printable(place)}: {finding.severity}: {finding.code} {advice(finding)}\n"


def _bindable(finding: Finding) -> bool:
    """Whether there is something to bind; what is said of the registry itself is mended there."""
    return finding.variable is not None and not finding.code.startswith("PS1")
