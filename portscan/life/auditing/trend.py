"""The figures of the past: one row for each tag, month, week or commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from portscan.errors import UserError
from portscan.git.history import Commit, commit_of, commits, committed, tags
from portscan.git.objects import Objects
from portscan.life.auditing.figures import Figures, measured
from portscan.life.auditing.past import MISSING, Asked, state_in
from portscan.pipeline.state import State
from portscan.pipeline.states import Memory, Shown, begun, counts
from portscan.records import dataclass, replace

EVERY = ("month", "week", "tag", "commit")
BATCH = 32  # states whose lists of files are held at once


@dataclass(frozen=True, slots=True)
class Row:
    """A point of the trend: what it is called, the commit, its day, and the figures; without them, `why` there are none.

    `missing` are files whose contents this clone has not got.
    """

    label: str
    commit: str
    day: str
    figures: Figures | None = None
    why: str = ""
    missing: tuple[str, ...] = ()


def rows(asked: Asked, since: str, every: str, memory: Memory, shown: Shown = lambda _: None) -> tuple[Row, ...]:
    """The trend since a date, a tag or a commit, the oldest first."""
    if not committed(str(asked.top)):
        raise UserError("there is no history to look into", "A trend needs a git repository with commits.")
    points = tuple(Row(label, commit.name, commit.day) for label, commit in _points(asked.top, since, every))
    if not points:
        raise UserError(f"there is no {every} since {since}", "Name an earlier day as YYYY-MM-DD, or a revision.")
    found: list[Row] = []
    with closing(Objects(str(asked.top))) as objects, TemporaryDirectory(prefix="portscan-") as rules:
        for start in range(0, len(points), BATCH):
            states = [_state(point, asked, objects, Path(rules), memory) for point in points[start : start + BATCH]]
            found += _measured(points[start : start + BATCH], states, memory, _behind(f"{start} of {len(points)}", every, shown))
    return tuple(found)


def _behind(done: str, every: str, shown: Shown) -> Shown:
    return lambda text: shown(f"{done} {every}s, {text}")


def _state(point: Row, asked: Asked, objects: Objects, rules: Path, memory: Memory) -> State | UserError:
    """The state of a point, or why a scan of it would be refused."""
    try:
        return begun(state_in(point.commit, date.fromisoformat(point.day), asked, objects, rules), memory)
    except UserError as error:
        return error


def _measured(points: Sequence[Row], states: Sequence[State | UserError], memory: Memory, shown: Shown) -> Iterator[Row]:
    counted = counts([state for state in states if isinstance(state, State)], memory, shown)
    for point, state in zip(points, states, strict=True):
        if isinstance(state, State):
            count = next(counted)
            missing = tuple(each.path for each in count.skipped if each.reason == MISSING)
            yield replace(point, figures=measured(count, state.registry, state.today), missing=missing)
        else:
            yield replace(point, why=state.title)


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
        return [commit for commit in commits(str(top), since=f"{first} 00:00:00 +0000") if commit.day >= first]
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
