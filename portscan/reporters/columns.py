"""Lines of a table, with their cells below each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from portscan.terminal import cells


def widths(lines: Sequence[Sequence[str]]) -> list[int]:
    """How wide each column is, in cells of a terminal."""
    return [max(map(cells, column)) for column in zip(*lines, strict=True)]


def aligned(line: Sequence[str], wide: Sequence[int], right: Collection[int]) -> str:
    """A line of a table; the columns `right` have their text at the right."""
    padded = (
        f"{' ' * (room - cells(text))}{text}" if i in right else f"{text}{' ' * (room - cells(text))}"
        for i, (text, room) in enumerate(zip(line, wide, strict=True))
    )
    return f"  {'  '.join(padded)}".rstrip()
