"""The figures of the past: one row for each tag, month, week or commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from portscan.errors import UserError
from portscan.git.history import Commit, commit_of, commits, tags
from portscan.life.auditing.figures import Figures
from portscan.life.auditing.past import figures

if TYPE_CHECKING:
    from portscan.pipeline.surveys import Memory

EVERY = ("month", "week", "tag", "commit")


@dataclass(frozen=True, slots=True)
class Row:
    """A point of the trend: what it is called, the commit, its day, and the figures, if it has a registry in order."""

    label: str
    commit: str
    day: str
    figures: Figures | None


def rows(top: Path, registry_path: str, since: str, every: str) -> tuple[Row, ...]:
    """The trend since a date, a tag or a commit, the oldest first."""
    points = tuple(_points(top, since, every))
    if not points:
        raise UserError(f"there is no {every} since {since}", "Name an earlier day as YYYY-MM-DD, or a revision.")
    memory: Memory = {}
    return tuple(
        Row(label, commit.name, commit.day, figures(top, commit.name, registry_path, date.fromisoformat(commit.day), memory))
        for label, commit in points
    )


def _points(top: Path, since: str, every: str) -> Iterator[tuple[str, Commit]]:
    line = tuple(reversed(_commits(top, since)))
    if every == "tag":
        known = tags(str(top))
        yield from ((known[commit.name], commit) for commit in line if commit.name in known)
        return
    last: dict[str, Commit] = {_label(commit, every): commit for commit in line}
    yield from last.items()


def _commits(top: Path, since: str) -> Sequence[Commit]:
    try:
        first = date.fromisoformat(since).isoformat()
        # Git takes a day that is too far away for no day at all.
        return [commit for commit in commits(str(top), since=f"{first} 00:00:00") if commit.day >= first]
    except ValueError:
        base = commit_of(str(top), since)
    return (*commits(str(top), until=f"{base}..HEAD"), *commits(str(top), until=base)[:1])


def _label(commit: Commit, every: str) -> str:
    if every == "month":
        return commit.day[:7]
    if every == "week":
        year, week, _ = date.fromisoformat(commit.day).isocalendar()
        return f"{year}-W{week:02}"
    return commit.name[:9]
