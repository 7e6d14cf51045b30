"""Wheel and sdist, built several times under circumstances that must not matter."""

from __future__ import annotations

import hashlib
import os
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.release.running import Refused, run

CONSTRAINTS = "tools/release/build-constraints.txt"


@dataclass(frozen=True)
class Circumstances:
    """What may differ between two machines that build the same commit."""

    name: str
    python: str = ""  # as uv finds it; the running one when empty
    umask: int = 0o022
    environment: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ("--sdist", "--wheel")


@dataclass(frozen=True)
class Built:
    """One build: its circumstances, and the two files."""

    circumstances: Circumstances
    wheel: Path
    sdist: Path


USUAL = Circumstances("from the sources", environment={"PYTHONHASHSEED": "0"})
ELSEWHERE = Circumstances(
    "from the sources, elsewhere",
    umask=0o077,
    environment={"PYTHONHASHSEED": "4242", "TZ": "Pacific/Auckland", "LC_ALL": "C", "HOME": "/nonexistent"},
)
BY_WAY_OF_SDIST = Circumstances("the wheel from the sdist", arguments=())


def clone(repository: Path, place: Path) -> Path:
    """A fresh clone of what is committed, with nothing in it that git does not know."""
    run("git", "clone", "--quiet", "--no-hardlinks", repository, place)
    return place


def epoch(repository: Path) -> str:
    """The time of the last commit, in seconds: what the archives say of when their files were changed."""
    return run("git", "log", "-1", "--format=%ct", cwd=repository).strip()


def build(repository: Path, place: Path, circumstances: Circumstances) -> Built:
    """Build a fresh clone of `repository` in `place`."""
    before = os.umask(circumstances.umask)
    try:
        source, out = clone(repository, place / "source"), place / "out"
        cache = place / "cache"  # of compiled rules: a build must not find those of another
        run(
            *("uv", "build", "--quiet", "--build-constraints", source / CONSTRAINTS, "--require-hashes"),
            *("--out-dir", out, *circumstances.arguments),
            *(("--python", circumstances.python) if circumstances.python else ()),
            source,
            environment={
                "SOURCE_DATE_EPOCH": epoch(repository),
                "UV_CACHE_DIR": run("uv", "cache", "dir").strip(),  # packages, whose hashes are checked; HOME may differ
                "UV_PYTHON_DOWNLOADS": "never",
                "PORTSCAN_CACHE_DIR": str(cache),
                **circumstances.environment,
            },
        )
    finally:
        os.umask(before)
    return Built(circumstances, _only(out, "*.whl"), _only(out, "*.tar.gz"))


def compare(first: Built, second: Built) -> None:
    """Refuse two builds of which one byte differs, and name the members that do."""
    for one, other in ((first.wheel, second.wheel), (first.sdist, second.sdist)):
        if one.name != other.name or one.read_bytes() != other.read_bytes():
            names = ", ".join(differences(one, other)) or "only how it is packed"
            raise Refused(f"{one.name}: «{first.circumstances.name}» and «{second.circumstances.name}» differ: {names}")


def differences(one: Path, other: Path) -> list[str]:
    """The members of two archives that differ in content, time or mode."""
    left, right = dict(members(one)), dict(members(other))
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))


def members(archive: Path) -> Iterator[tuple[str, tuple[object, ...]]]:
    """What is in a wheel or an sdist: name, and all that counts."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for info in wheel.infolist():
                yield info.filename, (wheel.read(info), info.date_time, info.external_attr)
        return
    with tarfile.open(archive) as sdist:
        for entry in sdist.getmembers():
            file = sdist.extractfile(entry)
            yield entry.name, (file.read() if file else b"", entry.mtime, entry.mode, entry.uid, entry.gid, entry.uname)


def digest(file: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _only(folder: Path, pattern: str) -> Path:
    found = list(folder.glob(pattern))
    if len(found) != 1:
        raise Refused(f"{folder}: {len(found)} files are called {pattern}, and one was expected")
    return found[0]
