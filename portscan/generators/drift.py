"""What is on the disk against what should be: which files and blocks differ, why, and what they are to hold."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from posixpath import normpath
from typing import Literal

from portscan import regular
from portscan.edit import NewFile, runnable
from portscan.errors import UserError
from portscan.generated import Maker, Part, block, blocks, headed, unclosed, unix, whole
from portscan.generators.claims import Claim, Place
from portscan.model import Skipped
from portscan.records import dataclass, replace
from portscan.source import Source, decode

# `inert` lacks only the right to be run, `edited` was changed by hand since, `foreign` was never ours, `unclosed` is a block
# whose end nobody knows, `orphan` is no longer asked for.
State = Literal["current", "inert", "missing", "stale", "edited", "foreign", "unclosed", "orphan"]
BY_HAND: frozenset[State] = frozenset(("edited", "foreign"))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a generated file or block stands: its path from the base, what heads it, and the first line that differs."""

    path: str
    name: str
    state: State
    line: int = 1
    block: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that was compared, and the files to write so that all of it is current."""

    standings: tuple[Standing, ...] = ()
    files: tuple[NewFile, ...] = ()


def compared(claims: Iterable[Claim], place: Place, top: Path, *, overwrite: bool = False) -> Outcome:
    """The claims against the files. What people have edited is not among the files to write, unless with `overwrite`."""
    standings: list[Standing] = []
    files: list[NewFile] = []
    ordered = sorted(claims, key=lambda claim: normpath(claim.artefact.path))
    for path, group in groupby(ordered, key=lambda claim: normpath(claim.artefact.path)):
        there, new = _file(path, tuple(group), place, top, overwrite)
        standings += there
        if new.before != new.after or any(standing.state == "inert" for standing in there):
            files.append(new)
    return Outcome(tuple(standings), tuple(files))


def read(path: str, base: Path, top: Path) -> bytes | None:
    """The bytes of a file; none when it is not there. What leads out of the repository is not looked at."""
    file = base / path
    if Path(os.path.realpath(top)) not in Path(os.path.realpath(file)).parents:
        raise UserError(
            f"the generated file {path} would lie outside the repository", "Nothing was changed. Name another `path`."
        )
    try:
        return regular.read(file)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserError(
            f"the generated file {path} cannot be read: {(error.strerror or '').lower()}", "Nothing was changed. Mend that."
        ) from None


def _file(path: str, group: Sequence[Claim], place: Place, top: Path, overwrite: bool) -> tuple[list[Standing], NewFile]:
    before = read(path, place.base, top)
    if group[0].artefact.block is None:
        standing, after = _whole(path, group[0], before, place.source)
        if standing.state == "current" and group[0].artefact.executable and not runnable(place.base / path):
            standing = replace(standing, state="inert")
        kept = standing.state in ("current", "inert") or (standing.state in BY_HAND and not overwrite)
        new = NewFile(path, before, before if kept else after, group[0].artefact.executable)
        return [standing], new
    return _blocks(path, group, before, place.source, overwrite)


def _whole(path: str, claim: Claim, before: bytes | None, source: str) -> tuple[Standing, bytes]:
    artefact = claim.artefact
    maker = Maker(claim.name, (source, *artefact.sources), path)
    wanted = headed(artefact.prologue, artefact.body, maker, artefact.style)
    standing = Standing(path, claim.name, "missing")
    if before is None:
        return standing, wanted.encode()
    text = before.decode("utf-8", "replace")
    part = whole(text)
    state: State = _state(part, unix(text) == wanted) if part else "foreign"
    ended = wanted.replace("\n", "\r\n") if "\r\n" in text else wanted
    return replace(standing, state=state, line=_first_difference(unix(text), wanted)), ended.encode()


def _blocks(
    path: str, group: Sequence[Claim], before: bytes | None, source: str, overwrite: bool
) -> tuple[list[Standing], NewFile]:
    """The blocks of a file that people write. One without marks gets them at its end."""
    read_as = decode(path, before or b"")
    if isinstance(read_as, Skipped):
        raise UserError(f"{path} can hold no generated block: {read_as.reason}", "Name another `path`.")
    text = unix(read_as.text)
    standings: list[Standing] = []
    for claim in group:
        standing, text = _block(path, claim, text, source, overwrite)
        standings.append(standing)
    return standings, NewFile(
        path, before, before if text == unix(read_as.text) and before is not None else _encoded(read_as, text)
    )


def _block(path: str, claim: Claim, text: str, source: str, overwrite: bool) -> tuple[Standing, str]:
    maker = Maker(claim.name, (source, *claim.artefact.sources), path)
    wanted = block(claim.artefact.body, maker, claim.artefact.style)
    standing = Standing(path, claim.name, "missing", block=True)
    part = next((part for part in blocks(text) if part.name == claim.name), None)
    if part is None:
        lone = unclosed(text, claim.name)
        if lone is not None and not overwrite:
            return replace(standing, state="unclosed", line=text.count("\n", 0, lone) + 1), text
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        return replace(standing, line=text.count("\n") + 1), f"{text}{gap}{wanted}"
    there = text[part.start : part.end]
    state: State = "missing" if part.empty else _state(part, there == wanted)
    line = text.count("\n", 0, part.start) + _first_difference(there, wanted)
    kept = state == "current" or (state == "edited" and not overwrite)
    return replace(standing, state=state, line=line), text if kept else text[: part.start] + wanted + text[part.end :]


def _encoded(source: Source, text: str) -> bytes:
    """A text as the file had it: its mark, its encoding, its line ends."""
    ended = text.replace("\n", "\r\n") if "\r\n" in source.text else text
    try:
        return source.data[: source.bom] + ended.encode(source.encoding)
    except UnicodeEncodeError:
        raise UserError(
            f"{source.path} is in {source.encoding}, which lacks a character of its block", "Make it UTF-8."
        ) from None


def _state(part: Part, current: bool) -> State:
    return "current" if current else "stale" if part.intact else "edited"


def _first_difference(old: str, new: str) -> int:
    """The line, counted from 1, at which two texts part, the heading aside, whose hash differs whenever anything does."""
    lines = list(zip(old.split("\n"), new.split("\n"), strict=False))
    different = (number for number, (a, b) in enumerate(lines, 1) if a != b and "sha256:" not in b)
    return next(different, min(len(lines), old.count("\n") + 1) if old.count("\n") != new.count("\n") else 1)


def rooted(files: Iterable[NewFile], base: Path, root: Path) -> Iterator[NewFile]:
    """The files with their paths as seen from `root`."""
    prefix = os.path.relpath(base, root).replace(os.sep, "/")
    for file in files:
        yield replace(file, path=normpath(f"{prefix}/{file.path}"))
