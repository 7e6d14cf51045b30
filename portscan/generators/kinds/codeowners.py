"""Who must approve changes of the registry: a block of CODEOWNERS, which GitHub and GitLab hold pull requests to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from portscan.config.kinds import TEXT, TEXTS, listed
from portscan.config.tables import key
from portscan.errors import UserError
from portscan.expressions import compiled
from portscan.generated import HASH
from portscan.generators.model import Artefact, Context, Templated
from portscan.generators.templates import Raw
from portscan.records import dataclass
from portscan.tuples import NamedTuple

NAME: Final = "codeowners"
HELP: Final = "a block of CODEOWNERS with the approvers of the registry"
# What GitHub and GitLab can ask: a user, a team, an address.
HANDLE: Final = compiled(r"@[A-Za-z0-9][\w.-]*(?:/[\w.-]+)*|[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
PATTERN: Final = compiled(r"[\w./*@+ -]+")


@dataclass(frozen=True, slots=True)
class Settings(Templated):
    """Where the block goes, and whom the approvers' names mean."""

    path: str = key(TEXT, "The file of owners.", default=".github/CODEOWNERS")
    also: tuple[str, ...] = key(listed(TEXT), "Further paths that the approvers must approve, such as portscan.toml.", default=())
    handles: tuple[tuple[str, str], ...] = key(TEXTS, "By approver: the @user, @organisation/team or address to ask.", default=())


class Approver(NamedTuple):
    """An approver as the registry names it, and the handle to ask; empty where nobody knows it."""

    name: str
    handle: Raw


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """The block: a line for each path. Without anybody to ask it has none, since such a line would free the path."""
    handles = {name: _given(handle) for name, handle in context.settings.handles}
    approvers = [Approver(name, handles.get(name, _handle(name))) for name in context.registry.governance.approvers]
    patterns = [_pattern(path) for path in (context.source, *context.settings.also)]
    body = context.rendered("codeowners.j2", "comment", approvers=approvers, patterns=patterns)
    yield Artefact(context.settings.path, body, HASH, block=NAME, sources=context.sources)


def _given(handle: str) -> Raw:
    found = _handle(handle)
    if not found:
        raise UserError(f"generate.{NAME}: handles: {handle!r} cannot be asked", "Write @user, @organisation/team or an address.")
    return found


def _handle(name: str) -> Raw:
    return Raw(name if HANDLE.fullmatch(name) else "")


def _pattern(path: str) -> Raw:
    """A path as CODEOWNERS holds it, from the top of the repository."""
    if not PATTERN.fullmatch(path) or path.startswith(".."):
        raise UserError(f"generate.{NAME}: {path!r} cannot be written in CODEOWNERS", "Paths are from the top of the repository.")
    return Raw("/" + path.lstrip("/").removeprefix("./").replace(" ", "\\ "))
