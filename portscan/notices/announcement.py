"""Changes of the registry as a message: blocks for Slack, or a document for any other receiver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from portscan.reporters.changes import TITLES, row, summary

if TYPE_CHECKING:
    from portscan.registry.changes import Change

LONGEST_SECTION: Final = 2_900  # characters; Slack takes 3,000
MOST_BLOCKS: Final = 48  # Slack takes 50, and the last ones say what was left out
LONGEST_LINE: Final = 300
LONGEST_TITLE: Final = 150
# What Slack would take for a link, a mention or an entity, wherever it stands; and for bold, italic or struck text.
ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
SIGNS: Final = str.maketrans({"*": "∗", "_": "＿", "~": "∼"})


def for_slack(changes: Sequence[Change], title: str, before: str, after: str) -> dict[str, Any]:
    """A message in Block Kit. No text of the registry mentions anybody, links anywhere or changes the type."""
    words = f"{title}: {summary(changes, before, after)}"
    sections = [_section(text) for text in _texts(changes)]
    blocks = [_header(words), *sections[:MOST_BLOCKS]]
    if len(sections) > MOST_BLOCKS:
        blocks.append(_section(f"… and {len(sections) - MOST_BLOCKS} more parts: run `portscan diff`."))
    return {"text": _plain(words), "blocks": blocks}


def for_anybody(changes: Sequence[Change], title: str, before: str, after: str) -> dict[str, Any]:
    """A versioned document with the rows that `portscan diff --format json` has."""
    return {"version": 1, "title": title, "from": before, "to": after, "changes": [row(change) for change in changes]}


def _texts(changes: Sequence[Change]) -> Iterator[str]:
    """The changes of a kind together, in pieces that a section may hold."""
    for kind, group in groupby(changes, key=lambda change: change.kind):
        text = f"*{TITLES[kind]}*"
        for change in group:
            line = f"\n• {_plain(change.message[:LONGEST_LINE])}"
            if len(text) + len(line) > LONGEST_SECTION:
                yield text
                text = f"*{TITLES[kind]}*"
            text += line
        yield text


def _plain(text: str) -> str:
    """Text that Slack shows as it is; names stay between backticks, which make code of them."""
    parts = text.translate(ESCAPES).split("`")
    return "`".join(part if number % 2 else part.translate(SIGNS) for number, part in enumerate(parts))


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _header(text: str) -> Mapping[str, Any]:
    return {"type": "header", "text": {"type": "plain_text", "text": text[:LONGEST_TITLE], "emoji": False}}
