"""Which language a file is in, as far as its name tells. It is asked before it is known whether anything has to be read."""

from __future__ import annotations

from portscan.expressions import compiled

TYPE_CHECKING = False  # `typing` is loaded by nobody who only searches
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

PATCHES = frozenset((".patch", ".diff"))  # changes of files, in no language of theirs: `.env.patch` sets nothing
IGNORE_CASE = 2  # as in `re`


class Kinds:
    """Patterns of files in the order in which they count: `names` are those for names, `paths` those for paths.

    They stand as one expression for each end that the names may have behind their last full stop, and one for any.
    `exact` are names in lower case that are no patterns, with their places in that order: no time goes into compiling them.
    `by_suffix` are languages by the ends of names, and `wrapping` those of which the rest of the name tells more.
    """

    __slots__ = ("by_suffix", "exact", "languages", "names", "paths", "wrapping")

    def __init__(
        self,
        languages: tuple[str, ...],
        exact: Mapping[str, int],
        names: Mapping[str, str],
        paths: Mapping[str, str],
        by_suffix: Mapping[str, str],
        wrapping: tuple[str, ...],
    ) -> None:
        self.languages = languages
        self.exact = exact
        self.names = names
        self.paths = paths
        self.by_suffix = by_suffix
        self.wrapping = wrapping

    @property
    def plain(self) -> tuple[Any, ...]:
        """What it is made of."""
        return self.languages, self.exact, self.names, self.paths, self.by_suffix, self.wrapping

    def of(self, path: str) -> tuple[str | None, bool]:
        """The language of a file, if there is one, and whether that is all there is to be told."""
        name = path.rpartition("/")[2]
        suffix = suffix_of(name)
        named = None if suffix in PATCHES else self._first(path, name)
        if named is not None:
            return named, True
        ended = self.by_suffix.get(suffix)
        return ended, bool(suffix) and ended not in self.wrapping

    def _first(self, path: str, name: str) -> str | None:
        """The language of the first pattern that a file fits."""
        ends = ("", name.rpartition(".")[2].lower())
        asked = [(shelf[end], text) for shelf, text in ((self.names, name), (self.paths, path)) for end in ends if end in shelf]
        each = [compiled(pattern, IGNORE_CASE).fullmatch(text) for pattern, text in asked]
        numbers = [int(match.lastgroup[1:]) for match in each if match and match.lastgroup]
        if name.lower() in self.exact:
            numbers.append(self.exact[name.lower()])
        return self.languages[min(numbers)] if numbers else None


def suffix_of(name: str) -> str:
    """What a name ends with, in lower case; a name that begins with its only dot has no end."""
    return name[name.rfind(".") :].lower() if "." in name[1:] else ""
