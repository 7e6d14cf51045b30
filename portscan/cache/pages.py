"""How the pages of the last report looked: what is said again of the same contents is shown as it was."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from portscan.cache.kept import code_stamp, kept_file, loaded, store
from portscan.cache.scans import identity_of
from portscan.gate.memory import digest
from portscan.pages import Page
from portscan.records import dataclass, field

Look = tuple[bytes, tuple[Any, ...]]  # the mark of a page, and what was made of it, in plain form


@dataclass(frozen=True)
class Memory:
    """How pages look by their paths. Only the pages of this report are remembered."""

    file: Path | None
    shown: dict[str, Look] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)

    @cached_property
    def known(self) -> Mapping[str, Look]:
        """How they looked before."""
        return loaded(self.file) or {}

    def recall(self, page: Page) -> tuple[Any, ...] | None:
        """What was made of a page that says the same of the same contents."""
        before = self.known.get(page.path) if page.identity else None
        if before is None or before[0] != _mark(page):
            return None
        self.shown[page.path] = before
        return before[1]

    def keep(self, page: Page, data: bytes | None, made: tuple[Any, ...]) -> None:
        """Take in what was `made` of a page with the contents `data`, if these are what the page is about."""
        if page.identity and data is not None and identity_of(data) == page.identity:
            self.shown[page.path] = _mark(page), made
            self.fresh.add(page.path)

    def save(self) -> None:
        """Write down what is shown now, if there is anything new."""
        if self.fresh:
            store(self.file, self.shown)


def _mark(page: Page) -> bytes:
    return digest(page.identity + page.plain)


def memory_of(root: Path, look: str) -> Memory:
    """How the pages of a report on `root` look; `look` names what that depends on besides them."""
    return Memory(kept_file("pages", code_stamp(), look, str(root.absolute())))
