"""What fuzzing starts from: real files. The examples of the rules, the fixtures, and whatever directory somebody names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from portscan.knowledge import shipped
from tests.examples import entries, reading_of

TOP = Path(__file__).resolve().parent.parent.parent
PLACES = ("tests/fixtures", "examples", "rules", "templates", ".github", ".ci")
LARGEST = 20_000  # bytes; what fuzzing finds in larger files it finds in smaller ones, much sooner


class Seed(NamedTuple):
    """A file: its path, which tells its language, and its bytes."""

    path: str
    data: bytes


def files(folder: Path) -> Iterator[Seed]:
    """The files below a directory that are not too large, in a fixed order."""
    for file in sorted(folder.rglob("*")):
        hidden = {".git", ".venv", "node_modules"} & set(file.relative_to(folder).parts)
        if not hidden and file.is_file() and not file.is_symlink() and 0 < file.stat().st_size <= LARGEST:
            yield Seed(file.relative_to(folder).as_posix(), file.read_bytes())


def examples() -> Iterator[Seed]:
    """The examples of all rules and languages."""
    for entry in entries():
        for kind in ("bad", "good"):
            yield from (Seed(shown.path, shown.code.encode()) for shown in entry.examples(kind))


@lru_cache(maxsize=4)
def seeds(further: tuple[Path, ...] = ()) -> tuple[Seed, ...]:
    """All real files, each once."""
    found = (*examples(), *(seed for place in PLACES for seed in files(TOP / place)), *(s for f in further for s in files(f)))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4)
def by_language(further: tuple[Path, ...] = ()) -> Mapping[str, tuple[Seed, ...]]:
    """The real files of each language."""
    languages = reading_of(shipped()).languages
    found: dict[str, list[Seed]] = {}
    for seed in seeds(further):
        language = languages.of(seed.path, seed.data[:200].decode("utf-8", "replace"))
        if language is not None:
            found.setdefault(language.name, []).append(seed)
    return {name: tuple(found[name]) for name in sorted(found)}
