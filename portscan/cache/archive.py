"""What was found in many states of the files of one repository: by path and the id of the contents.

It lies beside the caches of scans and holds the same records. Where rules of a repository's own are in force, records are
kept apart by what names those rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from portscan.cache.kept import kept_file, loaded, store
from portscan.cache.scans import Record, identity_of, literals_from
from portscan.model import PortLiteral
from portscan.records import dataclass, field

Key = tuple[str, str, bytes]  # the name of the rules, the path, and the id of the contents


@dataclass(frozen=True, slots=True)
class Archive:
    """The records by their keys, one for each context that is known. `used` are the keys that were asked for."""

    file: Path | None
    known: dict[Key, dict[bytes, Record]]
    used: set[Key] = field(default_factory=set)
    fresh: set[Key] = field(default_factory=set)

    def recall(self, key: Key, context: bytes) -> Record | None:
        """What is known of contents in a context; some are the same in all of them."""
        records = self.known.get(key)
        if records is None:
            return None
        self.used.add(key)
        return records.get(context) or next((each for each in records.values() if each.silent or each.reason is not None), None)

    def recognise(self, key: Key) -> Record | None:
        """What is known of contents in any context."""
        return next(iter(self.known.get(key, {}).values()), None)

    def literals(self, rules: str, path: str, data: bytes) -> tuple[PortLiteral, ...] | None:
        """The literals of a file with these contents, if they are known."""
        record = self.recognise((rules, path, identity_of(data)))
        if record is None or record.reason is not None:
            return None
        return tuple(literals_from(record.literals, path)) if record.literals else ()

    def add(self, key: Key, records: Iterable[Record]) -> None:
        """Take in what was found."""
        self.known.setdefault(key, {}).update((record.context, record) for record in records)
        self.used.add(key)
        self.fresh.add(key)

    def keep(self) -> None:
        """Write down what is fresh and what was known; of more than is to be kept only what was used this time."""
        if self.fresh and not store(self.file, self._plain(self.known)):
            store(self.file, self._plain(self.used))

    def _plain(self, keys: Iterable[Key]) -> list[tuple[Key, list[tuple[object, ...]]]]:
        return [(key, [tuple(record) for record in self.known[key].values()]) for key in keys]


def archive(root: Path, rules: str) -> Archive:
    """What is known of the files below `root`; `rules` names what literals depend on besides their files."""
    file = kept_file("history", rules, str(root.absolute()))
    records = ((tuple(key), [Record(*values) for values in found]) for key, found in loaded(file) or ())
    return Archive(file, {key: {each.context: each for each in found} for key, found in records})
