"""A command line that Compose splits into words, each traced to its place."""

from __future__ import annotations

from collections.abc import Iterator

from portscan.connectivity.traced import Traced, joined, parts_of


def words(value: Traced) -> tuple[Traced, ...]:
    """The words of a command, by the rules of a shell: quotes group, a backslash takes the next sign literally."""
    return tuple(joined(parts, value.spot) for parts in _words(value))


def _words(value: Traced) -> Iterator[list[Traced]]:
    text, part, i = value.text, parts_of(value), 0
    parts: list[Traced] | None = None
    while i < len(text):
        end = _end(text, i)
        if text[i].isspace():
            if parts is not None:
                yield parts
            parts = None
        else:
            parts = parts if parts is not None else []
            parts.append(part(*_inner(text, i, end)))
        i = end
    if parts is not None:
        yield parts


def _end(text: str, start: int) -> int:
    """Where what begins at `start` ends: a quoted part, an escaped sign, or a run of plain signs."""
    if text[start] in "'\"":
        close = text.find(text[start], start + 1)
        return close + 1 if close >= 0 else len(text)
    if text[start] == "\\":
        return min(start + 2, len(text))
    end = start + 1
    while end < len(text) and not text[start].isspace() and not text[end].isspace() and text[end] not in "'\"\\":
        end += 1
    return end


def _inner(text: str, start: int, end: int) -> tuple[int, int]:
    if text[start] in "'\"":
        return start + 1, max(end - 1, start + 1)
    return (start + 1, end) if text[start] == "\\" else (start, end)
