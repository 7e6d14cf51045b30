"""One state of a repository: on the disk, or as a commit holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from portscan import knowledge
from portscan.cache.archive import Key
from portscan.cache.scans import digest_of, identity_of
from portscan.config import Config
from portscan.files import Listing
from portscan.files.contents import FileEntry, read
from portscan.model import Reason, Skipped
from portscan.pipeline.entries import deciding, listed, unknown
from portscan.pipeline.judging import context_of
from portscan.pipeline.rules import extra_rules, further_names
from portscan.records import dataclass, replace
from portscan.registry.model import Registry


@dataclass(frozen=True)
class State:
    """A repository as it is, or was: where it lies or would lie, and what its files are judged by.

    `contents` hands out the bytes of a listed file, `ids` name them. `own` names the rules of the repository's own.
    """

    root: Path
    registry: Registry
    config: Config
    today: date
    listing: Listing
    contents: Callable[[FileEntry], bytes | Skipped]
    ids: Mapping[str, bytes]
    own: str = ""

    @cached_property
    def entries(self) -> list[FileEntry]:
        """The files to be read."""
        return unknown(self.listing, deciding(self.root, self.registry, self.config))

    @cached_property
    def rules(self) -> str:
        """What tells the rules that are in force from those of other states."""
        return "\n".join((self.own, *further_names(self.config, self.registry)))

    @cached_property
    def context(self) -> bytes:
        """What findings depend on besides files and rules."""
        return digest_of(f"{self.rules} {context_of(self.root, self.registry, self.told, self.today)}")

    @property
    def told(self) -> Config:
        """The configuration, wherever the rules lie that `own` names."""
        return replace(self.config, extend_rules=())

    def key(self, path: str) -> Key:
        """What tells the contents of a file from others; those that have no id are in no archive."""
        return self.rules, path, self.ids.get(path, b"")


def on_disk(root: Path, registry: Registry, config: Config, today: date) -> State:
    """The state of the repository that lies at `root`."""
    found = listed(root, (), config)
    own = knowledge.state(extra_rules(config)) if config.extend_rules else ""
    ids = dict(_ids(found))
    return State(root, registry, config, today, found, partial(_still, ids), ids, own)


def _ids(found: Listing) -> Iterator[tuple[str, bytes]]:
    for entry in found.entries:
        data = read(entry)
        if isinstance(data, bytes):
            yield entry.path, identity_of(data)


def _still(ids: Mapping[str, bytes], entry: FileEntry) -> bytes | Skipped:
    """The bytes of a file, if they are those that its id was made of."""
    data = read(entry)
    same = isinstance(data, Skipped) or identity_of(data) == ids.get(entry.path)
    return data if same else Skipped(entry.path, Reason("changed while it was read"))
