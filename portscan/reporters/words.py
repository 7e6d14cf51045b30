"""Numbers with their nouns, and text in lines."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from portscan.reporters.ranking import SEVERITIES
from portscan.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from portscan.model import Finding, Related, Severity

NARROWEST = 24


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`, `1,204 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def counted(numbers: Mapping[Severity, int], nouns: Sequence[Severity]) -> Iterator[str]:
    """A count for each noun that has one, in the order of `nouns`."""
    return (count(numbers[noun], noun) for noun in nouns if numbers.get(noun))


def by_severity(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 note`: how many findings of each severity, the gravest first."""
    found = Counter(finding.severity for finding in findings)
    return ", ".join(counted(found, SEVERITIES))


def advice(finding: Finding) -> str:
    """What is wrong, and what to do about it, in one line."""
    remedy = finding.fix.title if finding.fix and finding.fix.applicability == "display" else ""
    parts = (_ended(printable(part)) for part in (finding.message, finding.help or "", remedy) if part)
    return " ".join(parts)


def elsewhere(related: Related) -> str:
    """A related place as `path:line:column: message`."""
    return printable(f"{related.path}:{related.location.line}:{related.location.column}: {related.message}")


def named(path: str) -> str:
    """A path that strict readers of JSON take as well: a byte of its name that is no UTF-8 is shown as such."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def wrapped(start: str, text: str, width: int) -> list[str]:
    """`start` and `text` in lines of `width`, those after the first indented to where the text began."""
    room = max(width - len(start), NARROWEST)
    if len(text) <= room:
        return [start + text]
    first, *rest = _lines(text, room)
    return [start + first, *(" " * len(start) + line for line in rest)]


@lru_cache(maxsize=1_000)
def _lines(text: str, room: int) -> list[str]:
    """The same is said of many places."""
    from textwrap import wrap

    return wrap(text, room, break_long_words=False, break_on_hyphens=False)
