"""What every command that needs a registry opens first: the configuration, and the registry that decides."""

# ruff: noqa: PTH100, PTH118  (a path without symbolic links followed)

from __future__ import annotations

import os
from datetime import date
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

from portscan import config as configuration
from portscan import regular
from portscan.alike import spelled
from portscan.config import Config, Elsewhere
from portscan.errors import UserError
from portscan.files import repository_root
from portscan.records import dataclass
from portscan.registry.loader import USUAL_PATH, Loaded, load_kept, read

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from portscan.registry.model import Registry
    from portscan.terminal import Streams


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where a command works and what it knows.

    `root` is the working directory, to which the paths of reports are relative; `top` is that of the repository.
    `registry_data` holds the bytes that `registry` was read from, and `registry.path` how users see that file.
    """

    root: Path
    top: Path
    config: Config
    registry: Registry
    registry_file: Path
    registry_data: bytes
    today: date

    @property
    def elsewhere(self) -> Elsewhere | None:
        """The other repository that the registry is kept in, if it is: only there can it be changed."""
        found = self.config.registry
        return found if isinstance(found, Elsewhere) and found.label == self.registry.path else None

    @property
    def base(self) -> Path:
        """Where the paths in the registry and in its generators' settings begin: a part of a larger repository, at times."""
        return base_of(self.root, self.registry.path, self.config)


def open_workspace(args: Namespace, streams: Streams, *, today: date | None = None, empty: bool = False) -> Workspace:
    """The workspace of the working directory, as the global options say.

    A registry with errors decides nothing: its errors are listed, and a `UserError` says what to do. So it does for one
    that is missing or lists no service, unless it may be `empty`.
    """
    root = Path.cwd()
    config = load_config(args, root)
    path, label = _named(args, root, config)
    data = read(path, label)
    loaded = load_kept(label, data)
    begun = loaded.registry if empty and loaded.registry is not None else None
    registry = begun or _decided(loaded, label, data, path == repository_root(root) / USUAL_PATH, streams)
    return Workspace(root, repository_root(root), config, registry, path, data, today or current_day())


def registry_at_hand(args: Namespace, root: Path, config: Config) -> Registry | None:
    """The registry for a command that does without: none where there is none, or none in order."""
    try:
        path, label = _named(args, root, config)
        return load_kept(label, read(path, label)).registry
    except UserError:
        return None


def _named(args: Namespace, root: Path, config: Config) -> tuple[Path, str]:
    """Where the registry lies, as the disk spells it, and how users see it."""
    path = spelled(Path(args.registry) if args.registry else nearest(root, config))
    return path, path.as_posix() if args.registry else label_of(root, config, path)


def label_of(root: Path, config: Config, path: Path) -> str:
    """How users see the registry that the configuration names, which lies at `path`."""
    elsewhere = config.registry
    return elsewhere.label if isinstance(elsewhere, Elsewhere) else Path(relpath(path, root)).as_posix()


def load_config(args: Namespace, root: Path) -> Config:
    """The configuration that `--config` names, or the nearest one."""
    return configuration.load(root, Path(args.config) if args.config else None)


def current_day() -> date:
    """Today, the same for everybody on earth: transition windows end at midnight UTC."""
    from datetime import datetime, timezone

    return datetime.now(tz=timezone.utc).date()


def base_of(root: Path, registry_path: str, config: Config) -> Path:
    """Where the paths in the registry begin: above its usual place, else where the configuration is, else at the top of git.

    The usual place in a submodule is none: its paths are those of the repository that the submodule is part of.
    """
    folder, _, _ = os.path.abspath(root / registry_path).replace(os.sep, "/").rpartition(f"/{USUAL_PATH}")
    own = os.path.lexists(os.path.join(folder, ".git")) and Path(folder) != repository_root(root.absolute())
    if folder and not own:
        return Path(folder)
    return config.file.parent if config.file else repository_root(root.absolute())


def nearest(
    root: Path, config: Config, read: Callable[[Path], bytes] = regular.read, there: Callable[[Path], bool] = Path.exists
) -> Path:
    """The registry of the configuration; without one, the usual path in the nearest folder upward that has it.

    `read` hands out the bytes of a file, `there` says whether there is one: not every state of a repository lies on the disk.
    """
    if isinstance(config.registry, Elsewhere):
        from portscan.origin import copy_of, locked

        return copy_of(locked(config, config.registry, read))
    if config.file:
        return config.file.parent / config.registry
    top = repository_root(root)
    folders = [folder for folder in (root, *root.parents) if folder == top or top in folder.parents]
    return next((folder / config.registry for folder in folders if there(folder / config.registry)), top / config.registry)


def _decided(loaded: Loaded, label: str, data: bytes, usual: bool, streams: Streams) -> Registry:
    from portscan.model import Report
    from portscan.reporters import reporter

    if loaded.registry is None:
        streams.err.write("".join(reporter("text").render(Report(loaded.findings, files=1), streams, {label: data})))
        command = "portscan validate" if usual else f"portscan validate {label}"
        raise UserError(f"{label} is in error, so nothing was done", f"Run `{command}` until it is content.")
    if not loaded.registry.services:
        raise UserError(f"{label} lists no service yet", loaded.findings[0].help or "")
    return loaded.registry
