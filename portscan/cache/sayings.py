"""What files said when the checks of the whole repository asked them something: only those that have changed are asked again.

A question is a pattern that is sought in a file, or the name of what is read out of it; its answer is plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import cached_property
from pathlib import Path
from typing import Any

from portscan.cache.kept import kept_file, loaded, store
from portscan.records import dataclass, field

Question = str | bytes
State = tuple[Any, ...]  # plain values: as long as they are the same, so are the contents of the file
MOST = 6  # questions of one file that are remembered: the names that are sought change with the registry


@dataclass(frozen=True)
class Sayings:
    """The answers, and the files that have said something new."""

    file: Path | None
    fresh: set[str] = field(default_factory=set)

    @cached_property
    def known(self) -> dict[str, tuple[State, dict[Question, Any]]]:
        """The answers by path, each file with the state that it was in."""
        return loaded(self.file) or {}

    def said(self, path: str, state: State | None, question: Question, ask: Callable[[], Any]) -> Any:
        """The answer of a file, which is asked only if it has not said so in this state. One without a state is always asked."""
        if state is None:
            return ask()
        before = self.known.get(path)
        if before is None or before[0] != state:
            before = self.known[path] = (state, {})
        answers = before[1]
        if question not in answers:
            if len(answers) == MOST:
                del answers[next(iter(answers))]
            answers[question] = ask()
            self.fresh.add(path)
        return answers[question]

    def keep(self, paths: Container[str]) -> None:
        """Write down what was said by those files that are still there, if there is anything new."""
        if self.fresh:
            store(self.file, {path: said for path, said in self.known.items() if path in paths})
            self.fresh.clear()


def sayings(root: Path, rules: str) -> Sayings:
    """What the files below `root` said before; `rules` names what answers depend on besides."""
    return Sayings(kept_file("sayings", rules, str(root.absolute())))
