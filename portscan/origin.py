"""A registry that is kept in another repository: what is locked, and where its bytes are kept between runs.

`portscan registry update` asks the other repository; everything else reads the copy that the lock names. So a hook never
waits for a network, and everybody who has the same lock has the same ports.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

from portscan import regular
from portscan.cache.kept import cache_directory, made
from portscan.config import LOCK, Config, Elsewhere, toml
from portscan.config_reference import written
from portscan.errors import UserError
from portscan.git.remote import remote_file
from portscan.records import dataclass

HEADING: Final = "# Written by `portscan registry update`. Commit it: it says which registry decides.\n"
AGAIN: Final = "Run `portscan registry update`."
DIGESTS: Final = {"sha256": "[0-9a-f]{64}", "commit": "[0-9a-f]{40,64}"}


@dataclass(frozen=True, slots=True)
class Lock:
    """The registry that was fetched last: what was asked for, the commit it was in, and the digest of its bytes."""

    git: str
    rev: str
    path: str
    commit: str
    sha256: str

    @property
    def asked(self) -> Elsewhere:
        """What was asked for."""
        return Elsewhere(self.git, self.rev, self.path)


def lock_file(config: Config) -> Path:
    """Where the lock is: beside the configuration that asks for it."""
    assert config.file is not None
    return config.file.parent / LOCK


def locked(config: Config, wanted: Elsewhere, read: Callable[[Path], bytes] = regular.read) -> Lock:
    """The lock; a `UserError` when there is none yet, or when it is about something else."""
    file = lock_file(config)
    try:
        lock = _lock(file, read(file))
    except FileNotFoundError:
        raise UserError(f"the registry is kept in {wanted.git}, and was not fetched yet", AGAIN) from None
    if lock.asked != wanted:
        raise UserError(f"{LOCK} is about another registry than the configuration", AGAIN)
    return lock


def copy_of(lock: Lock) -> Path:
    """The registry on this machine; a `UserError` when it was not fetched yet."""
    file = cached(lock.sha256)
    try:
        intact = hashlib.sha256(file.read_bytes()).hexdigest() == lock.sha256
    except OSError:
        intact = False
    if not intact:
        raise UserError(
            f"the registry of {lock.git} is not on this machine yet",
            "Run `portscan registry update --locked` where there is a network.",
        )
    return file


def cached(digest: str) -> Path:
    """Where a registry of this digest is kept."""
    try:
        return cache_directory() / "registries" / digest / "registry.yaml"
    except RuntimeError:
        raise UserError("there is no home directory to keep the registry in", "Set PORTSCAN_CACHE_DIR.") from None


def fetched(config: Config, wanted: Elsewhere, commit: str | None = None) -> tuple[Lock, bytes]:
    """The registry as the other repository has it now, or had it in `commit`. This needs a network."""
    address = _address(config, wanted.git)
    name, data = remote_file(address, commit or wanted.rev, wanted.path)
    return Lock(wanted.git, wanted.rev, wanted.path, name, hashlib.sha256(data).hexdigest()), data


def keep(lock: Lock, data: bytes) -> None:
    """Keep the bytes of a registry for those who read it later."""
    file = cached(lock.sha256)
    scratch = file.with_name(f"{os.getpid()}.tmp")
    try:
        made(file.parent)
        scratch.write_bytes(data)
        scratch.replace(file)
    except OSError as error:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
        reason = (error.strerror or "").lower()
        raise UserError(f"the registry cannot be kept in {file.parent}: {reason}", "Set PORTSCAN_CACHE_DIR.") from None


def text_of(lock: Lock) -> bytes:
    """The lock as it is written."""
    lines = (f"{name} = {written(value)}\n" for name, value in asdict(lock).items())
    return f"{HEADING}{''.join(lines)}".encode()


def _lock(file: Path, data: bytes) -> Lock:
    values = toml(file, data)
    fields = Lock.__slots__
    whole = set(values) == set(fields) and all(isinstance(value, str) for value in values.values())
    if not whole or not all(re.fullmatch(form, values[name]) for name, form in DIGESTS.items()):
        raise UserError(f"{LOCK} is not as portscan wrote it", AGAIN)
    return Lock(**values)


def _address(config: Config, address: str) -> str:
    """The address as git takes it anywhere: one that is a path begins at the configuration."""
    if "://" in address or re.match(r"[^/\\]+:(?![/\\]{2})", address):
        return address
    assert config.file is not None
    return str((config.file.parent / address).resolve())
