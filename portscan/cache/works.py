"""What was made of several files: as long as each is as it was, and none is there that was not, it is not made again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from portscan.cache.kept import kept_file, loaded, store
from portscan.cache.sayings import State
from portscan.records import dataclass, field

ABSENT: State = ()  # the state of a file that is not there
StateOf = Callable[[str], "State | None"]
Work = tuple[dict[str, State], Any]  # the states of the files that it rests on, and what was made, in plain data


@dataclass(frozen=True)
class Works:
    """The works by what was asked for; what nobody asks for in a run that makes something new is forgotten."""

    file: Path | None
    fresh: dict[str, Work] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    @cached_property
    def known(self) -> dict[str, Work]:
        """Those from before."""
        return loaded(self.file) or {}

    def recall(self, question: str, state_of: StateOf) -> Any:
        """What was made, where all that it rests on is as it was; else None."""
        states, made = self.known.get(question, ({}, None))
        if made is None or any(state_of(path) != state for path, state in states.items()):
            return None
        self.used.add(question)
        return made

    def add(self, question: str, paths: Iterable[str], state_of: StateOf, made: Any) -> None:
        """Take in what was made of these files, unless one of them was changed so lately that its next change might not show."""
        states = {path: state_of(path) for path in sorted(paths)}
        sure = {path: state for path, state in states.items() if state is not None}
        if len(sure) == len(states):
            self.fresh[question] = (sure, made)

    def keep(self) -> None:
        """Write down what was asked for, if anything is new."""
        if self.fresh:
            store(self.file, {**{question: self.known[question] for question in self.used}, **self.fresh})
            self.fresh.clear()


@dataclass(frozen=True, slots=True)
class Remembered:
    """The works in one run, which knows how files are, and which of them are `changing`: what rests on those will not last."""

    works: Works
    state_of: StateOf
    changing: frozenset[str] = frozenset()

    def recall(self, question: str) -> Any:
        """What was made before, if it would be made the same."""
        return self.works.recall(question, self.state_of)

    def lasts(self, paths: Iterable[str]) -> bool:
        """Whether what was made of these files is worth keeping."""
        return self.changing.isdisjoint(paths)

    def add(self, question: str, paths: Iterable[str], made: Any) -> None:
        """Take in what was made of these files."""
        self.works.add(question, paths, self.state_of, made)


def works(root: Path, rules: str) -> Works:
    """What was made of files below `root` before; `rules` names what it depends on besides."""
    return Works(kept_file("works", rules, str(root.absolute())))
