"""Where comments of markup are: between tags, and not in what a script, a style sheet or another language writes there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portscan.expressions import compiled

# What begins something in which a comment would be none, and what ends that.
ENDS = {"<!--": "-->", "<![cdata[": "]]>", "<?": "?>", "<%": "%>"}
STEP = compiled(r"<!--|<!\[cdata\[|<\?|<%|<(?P<end>/?)(?P<tag>[a-z#@!][\w.:-]*)|[{}]", re.IGNORECASE)
WITHIN = compiled(r"[\"'{}>]")  # of a tag
PLAIN = frozenset(
    ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext")
)  # text to their end
FRONT = "---"  # begins and ends what some pages have in front, in another language


def comments_in(text: str) -> Iterator[tuple[int, int]]:
    """Where comments begin and end: none behind what comes to no end, and none within braces, the expressions of a framework."""
    at, depth = _behind_front(text), 0
    while step := STEP.search(text, at):
        found = step.group().lower()
        if step["tag"]:
            at = _behind_element(text, step)
        elif found in ENDS:
            at = _behind(text, ENDS[found], step.end())
            if found == "<!--" and not depth:
                yield step.start(), at
        else:
            at, depth = step.end(), max(0, depth + (1 if found == "{" else -1))


def _behind(text: str, end: str, start: int) -> int:
    found = text.find(end, start)
    return len(text) if found < 0 else found + len(end)


def _behind_front(text: str) -> int:
    return _behind(text, f"\n{FRONT}", len(FRONT)) if text.startswith(FRONT) and f"\n{FRONT}" in text else 0


def _behind_element(text: str, tag: re.Match[str]) -> int:
    """Behind a tag; behind the whole element, where that holds nothing but text."""
    at = _behind_tag(text, tag.end())
    name = tag["tag"].lower()
    if tag["end"] or name not in PLAIN or text.endswith("/>", 0, at):
        return at
    closing = compiled(rf"</{name}\b", re.IGNORECASE).search(text, at)
    return closing.start() if closing else len(text)


def _behind_tag(text: str, at: int) -> int:
    """Quotes and braces hold their `>`."""
    depth = 0
    while found := WITHIN.search(text, at):
        at = found.end()
        if found.group() in "\"'":
            at = _behind(text, found.group(), at)
        elif found.group() != ">":
            depth += 1 if found.group() == "{" else -1
        elif depth <= 0:
            return at
    return len(text)
