"""How the pages of the last report looked: what is said again of the same contents is shown as it was."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from portscan.cache.grown import Grown, grown
from portscan.cache.kept import code_stamp
from portscan.cache.scans import identity_of, mark_of
from portscan.pages import Page
from portscan.records import dataclass, field

Look = tuple[bytes, tuple[Any, ...]]  # the mark of a page, and what was made of it, in plain form


@dataclass(frozen=True)
class Memory:
    """How pages look by their paths, and which of them are `shown` now: in time the others are forgotten."""

    kept: Callable[[], Grown]
    shown: set[str] = field(default_factory=set)
    fresh: dict[str, Look] = field(default_factory=dict)

    @cached_property
    def before(self) -> Grown:
        """How they looked before."""
        return self.kept()

    def recall(self, page: Page) -> tuple[Any, ...] | None:
        """What was made of a page that says the same of the same contents."""
        self.shown.add(page.path)
        before = self.before.known.get(page.path) if page.identity else None
        return before[1] if before is not None and before[0] == _mark(page) else None

    def keep(self, page: Page, data: bytes | None, made: tuple[Any, ...]) -> None:
        """Take in what was `made` of a page with the contents `data`, if these are what the page is about."""
        if page.identity and data is not None and identity_of(data) == page.identity:
            self.fresh[page.path] = _mark(page), made

    def save(self) -> None:
        """Write down what is shown now, if there is anything new."""
        if self.fresh:
            self.before.keep(self.fresh, self.shown)


def _mark(page: Page) -> bytes:
    return page.mark or mark_of(page.identity, page.plain)


def memory_of(root: Path, look: str) -> Memory:
    """How the pages of a report on `root` look; `look` names what that depends on besides them."""
    return Memory(lambda: grown("pages", code_stamp(), look, str(root.absolute())))
