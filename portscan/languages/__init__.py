"""Readers of languages: from the text of a file to the sites that may hold a port.

`rules/languages/` says which files are in which language and which module of this package reads them. A reader is a
module with `sites(text, language, path)`; it raises `Unreadable` for what its parser refuses, and the tolerant reader
that the language names as its `fallback` takes over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import translate
from functools import lru_cache
from posixpath import basename
from typing import Any, Protocol, cast

from portscan.members import offering
from portscan.model import Context, Reason
from portscan.records import dataclass
from portscan.sites import Site
from portscan.text import Text

SHEBANG = re.compile(r"#!\s*\S*?(?:/env\s+(?:-S\s+)?)?([A-Za-z][A-Za-z-]*)[\d.]*(?:\s|$)")
PLAIN = re.compile(r"[A-Za-z0-9._-]+")
PATCHES = frozenset((".patch", ".diff"))  # changes of files, in no language of theirs: `.env.patch` sets nothing
CANDIDATE = re.compile(r"\d")


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
class Globs:
    """Patterns of files in the order in which they count: those for names as one expression, those for paths as another.

    `exact` are names in lower case that are no patterns, with their places in that order: no time goes into compiling them.
    """

    languages: tuple[str, ...]
    exact: Mapping[str, int]
    names: re.Pattern[str]
    paths: re.Pattern[str]

    def first(self, path: str, name: str) -> str | None:
        """The language of the first pattern that a file fits."""
        fitting = (match.lastgroup for match in (self.names.fullmatch(name), self.paths.fullmatch(path)) if match)
        numbers = [int(group[1:]) for group in fitting if group]
        if name.lower() in self.exact:
            numbers.append(self.exact[name.lower()])
        return self.languages[min(numbers)] if numbers else None


def compile_globs(pairs: Sequence[tuple[str, str]]) -> Globs:
    """Patterns, each with the language of the files that fit it.

    Its groups are called `p…`: the expressions of `translate` have groups `g…` of their own before Python 3.11.
    """
    named: dict[bool, list[str]] = {False: [], True: []}
    exact: dict[str, int] = {}
    for number, (glob, _) in enumerate(pairs):
        if PLAIN.fullmatch(glob):
            exact.setdefault(glob.lower(), number)
            continue
        named["/" in glob].append(f"(?P<p{number}>{translate(glob)})")
    names, paths = (re.compile("|".join(named[each]) or "(?!)", re.IGNORECASE) for each in (False, True))
    return Globs(tuple(language for _, language in pairs), exact, names, paths)


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages, and which files are in which."""

    by_name: Mapping[str, Language]
    by_suffix: Mapping[str, str]
    by_glob: Globs
    by_shebang: Mapping[str, str]

    def of(self, path: str, head: str = "") -> Language | None:
        """The language of the file `path` that begins with `head`, None when there is no reader for it.

        A template is in the language of what it makes, which the rest of its name tells.
        """
        name = basename(path)
        suffix = name[name.rfind(".") :].lower() if "." in name[1:] else ""
        named = None if suffix in PATCHES else self.by_glob.first(path, name)
        if named is not None:
            return self.by_name[named]
        if suffix in self.by_suffix:
            language = self.by_name[self.by_suffix[suffix]]
            inner = self.of(path[: -len(suffix)]) if language.data.get("wraps") else None
            return inner or language
        shebang = SHEBANG.match(head) if not suffix else None
        runs = self.by_shebang.get(shebang[1]) if shebang else None
        return self.by_name[runs] if runs else None


def compile_languages(entries: Mapping[str, Mapping[str, Any]]) -> Languages:
    """The languages of the knowledge, ready to be asked."""
    by_name, by_suffix, by_shebang = {}, {}, {}
    by_glob: list[tuple[str, str]] = []
    for name, entry in entries.items():
        by_name[name] = Language(name, entry["reader"], entry.get("fallback"), entry.get("context", "code"), entry)
        by_shebang.update(dict.fromkeys(entry.get("shebangs", ()), name))
        for pattern in entry.get("files", ()):
            if re.fullmatch(r"\*\.\w+", pattern):
                by_suffix[pattern[1:].lower()] = name
            else:
                by_glob.append((pattern, name))
    return Languages(by_name, by_suffix, compile_globs(by_glob), by_shebang)


@lru_cache(maxsize=64)
def reader(name: str) -> Reader:
    """The reader module `name`; its parser is imported when the first file needs it."""
    return cast("Reader", offering("sites", __name__, name))
