"""Files and blocks that were generated once and that no generator asks for any more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import normpath

from portscan.alike import identity
from portscan.config import OWN, SHARED
from portscan.edit import NewFile
from portscan.files import listing
from portscan.files.contents import FileEntry
from portscan.files.contents import read as read_entry
from portscan.generated import SIGN, blocks, unix, whole
from portscan.generators.claims import Claim
from portscan.generators.drift import Standing
from portscan.model import Skipped
from portscan.records import dataclass
from portscan.registry.loader import USUAL_PATH
from portscan.source import Source, decode


@dataclass(frozen=True, slots=True)
class Orphans:
    """What is left over, and the files without it."""

    standings: tuple[Standing, ...] = ()
    files: tuple[NewFile, ...] = ()


def orphans(
    claims: Sequence[Claim], base: Path, planned: Sequence[NewFile], only: Collection[str] = (), *, overwrite: bool = False
) -> Orphans:
    """The leftovers below `base`, but for parts with a registry of their own, in files that are `planned` as they will be.

    What was made for another path is somebody's copy, and no leftover. What people have edited stays, unless `overwrite`.
    Limited to whole files of the generators in `only`, when some are named.
    """
    changed = {file.path: file for file in planned}
    standings: list[Standing] = []
    files: list[NewFile] = []
    asked = {(normpath(claim.artefact.path), claim.name) for claim in claims}
    there_already = {identity(base / path) for path, _ in asked}
    for source in _candidates(claims, base, changed):
        if identity(base / source.path) in there_already and all(path != source.path for path, _ in asked):
            continue  # the file of a claim by a name in another case
        there, after = _leftover(source, asked, only, overwrite)
        standings += there
        if after != source.data:
            old = changed.get(source.path)
            files.append(NewFile(source.path, old.before if old else source.data, after))
    return Orphans(tuple(standings), tuple(files))


def _leftover(
    source: Source, asked: Collection[tuple[str, str]], only: Collection[str], overwrite: bool
) -> tuple[list[Standing], bytes | None]:
    """What is left over in a file, and the file without it: none when nothing else is in it."""
    part = whole(source.text)
    if part is not None:
        asked_for = any(path == source.path for path, _ in asked)
        if asked_for or not part.made_for(source.path) or (only and part.name not in only):
            return [], source.data
        gone = part.intact or overwrite
        return [Standing(source.path, part.name, "orphan" if part.intact else "edited")], None if gone else source.data
    return ([], source.data) if only else _leftover_blocks(source, asked, overwrite)


def _leftover_blocks(source: Source, asked: Collection[tuple[str, str]], overwrite: bool) -> tuple[list[Standing], bytes]:
    text = unix(source.text)
    filled = (part for part in blocks(text) if part.filled and part.made_for(source.path))
    left = [part for part in filled if (source.path, part.name) not in asked]
    standings: list[Standing] = []
    after = text
    for part in reversed(left):
        line = text.count("\n", 0, part.start) + 1
        standings.insert(0, Standing(source.path, part.name, "orphan" if part.intact else "edited", line, block=True))
        if part.intact or overwrite:
            after = after[: part.start] + after[part.end :]
    if after == text:
        return standings, source.data
    ended = after.replace("\n", "\r\n") if "\r\n" in source.text else after
    return standings, source.data[: source.bom] + ended.encode(source.encoding)


def _candidates(claims: Sequence[Claim], base: Path, changed: Mapping[str, NewFile]) -> Iterator[Source]:
    """The texts that bear our sign: among the files that a scan would see, and beside what is generated now, ignored or not."""
    beside = {str(Path(claim.artefact.path).parent) for claim in claims if claim.artefact.block is None}
    near = (file for folder in sorted(beside) if (base / folder).is_dir() for file in sorted((base / folder).iterdir()))
    paths = {entry.path for entry in listing(base).entries}
    paths |= {file.relative_to(base).as_posix() for file in near if file.is_file() and not file.is_symlink()}
    for path in sorted(paths):
        planned = changed[path].after if path in changed else None
        data = planned or read_entry(FileEntry(path, str(base / path)))
        if isinstance(data, Skipped) or SIGN.encode() not in data or _anothers(path, base):
            continue
        source = decode(path, data)
        if isinstance(source, Source):
            yield source


def _anothers(path: str, base: Path) -> bool:
    """Whether a folder between the base and the file has a registry or a configuration of its own."""
    folders = (base / folder for folder in list(Path(path).parents)[:-1])
    return any((folder / USUAL_PATH).exists() or (folder / OWN).exists() or _configured(folder / SHARED) for folder in folders)


def _configured(file: Path) -> bool:
    return file.is_file() and b"[tool.portscan" in file.read_bytes()
