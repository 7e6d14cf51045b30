"""An audit as text for a terminal, as Markdown, and as values for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from portscan.life.auditing.approvals import Approvals
from portscan.life.auditing.figures import Figures
from portscan.life.auditing.trend import Row
from portscan.records import dataclass
from portscan.reporters.words import count
from portscan.terminal import printable

BARS: Final = "▁▂▃▄▅▆▇█"
MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found: the figures of today, the changes of the registry, and the trend, where one was asked for."""

    today: date
    figures: Figures
    approvals: Approvals
    approvers: tuple[str, ...]
    trend: tuple[Row, ...] = ()


def text(audit: Audit) -> str:
    """For a terminal: a figure on a line, with its way through the trend."""
    lines = [f"{label:<24}{value:<12}{_line(audit, pick)}".rstrip() for label, value, pick in _figures(audit)]
    parts = [lines, *(["", title, *(f"  {line}" for line in body)] for title, body in _sections(audit) if body)]
    trend = ["", "Trend", *(f"  {line}" for line in (*_columns(_table(audit)), *_remarks(audit)))] if audit.trend else []
    return printable_lines([line for part in parts for line in part] + trend)


def markdown(audit: Audit, title: str) -> str:
    """For a file or a comment."""
    lines = [f"# {title}", "", "| figure | value | trend |", "| --- | --- | --- |"]
    lines += [f"| {label} | {value} | {_line(audit, pick)} |" for label, value, pick in _figures(audit)]
    for heading, body in _sections(audit):
        if body:
            lines += ["", f"## {heading}", "", *(f"- {_inert(line)}" for line in body)]
    if audit.trend:
        head, *rows = _table(audit)
        lines += ["", "## Trend", "", f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
        lines += [f"| {' | '.join(map(_inert, row))} |" for row in rows]
        lines += ["", *(f"- {_inert(remark)}" for remark in _remarks(audit))]
    return printable_lines(lines)


def data(audit: Audit) -> dict[str, Any]:
    """For machines."""
    approvals = audit.approvals
    return {
        "version": 1,
        "date": audit.today.isoformat(),
        "figures": _values(audit.figures),
        "approvals": {
            "changes": approvals.changes,
            "approved": approvals.approved,
            "reviewed": approvals.reviewed,
            "alone": [{"commit": each.name, "day": each.day, "author": each.author} for each in approvals.alone],
        },
        "trend": [_row(row) for row in audit.trend],
    }


def _row(row: Row) -> dict[str, Any]:
    figures = _values(row.figures) if row.figures else None
    known = {"label": row.label, "commit": row.commit, "day": row.day, "figures": figures}
    return {**known, "why": row.why or None, "missing": list(row.missing)}


def _values(figures: Figures) -> dict[str, Any]:
    return {
        "files": figures.files,
        "literals": figures.literals,
        "codes": dict(figures.codes),
        "hardcoded": figures.hardcoded,
        "bound_share": figures.bound,
        "documented_right_share": figures.right,
        "services": figures.services,
        "conflicts": figures.conflicts,
        "without_owner": list(figures.unowned),
        "without_health_check": list(figures.unchecked),
        "headroom": [each._asdict() for each in figures.headroom],
        "transitions": [{**each._asdict(), "until": each.until.isoformat()} for each in figures.transitions],
    }


Pick = Callable[[Figures], "float | None"]


def _figures(audit: Audit) -> Iterator[tuple[str, str, Pick]]:
    now = audit.figures
    counts: tuple[tuple[str, Pick], ...] = (
        ("Services", lambda f: f.services),
        ("Hardcoded ports", lambda f: f.hardcoded),
        ("Unregistered ports", lambda f: f.codes.get("PS002", 0)),
        ("Stale numbers", lambda f: f.codes.get("PS003", 0)),
        ("Former ports in use", lambda f: f.codes.get("PS006", 0)),
        ("Conflicts", lambda f: f.conflicts),
        ("Without owner", lambda f: len(f.unowned)),
        ("Without health check", lambda f: len(f.unchecked)),
    )
    shares: tuple[tuple[str, Pick], ...] = (("Bound", lambda f: f.bound), ("Documented right", lambda f: f.right))
    for label, pick in (counts[0], *shares, *counts[1:]):
        value = pick(now)
        yield label, _percent(value) if (label, pick) in shares else f"{value:,}", pick


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _line(audit: Audit, pick: Pick) -> str:
    """The way of a figure as a row of bars, the last of them today's."""
    known = [*(pick(row.figures) for row in audit.trend if row.figures), pick(audit.figures)]
    numbers = [number for number in known if number is not None]
    if len(numbers) < 2:
        return ""
    low, high = min(numbers), max(numbers)
    return "".join(BARS[round((number - low) / (high - low) * (len(BARS) - 1)) if high > low else 3] for number in numbers)


def _sections(audit: Audit) -> Iterator[tuple[str, list[str]]]:
    figures, approvals = audit.figures, audit.approvals
    yield "Headroom", [f"{each.stack}: {each.free} of {each.size} free in {each.span}" for each in figures.headroom]
    yield "Transitions", [_transition(audit, *each) for each in figures.transitions]
    yield "Services without an owner", _some(figures.unowned)
    yield "Services without a health check", _some(figures.unchecked)
    by = f" by {', '.join(audit.approvers)}" if audit.approvers else ""
    reviewed = f"{approvals.reviewed} reviewed by somebody else"
    said = [f"{count(approvals.changes, 'change')}: {approvals.approved} approved{by}, {reviewed}"]
    alone = [f"{each.day} {each.name[:9]} {each.author}: nobody else signed it" for each in approvals.alone[:MOST]]
    more = [f"and {len(approvals.alone) - MOST} more"] if len(approvals.alone) > MOST else []
    yield "Changes of the registry", [*said, *alone, *more] if approvals.changes else []


def _transition(audit: Audit, service: str, port: int, until: date, uses: int) -> str:
    state = f"ended on {until}" if until < audit.today else f"ends on {until}"
    return f"{service}: {port} {state}, and is still written {uses} times" if uses else f"{service}: {port} {state}"


def _some(names: Sequence[str]) -> list[str]:
    shown = list(names[:MOST])
    return [", ".join(shown) + (f", and {len(names) - MOST} more" if len(names) > MOST else "")] if shown else []


def _table(audit: Audit) -> list[list[str]]:
    head = ["", "commit", "services", "hardcoded", "unregistered", "stale", "bound", "docs right", "conflicts"]
    now = Row("now", "", audit.today.isoformat(), audit.figures)
    return [head, *(_cells(row) for row in (*audit.trend, now))]


def _cells(row: Row) -> list[str]:
    f = row.figures
    if f is None:
        return [row.label, row.commit[:9], *["–"] * 7]
    counts = [f"{number:,}" for number in (f.services, f.hardcoded, f.codes.get("PS002", 0), f.codes.get("PS003", 0))]
    return [row.label, row.commit[:9], *counts, _percent(f.bound), _percent(f.right), f"{f.conflicts:,}"]


def _remarks(audit: Audit) -> Iterator[str]:
    """Why rows have no figures, each reason once, and what was not there to be read."""
    reasons: dict[str, list[str]] = {}
    for row in audit.trend:
        if row.why:
            reasons.setdefault(row.why, []).append(row.label)
    for why, labels in reasons.items():
        yield f"{_between(labels)}: {why}"
    missing = sorted({path for row in audit.trend for path in row.missing})
    if missing:
        more = f" and {len(missing) - MOST} more" if len(missing) > MOST else ""
        yield f"not read, since this clone has not got them: {', '.join(missing[:MOST])}{more}"


def _between(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{labels[0]} … {labels[-1]} ({len(labels)})"


def _columns(table: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    return ["  ".join(_fitted(row, widths)).rstrip() for row in table]


def _fitted(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """The cells of a row: names to the left, numbers to the right."""
    for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.ljust(width) if index < 2 else cell.rjust(width)


def _inert(line: str) -> str:
    """A line that Markdown takes for nothing but text."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|@!" else sign for sign in line)


def printable_lines(lines: Sequence[str]) -> str:
    """The lines as one text, with nothing in it that could steer a terminal."""
    return "".join(f"{printable(line)}\n" for line in lines)
