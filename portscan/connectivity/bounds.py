"""What the checks do at most for one repository: a few lines may ask for more work than any machine can do."""

from __future__ import annotations

from collections import Counter
from typing import Final

from portscan.model import Reason, Skipped
from portscan.records import dataclass, field
from portscan.tuples import NamedTuple


class Bound(NamedTuple):
    """How much of something is done at most, and what is said of a file that asks for more."""

    most: int
    reason: Reason


LONG: Final = 64 << 10  # characters by which variables may make a value longer
GROWTH: Final = Bound(2 << 20, Reason("read in part: its variables stand for too much text, or nest too deeply"))
INCLUDED: Final = Bound(2_000, Reason("read in part: it includes too many files, or too deeply"))
EXTENDED: Final = Bound(12, Reason("read in part: its services extend others over too many steps"))
COMPARED: Final = Bound(400_000, Reason("read in part: too many services publish the same ports"))
RANGES: Final = Bound(100_000, Reason("read in part: its ranges have too many ports"))


@dataclass(slots=True)
class Budget:
    """What is left of it, and the files that are not wholly followed because nothing was."""

    spent: Counter[Bound] = field(default_factory=Counter)
    passed: set[Skipped] = field(default_factory=set)

    def left(self, bound: Bound) -> int:
        """How much more of it there may be."""
        return bound.most - self.spent[bound]

    def allows(self, bound: Bound, amount: int, path: str) -> bool:
        """Take so much of it; where that is not left, the file is remembered as one that asked for too much."""
        if amount > self.left(bound):
            self.refuse(bound, path)
            return False
        self.spent[bound] += amount
        return True

    def refuse(self, bound: Bound, path: str) -> None:
        """Remember that the file asked for too much."""
        self.passed.add(Skipped(path, bound.reason))

    def unfollowed(self) -> tuple[Skipped, ...]:
        """The files that are read in part, and why."""
        return tuple(sorted(self.passed, key=lambda each: (each.path, each.reason)))
