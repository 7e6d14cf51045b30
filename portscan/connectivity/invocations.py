"""Which Compose files are started together: what scripts, Makefiles and workflows hand to `docker compose`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from posixpath import dirname, join, normpath
from typing import TypeAlias

from portscan.connectivity.names import INVOCATIONS
from portscan.connectivity.world import World, source_of
from portscan.expressions import compiled
from portscan.records import dataclass

NAMING = "-f"  # where a file is named, `--file` or not
SCRIPTS = frozenset(
    ("Makefile", "makefile", "GNUmakefile", "package.json", "justfile", "Justfile", "Taskfile.yml", "Taskfile.yaml")
)
ENDS = (".sh", ".bash", ".mk")
YAML = (".yml", ".yaml")
FOLDERS = (".github/workflows/", ".gitlab-ci", "scripts/", "bin/")
COMMAND = compiled(r"\bdocker[ -]compose\b(?P<words>[^\n|;&)]*)")
ASSIGNED = compiled(r"[ \t]*(?:export[ \t]+|readonly[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*(?P<sign>[:?+]?)=[ \t]*(?P<value>[^\n]*)")
# Several files in a row, which a command takes elsewhere: `$(call up,-f compose.yml -f compose.dev.yml)`
TOGETHER = compiled(r"(?:(?:-f|--file)[ \t=]+[\"']?[\w./-]{0,200}compose[\w.-]{0,100}\.ya?ml\b[\"']?[ \t]*){2}[^\n|;&)]*")
VARIABLE = compiled(r"\$(?:\{(?P<braced>\w+)(?::?-(?P<other>[^}]{0,500}))?\}|\((?P<made>\w+)\)|(?P<plain>\w+))")
CONTINUED = compiled(r"\\\r?\n[ \t]*")
WORD = compiled(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""")
TAKES = {"-f": "files", "--file": "files", "--env-file": "env_files", "-p": "name", "--project-name": "name",
         "--project-directory": "directory", "--profile": "profiles"}  # fmt: skip
Said: TypeAlias = "tuple[tuple[str, ...], tuple[str, ...], str, str]"  # files, env files, name and directory, as they are written
LARGEST = 400_000
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Invocation:
    """One `docker compose` in a script: the files and env files that it names, by their paths in the repository."""

    script: str
    files: tuple[str, ...]
    env_files: tuple[str, ...] = ()
    name: str = ""
    directory: str = ""


def invocations(world: World, composed: Sequence[str]) -> Iterator[Invocation]:
    """Every invocation in the repository that names Compose files; `composed` are those that there are."""
    for path in filter(_script, world.ordered):
        said = world.said(path, INVOCATIONS, partial(said_in, path)) if world.holds(path, b"compose") else None
        for files, env_files, name, directory in said or ():
            located = [_located(path, file, composed) for file in files]
            if located and all(located):
                given = tuple(found for file in env_files if (found := _located(path, file, world.paths)))
                yield Invocation(path, tuple(located), given, name, directory)


def _script(path: str) -> bool:
    name = path.rpartition("/")[2]
    if name in SCRIPTS or name.endswith(ENDS):
        return True
    return ("." not in name or name.endswith(YAML)) and any(folder in path for folder in FOLDERS)


def said_in(path: str, data: bytes) -> tuple[Said, ...]:
    """What the invocations in a script say, as it is written there."""
    source = source_of(path, data)
    text = source.text if source else ""
    return tuple(_in_text(CONTINUED.sub(" ", text))) if "compose" in text and len(text) < LARGEST else ()


def _in_text(text: str) -> Iterator[Said]:
    known = _set_in(text)
    speaking = _speaking(known)
    for line in _around(text, speaking):
        variable = "$" in line
        if (variable or NAMING in line) and speaking.search(line):
            filled = _filled(line, known) if variable else line
            commands = [match["words"] for match in COMMAND.finditer(filled)] or TOGETHER.findall(filled)
            yield from (each for each in map(_read, commands) if each[0])


def _around(text: str, speaking: re.Pattern[str]) -> Iterator[str]:
    """The lines in which something speaks, and what else stands between the same two line feeds."""
    reached = 0
    for match in speaking.finditer(text):
        if match.start() >= reached:
            end = text.find("\n", match.end())
            reached = end if end >= 0 else len(text)
            yield from text[text.rfind("\n", 0, match.start()) + 1 : reached].splitlines()


def _set_in(text: str) -> dict[str, str]:
    """The variables that a script sets. One that is added to holds what it held as well: `X += y`, `X := ${X} y`."""
    known: dict[str, str] = {}
    for match in filter(None, (ASSIGNED.match(line) for line in text.split("\n") if "=" in line)):
        name, value = match["name"], match["value"].strip().strip("\"'")
        before = known.get(name, "")
        known[name] = f"{before} {value}" if match["sign"] == "+" else _with_own(value, name, before)
    return known


def _with_own(value: str, name: str, before: str) -> str:
    """A value with what its own variable held `before` in place of that."""
    return VARIABLE.sub(lambda match: before if _name(match) == name else match[0], value) if name in value else value


def _name(match: re.Match[str]) -> str:
    return match["braced"] or match["made"] or match["plain"]


def _speaking(known: Mapping[str, str]) -> re.Pattern[str]:
    """The word, or a variable that says it, perhaps by another one."""
    words, before = compiled("compose"), None
    for _ in range(ROUNDS):
        names = sorted(name for name, value in known.items() if words.search(value))
        if names == before:
            break
        words, before = compiled("|".join(("compose", *(rf"\$[({{]?{name}\b" for name in names)))), names
    return words


def _filled(line: str, known: Mapping[str, str]) -> str:
    """The line with the variables that the script itself sets; of the others nothing is left but their default."""

    def value(match: re.Match[str]) -> str:
        return known.get(_name(match), match["other"] or "")

    for _ in range(ROUNDS):
        line = VARIABLE.sub(value, line) if "$" in line else line
    return line


def _read(words: str) -> Said:
    said: dict[str, list[str]] = {}
    pending = ""
    for raw in WORD.findall(words):
        word = raw.strip("\"'\\,").replace('"', "")
        option, sign, value = word.partition("=")
        if pending:
            said.setdefault(pending, []).append(word)
            pending = ""
        elif option in TAKES and sign:
            said.setdefault(TAKES[option], []).append(value)
        elif word in TAKES:
            pending = TAKES[word]
        elif not word.startswith("-"):
            break
    name, directory = (said.get(key, [""])[-1] for key in ("name", "directory"))
    return tuple(said.get("files", ())), tuple(said.get("env_files", ())), name, directory


def _located(script: str, written: str, paths: Collection[str]) -> str:
    """The file that a script means: from the top, from where the script lies, or the only one whose path ends so."""
    tail = normpath(written.lstrip("/")) if written else ""
    for candidate in (normpath(written) if written else "", normpath(join(dirname(script), written))):
        if candidate in paths:
            return candidate
    while tail.startswith("../"):
        tail = tail[3:]
    ending = [path for path in paths if tail and (path == tail or path.endswith(f"/{tail}"))]
    return ending[0] if len(ending) == 1 else ""
