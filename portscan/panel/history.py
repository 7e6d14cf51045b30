"""How the services of the registry came to be what they are: what each commit changed about them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from portscan.errors import UserError
from portscan.git.history import Commit, commits
from portscan.git.running import work_tree_of
from portscan.registry.changes import changes
from portscan.revisions import path_in_git, version_at
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from portscan.life.auditing.past import Asked
    from portscan.pipeline.states import Shown
    from portscan.registry.model import Registry

MOST: Final = 40  # commits; each registry of before has to be read


class Event(NamedTuple):
    """What was changed about a service, when (ISO) and by whom."""

    day: str
    author: str
    what: str


def history(file: Path, most: int = MOST) -> Mapping[str, tuple[Event, ...]]:
    """The events of each service, the newest first. A registry that was in error is passed over."""
    found: dict[str, list[Event]] = {}
    versions = list(_versions(file, most))
    for (commit, after), (_, before) in pairwise(versions):
        for change in changes(before, after):
            found.setdefault(change.subject, []).append(Event(commit.day, commit.author.partition(" <")[0], change.message))
    return {name: tuple(events) for name, events in found.items()}


class Point(NamedTuple):
    """The figures at one point of the past: the findings of a scan, the share of bound ports in percent, all literals."""

    when: str
    findings: int
    bound: int
    literals: int


class Past(NamedTuple):
    """What was: the events of each service, and the trend of the figures."""

    events: Mapping[str, tuple[Event, ...]]
    trend: tuple[Point, ...] = ()


NO_PAST: Final = Past({})


def trend(asked: Asked, since: str, every: str, shown: Shown) -> tuple[Point, ...]:
    """The figures since a day, a tag or a commit, the oldest first; points without a registry in order are left out."""
    from portscan.life.auditing.trend import rows
    from portscan.pipeline.states import memory_of

    memory = memory_of(asked.top)
    found = rows(asked, since, every, memory, shown)
    memory.keep()
    return tuple(
        Point(row.label, sum(row.figures.codes.values()), round(100 * (row.figures.bound or 0)), row.figures.literals)
        for row in found
        if row.figures is not None
    )


def _versions(file: Path, most: int) -> Iterator[tuple[Commit, Registry | None]]:
    """The registry at the last commits that changed it; after the very first one, that there was none."""
    if work_tree_of(os.path.realpath(file.parent)) is None:
        return
    try:
        known = commits(str(file.parent), path=f":(top,literal){path_in_git(file)}", most=most)
    except UserError:  # nothing was committed yet
        return
    for commit in known:
        try:
            yield commit, version_at(file, commit.name).registry
        except UserError:
            continue
    if known and len(known) < most:
        yield known[-1], None
