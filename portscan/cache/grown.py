"""What is kept of many things by their names, of which few change from one run to the next: what is new lies beside the rest.

Each entry is true by itself, so that the two may be of different runs. The rest is written anew when an eighth of it is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from portscan.cache.kept import kept_file, loaded, store
from portscan.records import dataclass

SHARE = 8


@dataclass(frozen=True, slots=True)
class Grown:
    """Entries in plain form by their names; those that are `new` lie in a file of their own beside the `rest` of so many."""

    file: Path | None
    beside: Path | None
    known: Mapping[str, Any]
    new: Mapping[str, Any]
    rest: int

    def keep(self, fresh: Mapping[str, Any], seen: Iterable[str]) -> None:
        """Write down what is fresh, and in time of the others only those that were `seen`; a failure only costs time."""
        new = {**self.new, **fresh}
        if len(new) * SHARE <= self.rest:
            store(self.beside, new)
            return
        store(self.file, {**{name: self.known[name] for name in seen if name in self.known}, **fresh})
        if self.new:
            store(self.beside, {})


def grown(shelf: str, *about: str) -> Grown:
    """What is kept on a shelf, by what it depends on."""
    file, beside = kept_file(shelf, *about), kept_file(shelf, "new", *about)
    rest, new = loaded(file) or {}, loaded(beside) or {}
    return Grown(file, beside, {**rest, **new}, new, len(rest))
