"""The findings of one file as people read them: the line, carets below the number, and what to write instead.

Findings that say the same are told once, with the places of the others, unless the user wants to see everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portscan.reporters.snippet import snippet
from portscan.reporters.words import elsewhere, wrapped
from portscan.source import Source, decode
from portscan.terminal import Streams, Style, cells, paint, printable
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from portscan.model import Finding

PLACES = 12  # further places of the same finding that are told


class Columns(NamedTuple):
    """What the findings of a file share: the width of the widest place, and whether any of them has a star."""

    places: int
    stars: bool


def of_file(path: str, findings: Sequence[Finding], streams: Streams, data: bytes | None) -> str:
    """The findings of the file `path`, whose bytes are `data` where they are known."""
    source = decode(path, data) if data is not None else None
    shown = source if isinstance(source, Source) else None
    groups = _alike(findings) if streams.detail != "verbose" else [[finding] for finding in findings]
    columns = Columns(max(len(_place(finding)) for finding in findings), any(fixable(finding, "safe") for finding in findings))
    head = paint(printable(path), "path", streams.color)
    return f"{head}\n" + "\n".join(_told(group, shown, streams, columns) for group in groups)


def _alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """The findings that say the same, together at the place of the first of them."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        ability = finding.fix and (finding.fix.applicability, finding.fix.title)
        said = (finding.code, finding.severity, finding.message, finding.help, ability, finding.related)
        groups.setdefault(said, []).append(finding)
    return list(groups.values())


def _told(group: Sequence[Finding], source: Source | None, streams: Streams, columns: Columns) -> str:
    first, *others = group
    if not others:
        return _finding(first, source, streams, columns)
    places = ", ".join(map(_place, others[:PLACES]))
    more = f" and {len(others) - PLACES:,} more" if len(others) > PLACES else ""
    rest = wrapped(f"{' ' * (columns.places + 2)}= also at ", f"{places}{more}", streams.width)
    return _finding(first, source, streams, columns) + "".join(f"{line}\n" for line in rest)


def _place(finding: Finding) -> str:
    return f"{finding.location.line}:{finding.location.column}"


def _finding(finding: Finding, source: Source | None, streams: Streams, columns: Columns) -> str:
    gutter = " " * (columns.places + 2)
    lines = [*_headline(finding, streams, columns), *_quoted(finding, source, streams, len(gutter))]
    for label, style, text in _remarks(finding):
        first, *rest = wrapped(f"{gutter}= {label}", printable(text), streams.width)
        cut = len(gutter) + 2
        painted = first[:cut] + paint(label, style, streams.color) + first[cut + len(label) :]
        lines += [painted, *rest]
    return "".join(f"{line}\n" for line in lines)


def _headline(finding: Finding, streams: Streams, columns: Columns) -> Iterator[str]:
    """`line:col severity CODE message`; a star marks what `--fix` takes care of."""
    star = " [*]" if fixable(finding, "safe") else " " * 4 * columns.stars
    place = f"  {_place(finding):<{columns.places}}  "
    start = f"{place}{finding.severity:<7}  {finding.code}{star}  "
    first, *rest = wrapped(start, printable(finding.message), streams.width)
    yield "".join(
        (
            place,
            paint(f"{finding.severity:<7}", finding.severity, streams.color),
            f"  {paint(finding.code, 'code', streams.color)}{paint(star, 'help', streams.color)}  ",
            first[len(start) :],
        )
    )
    yield from rest


def _quoted(finding: Finding, source: Source | None, streams: Streams, gutter: int) -> Iterator[str]:
    """The source line, the carets under the digits, and beside them whose port it is."""
    owner = _owner(finding)
    shown = snippet(source, finding.location, streams.width - gutter - 3) if source else None
    if shown is None:
        yield from _alone(finding, gutter, streams)
        return
    bar = paint("|", "dim", streams.color)
    number = paint(f"{finding.location.line:>{gutter - 1}}", "dim", streams.color)
    beside = owner and gutter + 3 + cells(shown.carets) + 1 + cells(owner) <= streams.width
    label = f" {owner}" if beside else ""
    yield f"{number} {bar} {shown.text}".rstrip()
    yield f"{'':>{gutter}}{bar} {' ' * shown.indent}{paint('^' * shown.length + label, finding.severity, streams.color)}"
    if not beside:
        yield from _alone(finding, gutter, streams)


def _alone(finding: Finding, gutter: int, streams: Streams) -> list[str]:
    """The owner on a line of its own, unless the finding speaks of it anyway."""
    said = f"{finding.message} {finding.help or ''}"
    if not _owner(finding) or all(part in said for part in (finding.service, finding.variable) if part):
        return []
    return wrapped(f"{'':>{gutter}}= ", _owner(finding), streams.width)


def _owner(finding: Finding) -> str:
    parts = [printable(part) for part in (finding.service, finding.variable) if part]
    return ": ".join(parts)


def _remarks(finding: Finding) -> Iterator[tuple[str, Style, str]]:
    """What else there is to say: a label, its style, and the text."""
    if finding.help:
        yield "help: ", "help", finding.help
    if fixable(finding, "display") and finding.fix:
        yield "by hand: ", "help", finding.fix.title
    for related in finding.related:
        yield "see: ", "note", elsewhere(related)


def fixable(finding: Finding, applicability: str) -> bool:
    """Whether a finding has a fix of this applicability."""
    return finding.fix is not None and finding.fix.applicability == applicability
