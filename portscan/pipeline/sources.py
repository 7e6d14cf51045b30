"""The bytes of the files that a report speaks of: those of a file that has not changed are read when somebody shows them."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import cast

from portscan.files.contents import FileEntry, read
from portscan.model import Skipped


class Sources(Mapping[str, bytes]):
    """Bytes by path: those that are `held`, and those that can be `had`, which are read whenever somebody asks for them.

    A file that is gone meanwhile holds nothing.
    """

    def __init__(self, held: Mapping[str, bytes], had: Mapping[str, FileEntry]) -> None:
        self._held = held
        self._had = had

    def __getitem__(self, path: str) -> bytes:
        if path in self._held:
            return self._held[path]
        data = read(self._had[path])
        return b"" if isinstance(data, Skipped) else data

    def __contains__(self, path: object) -> bool:
        return path in self._held or path in self._had

    def __iter__(self) -> Iterator[str]:
        yield from self._held
        yield from (path for path in self._had if path not in self._held)

    def __len__(self) -> int:
        return len(self._held.keys() | self._had.keys())


def beside(sources: Mapping[str, bytes], others: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Both; what is in both is taken from the first. Nothing is read for it."""
    return ChainMap(cast("dict[str, bytes]", sources), cast("dict[str, bytes]", others)) if others else sources
