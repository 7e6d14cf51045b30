"""Changes of the registry for people at a terminal, for a pull request, and for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from portscan.reporters.formats.json import document
from portscan.reporters.inert import prose
from portscan.reporters.words import count
from portscan.terminal import paint, printable

if TYPE_CHECKING:
    from portscan.registry.changes import Change, Kind
    from portscan.terminal import Streams, Style

Renderer = Callable[[Sequence["Change"], str, str, "Streams"], str]

TITLES: Final[Mapping[Kind, str]] = {
    "moved": "Moved",
    "removed": "Removed",
    "renamed": "Renamed",
    "added": "Added",
    "retired": "Deprecated",
    "revived": "Status",
    "window": "Transitions",
    "owner": "Owners",
    "changed": "Changed",
    "range": "Ranges",
    "governance": "Approval",
}
GRAVE: Final[Mapping[str, Style]] = {"moved": "warning", "removed": "error", "added": "good"}


def as_text(changes: Sequence[Change], before: str, after: str, streams: Streams) -> str:
    """A heading for each kind, a line for each change, and how many there were."""
    lines: list[str] = []
    for kind, group in groupby(changes, key=lambda change: change.kind):
        lines.append(paint(TITLES[kind], GRAVE.get(kind, "bold"), streams.color))
        lines += [f"  {printable(change.message)}" for change in group]
    return "\n".join((*lines, summary(changes, before, after), ""))


def as_markdown(changes: Sequence[Change], before: str, after: str, streams: Streams) -> str:  # noqa: ARG001
    """The same for a comment in a pull request; no text of the registry acts as markup."""
    lines = [f"### Ports: {prose(summary(changes, before, after))}", ""]
    for kind, group in groupby(changes, key=lambda change: change.kind):
        lines += [f"**{TITLES[kind]}**", "", *(f"- {prose(change.message)}" for change in group), ""]
    return "\n".join(lines)


def as_json(changes: Sequence[Change], before: str, after: str, streams: Streams) -> str:  # noqa: ARG001
    """A versioned document with a row for each change."""
    return document(**{"from": before, "to": after, "changes": [row(change) for change in changes]})


def row(change: Change) -> dict[str, Any]:
    """One change as it stands in JSON."""
    return {
        "kind": change.kind,
        "subject": change.subject,
        "message": change.message,
        "before": change.before,
        "after": change.after,
    }


def summary(changes: Sequence[Change], before: str, after: str) -> str:
    """How much has changed, and between what."""
    words = count(len(changes), "change") if changes else "No change"
    return f"{words} from {printable(before)} to {printable(after)}."


RENDERERS: Final[Mapping[str, Renderer]] = {"text": as_text, "markdown": as_markdown, "json": as_json}
