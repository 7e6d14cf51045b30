"""Patterns of rules. Those of a repository's own rules are watched: one that comes to no end names its rule and gives up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, TypeVar

from portscan.bounded import TooMuch, seconds
from portscan.errors import UserError
from portscan.expressions import compiled
from portscan.records import dataclass

T = TypeVar("T")
SECONDS = 5.0  # a pattern that is meant well takes milliseconds
Match: TypeAlias = re.Match[str]


@dataclass(frozen=True, slots=True)
class Watched:
    """A pattern of the rule `rule` in the file `file`, used like one of `re`."""

    pattern: re.Pattern[str]
    rule: str
    file: str

    def search(self, text: str) -> Match | None:
        """The first match in `text`."""
        return self._within(lambda: self.pattern.search(text))

    def fullmatch(self, text: str) -> Match | None:
        """The match of all of `text`."""
        return self._within(lambda: self.pattern.fullmatch(text))

    def finditer(self, text: str) -> Iterator[Match]:
        """All matches in `text`."""
        return iter(self._within(lambda: list(self.pattern.finditer(text))))

    def _within(self, work: Callable[[], T]) -> T:
        try:
            with seconds(SECONDS):
                return work()
        except TooMuch:
            raise UserError(
                f"{self.file}: a pattern of the rule `{self.rule}` takes too long", "Look for a repeat within a repeat."
            ) from None


Pattern: TypeAlias = re.Pattern[str] | Watched


def pattern_of(rule: Mapping[str, Any], expression: str, flags: int = 0) -> Pattern:
    """The expression of a rule, ready to be sought; watched where `further` names a file of somebody's own."""
    made = compiled(expression, flags)
    return Watched(made, rule["id"], rule["further"]) if rule.get("further") else made
