"""The pages that people read, and the blocks in them: files, changes of files, commands, and what commands print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
FENCE = re.compile(
    r"^(?P<indent> *)(?P<marks>`{3,})(?P<language>[\w-]*)(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)(?P=marks)$", re.M | re.S
)
TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file that it is titled with, its text, and the line it begins at."""

    language: str
    title: str
    text: str
    line: int


def every_page() -> tuple[str, ...]:
    """The pages, by their paths from the top."""
    pages = (TOP / "README.md", TOP / "CONTRIBUTING.md", *(TOP / "docs").rglob("*.md"))
    return tuple(sorted(page.relative_to(TOP).as_posix() for page in pages))


def text_of(page: str) -> str:
    """A page as it is written."""
    return (TOP / page).read_text(encoding="utf-8")


def blocks(page: str) -> tuple[Block, ...]:
    """The fenced blocks of a page, in their order."""
    text = text_of(page)
    return tuple(_block(match, text.count("\n", 0, match.start()) + 1) for match in FENCE.finditer(text))


def _block(match: re.Match[str], line: int) -> Block:
    title = TITLE.search(match["info"])
    indent = len(match["indent"])
    body = "".join(each[indent:] if each.strip() else each for each in match["text"].splitlines(keepends=True))
    return Block(match["language"], title[1] if title else "", body, line)


def put(block: Block, root: Path) -> None:
    """Write the file that a block is titled with, or change it where the block is a difference."""
    file = root / block.title
    if block.language == "diff":
        file.write_text(patched(file.read_text(encoding="utf-8"), block.text), encoding="utf-8")
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text, encoding="utf-8")


def patched(text: str, difference: str) -> str:
    """`text` with lines put in and taken out. What the lines of the difference were before must be there exactly once."""
    lines = difference.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] in " -")
    after = "".join(line[1:] for line in lines if line[0] in " +")
    assert f"\n{text}".count(f"\n{before}") == 1, f"not there, or several times:\n{before}"
    return f"\n{text}".replace(f"\n{before}", f"\n{after}")[1:]


def commands(block: Block) -> tuple[str, ...]:
    """The commands of a block for a shell: a line each, lines that end with a backslash or open something together."""
    return tuple(line for line in block.text.splitlines() if line and not line.startswith("#"))
