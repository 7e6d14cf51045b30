"""Configuration: `portscan.toml`, or `[tool.portscan]` in `pyproject.toml`, nearest upward from where portscan runs.

Each key is declared once, as a field of `Config`, `Pin` or `PerPath`; reading, checking, documentation and the JSON
Schema all follow from that declaration.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from portscan import regular
from portscan.config.kinds import (
    CODE,
    GLOB,
    NAMED_TABLES,
    PORT,
    REVISION,
    SEVERITIES,
    SWITCH,
    TEXT,
    VARIABLE,
    choice,
    listed,
)
from portscan.config.tables import key, read_table, tables, text_or
from portscan.errors import UserError
from portscan.model import Severity
from portscan.records import dataclass, field, replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Read = Callable[[Path], bytes]

MOST_PARTS = 1_000  # of a dotted key
OWN, SHARED, LOCK = "portscan.toml", "pyproject.toml", "portscan.lock"


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

    registry: str | Elsewhere = key(
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

    given: frozenset[str] = field(default=frozenset(), compare=False, repr=False)  # the keys that the file has


def load(root: Path, given: Path | None = None, read: Read = regular.read) -> Config:
    """The configuration in `given`, or in the nearest file upward from `root`; the defaults when there is none.

    `read` hands out the bytes of a file, or raises `FileNotFoundError`: not every state of a repository lies on the disk.
    """
    root = root.absolute()
    found = _explicit(root / given, read) if given is not None else _nearest(root, read)
    if found is None:
        return Config()
    file, values = found
    return replace(read_table(Config, values, label(file), file=file), given=frozenset(values))


def _explicit(file: Path, read: Read) -> tuple[Path, Any]:
    values = _table(file, read)
    if values is None:
        if file.exists():
            raise UserError(
                f"the configuration file {file} has no [tool.portscan] in it", "Add that table, or name another file."
            )
        raise UserError(f"the configuration file {file} does not exist", "Name another with --config.")
    return file, values


def _nearest(root: Path, read: Read) -> tuple[Path, Any] | None:
    """Stops at the top of the repository: what lies above it was not written for it."""
    for folder in (root, *root.parents):
        found = [(file, values) for file in (folder / OWN, folder / SHARED) if (values := _table(file, read)) is not None]
        if len(found) > 1:
            raise UserError(f"{folder} has its configuration both in {OWN} and in {SHARED}", "Keep one of the two.")
        if found:
            return found[0]
        if (folder / ".git").exists():
            break
    return None


def _table(file: Path, read: Read) -> Any:
    """The part of `file` that is for portscan; None when it has none or is not there."""
    try:
        data = read(file)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UserError(
            f"the configuration file {file} cannot be read: {(error.strerror or '').lower()}", "Mend that, or use --config."
        ) from None
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
        text = data.decode("utf-8-sig")
        if any(line.partition("=")[0].count(".") > MOST_PARTS for line in text.split("\n")):
            raise ValueError(f"a key of more than {MOST_PARTS:,} parts")  # minutes of the parser
        parsed: Mapping[str, Any] = library.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{label(file)} is not valid TOML: {error}", "Mend the file.") from None
    return parsed


def label(file: Path) -> str:
    """The configuration file as the user would type it, and the table in it."""
    here = file.cwd()
    shown = file.relative_to(here) if file.is_relative_to(here) else file
    return f"{shown} [tool.portscan]" if file.name == SHARED else str(shown)
