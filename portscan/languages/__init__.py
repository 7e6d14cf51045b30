"""Readers of languages: from the text of a file to the sites that may hold a port.

`rules/languages/` says which files are in which language and which module of this package reads them. A reader is a
module with `sites(text, language, path)`; it raises `Unreadable` for what its parser refuses, and the tolerant reader
that the language names as its `fallback` takes over.

A reader whose texts can be cut also has `portions`, the pieces of a text that are worth reading, and `smaller`, those of one
that it refuses; each is read by itself. One that needs what is around a piece has `chosen`: the sites of what is worth it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import translate
from functools import lru_cache
from posixpath import basename
from typing import Any, Protocol, cast

from portscan.expressions import compiled
from portscan.kinds import Kinds, suffix_of
from portscan.members import offering
from portscan.model import Context, Reason
from portscan.records import dataclass
from portscan.sites import Site
from portscan.text import Text

PLAIN = compiled(r"[A-Za-z0-9._-]+")
SUFFIX = compiled(r"\*\.\w+")
ENDED = compiled(r".*\.([\w-]+)")  # a pattern for names of which each ends like that
PROGRAM = compiled(r"([A-Za-z][A-Za-z-]*)[\d.]*")
CANDIDATE = compiled(r"\d")


class Unreadable(Exception):
    """A parser refuses the text."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Language:
    """One entry of `rules/languages`: its reader, the tolerant one that stands in for it, and data for both."""

    name: str
    reader: str
    fallback: str | None
    context: Context
    data: Mapping[str, Any]

    @property
    def digit_separator(self) -> str:
        """What may stand between the digits of a number: `8_080`."""
        return str(self.data.get("digit_separator", ""))


class Reader(Protocol):
    """What a module of this package offers."""

    def sites(self, text: Text, language: Language, path: str) -> Iterator[Site]:
        """The sites of `text`, which is the whole file `path` or a part of it in another language."""
        ...


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages, and which files are in which: by their names, or by the program that runs them."""

    by_name: Mapping[str, Language]
    kinds: Kinds
    by_shebang: Mapping[str, str]
    launchers: tuple[str, ...] = ()  # programs that run what stands behind them

    def of(self, path: str, head: str = "") -> Language | None:
        """The language of the file `path` that begins with `head`, None when there is no reader for it.

        A template is in the language of what it makes, which the rest of its name tells.
        """
        named, certain = self.kinds.of(path)
        if certain or named is not None:
            inner = None if certain else self.of(path[: -len(suffix_of(basename(path)))])
            return inner or self.by_name.get(named or "")
        runs = self.by_shebang.get(self._program(head)) if head.startswith("#!") else None
        return self.by_name[runs] if runs else None

    def _program(self, head: str) -> str:
        """The program that the first line of a script names, without its version; empty when there is none."""
        words = [word.rpartition("/")[2] for word in head[2:].partition("\n")[0].split()]
        if words and words[0] in self.launchers:
            words = [word for word in words[1:] if not word.startswith("-")]
        named = PROGRAM.fullmatch(words[0]) if words else None
        return named[1] if named else ""


def compile_languages(entries: Mapping[str, Mapping[str, Any]]) -> Languages:
    """The languages of the knowledge, ready to be asked."""
    by_name, by_shebang, launchers = {}, {}, []
    for name, entry in entries.items():
        by_name[name] = Language(name, entry["reader"], entry.get("fallback"), entry.get("context", "code"), entry)
        by_shebang.update(dict.fromkeys(entry.get("shebangs", ()), name))
        launchers += entry.get("launchers", ())
    return Languages(by_name, kinds_of(entries), by_shebang, tuple(launchers))


def kinds_of(entries: Mapping[str, Mapping[str, Any]]) -> Kinds:
    """Which files are in which language, each pattern with the language of the files that fit it.

    Groups are called `p…`: the expressions of `translate` have groups `g…` of their own before Python 3.11.
    """
    pairs = [(pattern, name) for name, entry in entries.items() for pattern in entry.get("files", ())]
    by_suffix = {pattern[1:].lower(): name for pattern, name in pairs if SUFFIX.fullmatch(pattern)}
    globs = [(pattern, name) for pattern, name in pairs if not SUFFIX.fullmatch(pattern)]
    others = {name: "|".join(map(translate, entry.get("other_files", ()))) or "(?!)" for name, entry in entries.items()}
    shelves: dict[bool, dict[str, list[str]]] = {False: {}, True: {}}
    exact: dict[str, int] = {}
    for number, (glob, name) in enumerate(globs):
        if PLAIN.fullmatch(glob):
            exact.setdefault(glob.lower(), number)
        else:
            ended = ENDED.fullmatch(glob)
            end = ended[1].lower() if ended else ""
            shelves["/" in glob].setdefault(end, []).append(f"(?P<p{number}>(?!{others[name]}){translate(glob)})")
    names, paths = ({end: "|".join(each) for end, each in shelves[long].items()} for long in (False, True))
    wrapping = tuple(name for name, entry in entries.items() if entry.get("wraps"))
    return Kinds(tuple(name for _, name in globs), exact, names, paths, by_suffix, wrapping)


@lru_cache(maxsize=64)
def reader(name: str) -> Reader:
    """The reader module `name`; its parser is imported when the first file needs it."""
    return cast("Reader", offering("sites", __name__, name))
