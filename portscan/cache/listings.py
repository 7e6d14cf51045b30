"""Which files a directory held, by what git said of it: to choose among thousands of names takes longer than to ask git."""

from __future__ import annotations

from pathlib import Path

from portscan.cache.kept import code_stamp, kept_file, loaded, store
from portscan.gate.memory import digest
from portscan.model import Reason
from portscan.records import dataclass

Chosen = tuple[list[str], list[tuple[str, Reason]]]  # the paths of files to read, and the others with the reasons


@dataclass(frozen=True, slots=True)
class Listings:
    """What came of the names of one directory when it was last listed."""

    file: Path | None

    def recall(self, said: bytes) -> Chosen | None:
        """What came of what git said, if it was the same."""
        kept = loaded(self.file)
        return (kept[1], kept[2]) if kept is not None and kept[0] == digest(said) else None

    def keep(self, said: bytes, paths: list[str], passed_over: list[tuple[str, Reason]]) -> None:
        """Take in what came of it."""
        store(self.file, (digest(said), paths, passed_over))


def listings(root: Path, choice: str) -> Listings:
    """What is known of `root`; `choice` names what settings say of its files."""
    return Listings(kept_file("listings", code_stamp(), choice, str(root.absolute())))
