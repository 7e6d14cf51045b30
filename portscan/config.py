"""Configuration: `portscan.toml`, or `[tool.portscan]` in `pyproject.toml`, nearest upward from where portscan runs.

Each key is declared once, as a field of `Config`, `Pin` or `PerPath`; reading, checking, documentation and the JSON
Schema all follow from that declaration.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from portscan import regular
from portscan.config_kinds import (
    CODE,
    GLOB,
    NAMED_TABLES,
    PORT,
    REVISION,
    SEVERITIES,
    SWITCH,
    TEXT,
    VARIABLE,
    Kind,
    choice,
    listed,
    wrong,
)
from portscan.errors import UserError
from portscan.model import Severity

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")
OWN, SHARED, LOCK = "portscan.toml", "pyproject.toml", "portscan.lock"


class Key(NamedTuple):
    """A key of the configuration: its name there and in Python, what it may hold, and what it is for."""

    name: str
    attribute: str
    kind: Kind
    default: Any
    description: str

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is MISSING


def key(kind: Kind, description: str, *, default: Any = MISSING, name: str | None = None) -> Any:
    """A field of a table that is a key of the configuration; without a default it must be given."""
    return field(default=default, metadata={"kind": kind, "description": description, "name": name})


def keys(table: type[Any]) -> tuple[Key, ...]:
    """The keys that `table` declares, in the order of their declaration."""
    return tuple(
        Key(f.metadata["name"] or f.name.replace("_", "-"), f.name, f.metadata["kind"], f.default, f.metadata["description"])
        for f in fields(table)
        if f.metadata
    )


def tables(table: type[Any]) -> Kind:
    """Any number of `table`, written as `[[name]]`."""

    def read(value: object, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise wrong(where, "a list of tables", value)
        return tuple(read_table(table, each, f"{where}[{i}]") for i, each in enumerate(value, 1))

    return Kind("list of tables", {"type": "array", "items": schema(table)}, read)


def text_or(table: type[Any]) -> Kind:
    """A text, or a `table` in place of it."""

    def read(value: object, where: str) -> Any:
        return read_table(table, value, where) if isinstance(value, Mapping) else TEXT.read(value, where)

    return Kind("text, or a table", {"if": {"type": "object"}, "then": schema(table), "else": TEXT.schema}, read)


def schema(table: type[Any]) -> dict[str, Any]:
    """What `table` may hold, as a JSON Schema."""
    properties = {key.name: {**key.kind.schema, "description": key.description} for key in keys(table)}
    required = [key.name for key in keys(table) if key.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A registry that is kept in another repository."""

    git: str = key(TEXT, "The address of the repository, as git takes it; a path begins at the directory of this file.")
    rev: str = key(REVISION, "The branch, the tag or the commit that `portscan registry update` looks at.", default="HEAD")
    path: str = key(TEXT, "Where the registry is in that repository.", default="config/ports/registry.yaml")

    @property
    def label(self) -> str:
        """How users see it: the same on every machine, wherever the copy lies."""
        return f"{self.git}:{self.path}"

    @property
    def place(self) -> str:
        """The same as a path: without the protocol, and without the user's name and what may stand beside it."""
        address = self.git.rpartition("://")[2].rpartition("@")[2].replace(":", "/")
        return f"{address}/{self.path}"


@dataclass(frozen=True, slots=True)
class Pin:
    """Ties a port in a file whose format has no comments to a service."""

    path: str = key(GLOB, "The file, or a pattern for several.")
    port: int = key(PORT, "The number as it is written there.")
    service: str = key(TEXT, "The service whose port it is.")


@dataclass(frozen=True, slots=True)
class PerPath:
    """What is different for some files: what is reported, how much it weighs, and how fixes bind a port."""

    path: str = key(GLOB, "The files, as a pattern.")
    ignore: tuple[str, ...] = key(listed(CODE), "The codes, or their beginnings, that are not reported there.", default=())
    select: tuple[str, ...] = key(listed(CODE), "Of those that are reported at all, report only these codes there.", default=())
    allow: tuple[int, ...] = key(listed(PORT), "Ports that may be written there.", default=())
    severity: tuple[tuple[str, Severity], ...] = key(SEVERITIES, "How much a code weighs there.", default=())
    binding: str = key(
        choice("environment", "module"),
        "How fixes bind a port there: it is read from the environment, or imported from a generated module.",
        default="environment",
    )
    module: str = key(TEXT, "The generated module: its path, or what an import says (`@/ports`, `worker.ports`).", default="")


@dataclass(frozen=True, slots=True)
class Config:
    """What is in force. `file` is where it was read from; paths and patterns are relative to its directory."""

    registry: str | Elsewhere = key(  # noqa: RUF009  (what it holds is frozen)
        text_or(Elsewhere),
        "The registry: its path, or a table that says in which repository it is kept.",
        default="config/ports/registry.yaml",
    )
    include: tuple[str, ...] = key(listed(GLOB), "Read only files that match one of these patterns; all when empty.", default=())
    exclude: tuple[str, ...] = key(listed(GLOB), "Do not read files that match one of these patterns.", default=())
    allow: tuple[int, ...] = key(listed(PORT), "Ports that may be written anywhere, such as 80 and 443.", default=())
    select: tuple[str, ...] = key(listed(CODE), "Report only these codes, or those that begin so; all when empty.", default=())
    ignore: tuple[str, ...] = key(listed(CODE), "Do not report these codes, or those that begin so.", default=())
    severity: tuple[tuple[str, Severity], ...] = key(
        SEVERITIES, "How much a code weighs, whatever its rule says: error, warning or note.", default=()
    )
    inline_ignores: bool = key(SWITCH, "Whether ignores in comments hide anything.", default=True)
    require_reason: bool = key(SWITCH, "Whether an ignore in a comment must give its reason.", default=False)
    strict: bool = key(SWITCH, "Also report what is verified, and ports of public hosts.", default=False)
    generic_variables: tuple[str, ...] = key(
        listed(VARIABLE),
        "Variables that stand for the port of whichever service owns the file.",
        default=("PORT", "HOST_PORT", "HTTP_PORT", "SERVER_PORT", "APP_PORT", "LISTEN_PORT"),
    )
    pins: tuple[Pin, ...] = key(tables(Pin), "Ties ports to services where the format has no comments.", default=(), name="pin")
    per_path: tuple[PerPath, ...] = key(tables(PerPath), "What is different for some files.", default=())
    dotenv_expansion: tuple[str, ...] = key(
        listed(GLOB),
        "Env files whose reader expands ${…}, as Compose and python-dotenv do: fixes may write it there.",
        default=(),
    )
    generate: tuple[tuple[str, Mapping[str, Any]], ...] = key(
        NAMED_TABLES, "What `portscan sync` generates: a table, or a list of tables, for each generator.", default=()
    )
    extend_rules: tuple[str, ...] = key(listed(TEXT), "Directories with further rules.", default=())
    baseline: str = key(
        TEXT, "The baseline: findings in it are not reported. Used when it is there.", default="portscan-baseline.jsonl"
    )
    file: Path | None = None

    def baseline_file(self, top: Path) -> Path:
        """The file of the baseline, beside the configuration or at the `top` of the repository; it need not be there."""
        return (self.file.parent if self.file else top) / self.baseline

    given: frozenset[str] = field(default=frozenset(), compare=False)  # the keys that the file has


def load(root: Path, given: Path | None = None) -> Config:
    """The configuration in `given`, or in the nearest file upward from `root`; the defaults when there is none."""
    root = root.absolute()
    found = _explicit(root / given) if given is not None else _nearest(root)
    if found is None:
        return Config()
    file, values = found
    read = read_table(Config, values, label(file), file=file)
    return replace(read, given=frozenset(values))


def _explicit(file: Path) -> tuple[Path, Any]:
    values = _table(file)
    if values is None:
        reason = "has no [tool.portscan] in it" if file.exists() else "does not exist"
        raise UserError(f"the configuration file {file} {reason}", "Name another with --config.")
    return file, values


def _nearest(root: Path) -> tuple[Path, Any] | None:
    """Stops at the top of the repository: what lies above it was not written for it."""
    for folder in (root, *root.parents):
        found = [(file, values) for file in (folder / OWN, folder / SHARED) if (values := _table(file)) is not None]
        if len(found) > 1:
            raise UserError(f"{folder} has its configuration both in {OWN} and in {SHARED}", "Keep one of the two.")
        if found:
            return found[0]
        if (folder / ".git").exists():
            break
    return None


def _table(file: Path) -> Any:
    """The part of `file` that is for portscan; None when it has none or is not there."""
    try:
        data = regular.read(file)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UserError(f"{file} cannot be read: {(error.strerror or '').lower()}", "Mend that, or use --config.") from None
    if file.name != SHARED:
        return toml(file, data)
    # Most of these files belong to others, and loading the parser takes longer than looking.
    tool = toml(file, data).get("tool") if b"portscan" in data else None
    return tool.get("portscan") if isinstance(tool, Mapping) else None


def toml(file: Path, data: bytes) -> Mapping[str, Any]:
    """What a TOML file holds; a `UserError` when it is none."""
    from importlib import import_module

    library = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        parsed: Mapping[str, Any] = library.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UserError(f"{label(file)} is not valid TOML: {error}", "Mend the file.") from None
    return parsed


def label(file: Path) -> str:
    """The configuration file as the user would type it, and the table in it."""
    here = file.cwd()
    shown = file.relative_to(here) if file.is_relative_to(here) else file
    return f"{shown} [tool.portscan]" if file.name == SHARED else str(shown)


def read_table(table: type[T], values: object, where: str, **more: object) -> T:
    """Make a `table` of `values`; each of them must be a key, and hold what the key is declared to hold."""
    if not isinstance(values, Mapping):
        raise wrong(where, "a table", values)
    known = {key.name: key for key in keys(table)}
    for name in values:
        if name not in known:
            raise _unknown(name, tuple(known), where)
    for each in known.values():
        if each.required and each.name not in values:
            raise UserError(f"{where}: `{each.name}` is missing", each.description)
    read = {known[name].attribute: known[name].kind.read(value, f"{where}: {name}") for name, value in values.items()}
    return table(**read, **more)


def _unknown(name: str, known: tuple[str, ...], where: str) -> UserError:
    from difflib import get_close_matches

    close = get_close_matches(name.replace("_", "-"), known, 1, 0.6)
    hint = f"Did you mean `{close[0]}`?" if close else f"The keys are {', '.join(known)}."
    return UserError(f"{where}: `{name}` is not a key", hint)
