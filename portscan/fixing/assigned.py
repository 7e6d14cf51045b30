"""What gives a variable a value of its own where a file runs: the file itself, or an env file or a script that it loads.

A look-up that a fix writes there reads that value, and not the number that was written. How files give values is data in
`rules/languages` (`environment`); one that gives the very number of the registry changes nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from portscan import regular
from portscan.expressions import compiled
from portscan.languages import Language, Languages
from portscan.records import dataclass, field

DEEPEST: Final = 20  # files that are looked at for one: what is loaded may load others
FARTHEST: Final = 12  # parts at the end of a path that is loaded: each may be the first that an expansion does not stand for
NAME: Final = compiled(r"[A-Za-z_]\w*")
TAIL: Final = compiled(r"[\w.@+-]+(?:/[\w.@+-]+)*")
USUAL: Final = ".env"
SPLIT: Final = "IFS is set to digits in this script, which divides what is not quoted"


def read_by(written: str, variable: str) -> frozenset[str]:
    """The names under which a text reads a variable: its own, or with a beginning that a bundler asks for."""
    return frozenset(name for name in NAME.findall(written) if name == variable or name.endswith(f"_{variable}"))


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    """Answers for one file after the other; paths of files begin at `root`, and nothing outside `top` is looked at."""

    languages: Languages
    root: Path
    top: Path

    def why(self, path: str, text: str, language: Language, names: Iterable[str], port: int) -> str:
        """Why a number is no look-up of the `names`: something gives one of them another value. Empty where nothing does."""
        return _given(self, path, text, language.name).why(frozenset(names), port)

    def read(self, path: str, text: str, language: Language) -> Given:
        """A file with what it loads."""
        splits = self._environment(language).get("splits")
        if splits and filled(str(splits), "").search(text):
            return Given((), splits=True)
        loaded = self._loaded(Path(os.path.normpath(self.root.absolute() / path)), text, language)
        others = ((file, f" in {self._shown(file.path)}, line") for file in loaded)
        texts = ((Loaded(Path(path), text, language), " in line"), *others)
        return Given(tuple((file.text, self._environment(file.language), _marks(file.language), where) for file, where in texts))

    def _shown(self, path: Path) -> str:
        return os.path.relpath(path, self.root.absolute()).replace(os.sep, "/")

    def _loaded(self, file: Path, text: str, language: Language) -> Iterator[Loaded]:
        """What a file loads, and what that loads in turn."""
        seen, waiting = {file}, [Loaded(file, text, language)]
        while waiting and len(seen) <= DEEPEST:
            each = waiting.pop(0)
            found = [one for one in self._named(each) if one.path not in seen]
            yield from found
            seen |= {one.path for one in found}
            waiting += found

    def _named(self, file: Loaded) -> list[Loaded]:
        """The files that a file loads: by the end of the path that it names, seen from its folder and from those above."""
        environment = self._environment(file.language)
        folders = [each for each in file.path.parents if each == self.top or self.top in each.parents]
        ends = (end for name in dict.fromkeys(_names(file.text, environment)) for end in _ends(name))
        paths = dict.fromkeys(Path(os.path.normpath(folder / end)) for end in ends for folder in folders)
        texts = ((path, _text(path)) for path in paths if self.top in path.parents)
        return [Loaded(path, text, self.languages.of(str(path), text[:200]) or file.language) for path, text in texts if text]

    def _environment(self, language: Language) -> Mapping[str, Any]:
        """What the data of a language say of its environment, or of that of the language whose it is."""
        said = language.data.get("environment", {})
        other = self.languages.by_name.get(said) if isinstance(said, str) else None
        found: Mapping[str, Any] = self._environment(other) if other else {} if isinstance(said, str) else said
        return found


@dataclass(frozen=True, slots=True)
class Given:
    """What a file and those that it loads give variables: each text with how its language does so, and with words for its place.

    Most findings of a file ask the same, and the answers are kept. `splits` says why nothing is safe there.
    """

    texts: tuple[tuple[str, Mapping[str, Any], tuple[str, ...], str], ...]
    splits: bool = False
    _known: dict[tuple[frozenset[str], int], str] = field(default_factory=dict)

    def why(self, names: frozenset[str], port: int) -> str:
        """Where one of the names gets another value than a port."""
        if self.splits:
            return SPLIT
        if (names, port) not in self._known:
            self._known[names, port] = next((why for name in sorted(names) for why in self._values(name, port)), "")
        return self._known[names, port]

    def _values(self, name: str, port: int) -> Iterator[str]:
        for text, environment, marks, where in self.texts:
            yield from (
                f"`{name}` gets a value of its own{where} {line}" for line in _lines(text, name, port, environment, marks)
            )


@lru_cache(maxsize=4)
def _given(assigned: Assigned, path: str, text: str, language: str) -> Given:
    """What is given in a file, found once for all of its findings."""
    return assigned.read(path, text, assigned.languages.by_name[language])


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file with its text and its language."""

    path: Path
    text: str
    language: Language


def _lines(text: str, name: str, port: int, environment: Mapping[str, Any], marks: tuple[str, ...]) -> Iterator[int]:
    """The lines of a text that give a variable another value than a port; remarks give none."""
    if name not in text:
        return
    same = _same(name, port)
    for pattern in environment.get("given", ()):
        for match in filled(pattern, name).finditer(text):
            start = text.rfind("\n", 0, match.end()) + 1
            if not same.match(text, match.end()) and not text[start : match.end()].lstrip().startswith(marks or ("\0",)):
                yield text.count("\n", 0, match.end()) + 1


def _marks(language: Language) -> tuple[str, ...]:
    return (*language.data.get("comments", ()), *language.data.get("remark", ()))


@lru_cache(maxsize=4096)
def filled(pattern: str, name: str) -> re.Pattern[str]:
    """A pattern of the data about one variable."""
    return re.compile(pattern.replace("<variable>", name), re.MULTILINE)


@lru_cache(maxsize=1024)
def _same(name: str, port: int) -> re.Pattern[str]:
    """A value that is the port, or the variable itself with the port where it is unset."""
    value = rf"{port}|\${{1,2}}[({{]?{name}[)}}]?|\${{1,2}}\{{{name}:?[-=]{port}\}}"
    return re.compile(rf"[ \t]{{0,9}}(?:str\(|String\()?[\"'`]?(?:{value})(?=[\"'`)\]}},;&|\s]|\Z)")


def _names(text: str, environment: Mapping[str, Any]) -> Iterator[str]:
    """The files that a text loads by name, and those that are loaded unasked."""
    yield from environment.get("unasked", ())
    for pattern in environment.get("loads", ()):
        for match in filled(pattern, "").finditer(text):
            yield from (match[1] or "").split() if match.re.groups else (USUAL,)


def _ends(name: str) -> Iterator[str]:
    """The paths that a word may come to, whatever an expansion at its beginning stands for: its end, and the ends of that."""
    found = list(TAIL.finditer(name.strip("\"'`)")))
    parts = found[-1][0].split("/") if found else []
    begins = [i for i, part in enumerate(parts) if part not in (".", "..")]
    yield from ("/".join(parts[i:]) for i in dict.fromkeys((*begins[:1], *begins[-FARTHEST:])))


@lru_cache(maxsize=1024)
def _text(file: Path) -> str:
    """The text of a file, which many findings may ask for, and of which there is often none."""
    return regular.text(file)
