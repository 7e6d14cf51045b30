"""A file in which the numbers that are to follow their services are the registry's already.

A speller binds the digits that it finds. Where the registry has others they are written first, for all findings at once, so
that a file is parsed once for all of them, and not once for each.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import accumulate

from portscan.fixing.place import Place
from portscan.model import Skipped
from portscan.records import dataclass, replace
from portscan.source import Source, decode
from portscan.spelling import Change, Spelled


@dataclass(frozen=True)
class Renumbered:
    """A source, and by their characters the numbers in it that become others."""

    before: Source
    digits: Mapping[tuple[int, int], str]

    @classmethod
    def of(cls, source: Source, places: Iterable[Place]) -> Renumbered:
        """A source with the numbers of the registry at some places; of several for one place the first."""
        digits: dict[tuple[int, int], str] = {}
        for place in places:
            digits.setdefault((place.start, place.end), place.number.after)
        return cls(source, {span: number for span, number in sorted(digits.items()) if source.text[slice(*span)] != number})

    @cached_property
    def source(self) -> Source | Skipped:
        """What comes of it."""
        text, pieces, reached = self.before.text, list[str](), 0
        for (start, end), digits in self.digits.items():
            pieces += text[reached:start], digits
            reached = end
        after = "".join((*pieces, text[reached:]))
        return decode(self.before.path, self.before.data[: self.before.bom] + after.encode(self.before.encoding))

    def start(self, place: Place) -> int:
        """Where the digits of a place begin in it."""
        number = bisect_left(self._spans, (place.start, place.end))
        return place.start - self._longer[number]

    def back(self, spelled: Spelled) -> Spelled:
        """What was spelled in it, for the source as it is."""
        return replace(spelled, changes=tuple(Change(self._back(c.start), self._back(c.end), c.after) for c in spelled.changes))

    def _back(self, offset: int) -> int:
        return offset + self._longer[bisect_left(self._begins, offset)]

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return list(self.digits)

    @cached_property
    def _longer(self) -> list[int]:
        """How many characters more there are in the source in front of each number, and behind the last."""
        return list(accumulate((end - start - len(new) for (start, end), new in self.digits.items()), initial=0))

    @cached_property
    def _begins(self) -> list[int]:
        """Where the numbers begin in what comes of it."""
        return [start - longer for (start, _), longer in zip(self.digits, self._longer, strict=False)]
