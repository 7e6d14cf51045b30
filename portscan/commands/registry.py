"""`portscan registry`: a registry that is kept in another repository is fetched, and locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.config import Config, Elsewhere
    from portscan.origin import Lock
    from portscan.terminal import Streams

NAME: Final = "registry"
TOPIC: Final = "set up"
HELP: Final = "fetch a registry that is kept in another repository"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what is to be done."""
    parser.add_argument("action", choices=("update",), metavar="update", help="ask the other repository, and write portscan.lock")
    parser.add_argument("--locked", action="store_true", help="fetch what portscan.lock names, and change nothing")


def run(args: Namespace, streams: Streams) -> int:
    """Fetch the registry; one that is kept in this repository needs no fetching."""
    from pathlib import Path

    from portscan.workspace import load_config

    config = load_config(args, Path.cwd())
    if isinstance(config.registry, str):
        streams.out.write("The registry is kept in this repository: there is nothing to fetch.\n")
        return 0
    from portscan.secrets import hidden
    from portscan.terminal import printable

    told = _exactly(config, config.registry) if args.locked else _newest(config, config.registry)
    streams.out.write(f"{printable(hidden(told))}\n")
    return 0


def _exactly(config: Config, wanted: Elsewhere) -> str:
    from portscan.errors import UserError
    from portscan.origin import copy_of, fetched, keep, locked

    lock = locked(config, wanted)
    try:
        copy_of(lock)
    except UserError:
        found, data = fetched(config, wanted, lock.commit)
        if found.sha256 != lock.sha256:
            raise UserError("the registry in that commit is not the one that was locked", "Do not trust it.") from None
        keep(found, data)
    return f"The registry of {wanted.git} is that of {lock.commit[:12]}."


def _newest(config: Config, wanted: Elsewhere) -> str:
    from portscan.config import LOCK
    from portscan.edit import NewFile, write
    from portscan.errors import UserError
    from portscan.files import repository_root
    from portscan.origin import fetched, keep, lock_file, text_of
    from portscan.registry.loader import load

    lock, data = fetched(config, wanted)
    loaded = load(f"{wanted.git}: {wanted.path}", data)
    if loaded.registry is None:
        raise UserError(f"the registry of {wanted.git} is in error: {loaded.findings[0].message}", "It was not taken over.")
    keep(lock, data)
    file = lock_file(config)
    before = file.read_bytes() if file.is_file() else None
    write(file.parent, repository_root(file.parent), [NewFile(LOCK, before, text_of(lock))])
    return _told(lock, before)


def _told(lock: Lock, before: bytes | None) -> str:
    from portscan.config import LOCK
    from portscan.origin import text_of

    if before == text_of(lock):
        return f"{LOCK} is up to date: {lock.commit[:12]}."
    return f"{LOCK}: {lock.rev} of {lock.git} is {lock.commit[:12]}."
