"""Modules with a typed constant for each port, which reads its environment variable and falls back to the registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from keyword import kwlist
from posixpath import splitext
from types import MappingProxyType
from typing import Final

from portscan.config.kinds import TEXT, listed
from portscan.config.tables import key
from portscan.errors import UserError
from portscan.generated import HASH, SLASHES, Style
from portscan.generators.model import Artefact, Context, Templated
from portscan.records import dataclass
from portscan.tuples import NamedTuple

NAME: Final = "modules"
HELP: Final = "modules for Python, TypeScript and JavaScript with a constant for each port"


@dataclass(frozen=True, slots=True)
class Settings(Templated):
    """Which modules there are."""

    paths: tuple[str, ...] = key(
        listed(TEXT),
        "The modules; their endings say in which language: .py, .ts, .mts, .cts, .mjs or .cjs.",
        default=("config/ports/ports.py", "config/ports/ports.ts"),
    )


class Language(NamedTuple):
    """How a language's module is written: its template, its comments, and names that are no name for a constant."""

    template: str
    style: Style
    taken: frozenset[str]


# Words of the languages, and the names that the templates use themselves.
PYTHON_WORDS: Final = frozenset((*kwlist, "__all__", "annotations", "os", "Final", "_port"))
SCRIPT_WORDS: Final = frozenset(
    (
        *("arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do"),
        *("else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if", "implements", "import"),
        *("in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public", "return"),
        *("static", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with", "yield"),
        *("process", "undefined", "Number", "RangeError", "module", "exports", "require"),
    )
)
PYTHON: Final = Language("ports.py.j2", HASH, PYTHON_WORDS)
LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType(
    {
        ".py": PYTHON,
        **{ending: Language("ports.ts.j2", SLASHES, SCRIPT_WORDS) for ending in (".ts", ".mts", ".cts")},
        ".mjs": Language("ports.mjs.j2", SLASHES, SCRIPT_WORDS),
        ".cjs": Language("ports.cjs.j2", SLASHES, SCRIPT_WORDS),
    }
)


class Constant(NamedTuple):
    """A constant: its name, which is its variable, the registry's port, and whose it is."""

    name: str
    port: int
    about: str


def render(context: Context[Settings]) -> Iterator[Artefact]:
    """A module for each path."""
    constants = tuple(_constants(context))
    for path in context.settings.paths:
        language = LANGUAGES.get(splitext(path)[1])
        if language is None:
            hint = f"Modules end in {', '.join(LANGUAGES)}."
            raise UserError(f"generate.{NAME}: {path} is in no language that modules are written in", hint)
        _nameable(constants, language, path)
        body = context.rendered(language.template, "quoted", constants=constants)
        yield Artefact(path, body, language.style, sources=context.sources)


def _constants(context: Context[Settings]) -> Iterator[Constant]:
    for service in context.services:
        for endpoint in service.endpoints:
            whose = f"{service.name}, {endpoint.name}" if endpoint.name else service.name
            about = service.description if not endpoint.name else None
            yield Constant(endpoint.variable, endpoint.port, f"{whose}: {about}" if about else whose)


def _nameable(constants: tuple[Constant, ...], language: Language, path: str) -> None:
    for constant in constants:
        if constant.name in language.taken:
            raise UserError(f"{path} can have no constant `{constant.name}`", "Give the service another `env` in the registry.")
