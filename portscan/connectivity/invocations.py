"""Which Compose files are started together: what scripts, Makefiles and workflows hand to `docker compose`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from posixpath import dirname, join, normpath

from portscan.connectivity.world import World
from portscan.records import dataclass

SCRIPTS = frozenset(
    ("Makefile", "makefile", "GNUmakefile", "package.json", "justfile", "Justfile", "Taskfile.yml", "Taskfile.yaml")
)
ENDS = (".sh", ".bash", ".mk")
YAML = (".yml", ".yaml")
FOLDERS = (".github/workflows/", ".gitlab-ci", "scripts/", "bin/")
COMMAND = re.compile(r"\bdocker[ -]compose\b(?P<words>[^\n|;&)]*)")
ASSIGNED = re.compile(r"[ \t]*(?:export[ \t]+|readonly[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*[:?]?=[ \t]*(?P<value>[^\n]*)")
VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::?-(?P<other>[^}]{0,500}))?\}|\((?P<made>\w+)\)|(?P<plain>\w+))")
CONTINUED = re.compile(r"\\\r?\n[ \t]*")
WORD = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""")
TAKES = {"-f": "files", "--file": "files", "--env-file": "env_files", "-p": "name", "--project-name": "name",
         "--project-directory": "directory", "--profile": "profiles"}  # fmt: skip
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
    for path in sorted(filter(_script, world.paths)):
        text = world.text(path) if world.holds(path, b"compose") else None
        if text is not None and "compose" in text and len(text) < LARGEST:
            yield from _of(world, path, CONTINUED.sub(" ", text), composed)


def _script(path: str) -> bool:
    name = path.rpartition("/")[2]
    if name in SCRIPTS or name.endswith(ENDS):
        return True
    return ("." not in name or name.endswith(YAML)) and any(folder in path for folder in FOLDERS)


def _of(world: World, path: str, text: str, composed: Sequence[str]) -> Iterator[Invocation]:
    given = (ASSIGNED.match(line) for line in text.split("\n") if "=" in line)
    known = {match["name"]: match["value"].strip().strip("\"'") for match in given if match}
    speaks = _speaking(known)
    for line in text.splitlines():
        if "compose" in line or ("$" in line and speaks(line)):
            for match in COMMAND.finditer(_filled(line, known)):
                found = _invocation(world, path, match["words"], composed)
                if found.files:
                    yield found


def _speaking(known: Mapping[str, str]) -> Callable[[str], object]:
    """Whether a line has a variable that says the word, perhaps by another one."""
    words = re.compile("compose")
    for _ in range(ROUNDS):
        names = sorted(name for name, value in known.items() if words.search(value))
        words = re.compile("|".join(("compose", *(rf"\$[({{]?{name}\b" for name in names))))
    return words.search


def _filled(line: str, known: Mapping[str, str]) -> str:
    """The line with the variables that the script itself sets; of the others nothing is left but their default."""

    def value(match: re.Match[str]) -> str:
        name = match["braced"] or match["made"] or match["plain"]
        return known.get(name, match["other"] or "")

    for _ in range(ROUNDS):
        line = VARIABLE.sub(value, line)
    return line


def _invocation(world: World, script: str, words: str, composed: Sequence[str]) -> Invocation:
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
    files = tuple(found for file in said.get("files", ()) if (found := _located(script, file, composed)))
    env_files = tuple(found for file in said.get("env_files", ()) if (found := _located(script, file, world.paths)))
    complete = len(files) == len(said.get("files", ()))
    return Invocation(script, files if complete else (), env_files, *(said.get(key, [""])[-1] for key in ("name", "directory")))


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
