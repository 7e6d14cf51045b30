"""How much a scan reads: everything, what was named, what a hook was handed, or what differs from a revision.

Where ports are decided, everything else may turn out wrong. So the whole repository is read when the registry, the
configuration or a rule of the repository's own is among the files that a hook names or that have changed.
"""

# ruff: noqa: PTH118  (a hook pays for it: paths are plain strings)

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from portscan.config import LOCK, Config
from portscan.model import Finding
from portscan.records import dataclass

if TYPE_CHECKING:
    from portscan.git.changes import Change

WHOLE = (".",)
MOST_COMPARED = 20_000  # lines; comparing takes the square of them, and nobody rewrites as many by hand


@dataclass(frozen=True, slots=True)
class Extent:
    """The `paths` to read, relative to the working directory; none of them means nothing.

    `by_hand` is true of paths that a person named, which are read whatever they look like. `lines` limits the findings
    to these lines of each file, counted from 1; there is no limit when it is None.
    """

    paths: tuple[str, ...] = WHOLE
    by_hand: bool = True
    lines: Mapping[str, frozenset[int]] | None = None

    def within(self, finding: Finding) -> bool:
        """Whether a finding is about a line that counts."""
        if self.lines is None:
            return True
        reached = range(finding.location.line, max(finding.location.end_line, finding.location.line) + 1)
        return not self.lines.get(finding.path, frozenset()).isdisjoint(reached)


def named(root: Path, paths: Sequence[str], deciding: Sequence[Path]) -> Extent:
    """What a hook was handed."""
    return Extent(WHOLE if decided(root, paths, deciding) else tuple(paths), by_hand=False)


def changed(root: Path, paths: Sequence[str], revision: str, deciding: Sequence[Path], *, lines: bool = False) -> Extent:
    """What differs from `revision`, of that what is under `paths`, which may be none for all of `root`."""
    from portscan.git.changes import changes  # a hook knows what has changed
    from portscan.git.running import work_tree_of

    found = changes(str(root), revision)
    if found is None:
        return Extent(tuple(paths) or WHOLE)
    top = work_tree_of(os.path.realpath(root)) or ""
    different = {os.path.relpath(path, os.path.realpath(root)): was for path, was in _different(top, found)}
    whole = decided(Path(os.path.realpath(root)), list(different), deciding)
    wanted = [path for path in different if _inside(os.path.normpath(path), [os.path.normpath(each) for each in paths or WHOLE])]
    return Extent(
        (tuple(paths) or WHOLE) if whole else tuple(wanted),
        by_hand=whole and bool(paths),
        lines=_changed_lines(root, {path: different[path] for path in wanted}) if lines else None,
    )


def decided(root: Path, paths: Sequence[str], deciding: Sequence[Path]) -> bool:
    """Whether one of the `deciding` files, or a file in such a directory, is among `paths`."""
    tops = [os.path.realpath(path) for path in deciding]
    return any(_inside(os.path.realpath(os.path.join(root, path)), tops) for path in paths)


def deciding(root: Path, top: Path, registry: Path, config: Config) -> tuple[Path, ...]:
    """The files and directories in which it is decided what is reported."""
    own = (config.file, *(config.file.parent / name for name in (LOCK, *config.extend_rules))) if config.file else ()
    return (root / registry, config.baseline_file(top), *own)


def _inside(path: str, tops: Sequence[str]) -> bool:
    """Whether `path` is one of `tops` or lies in it; both are normal, and nothing relative lies above the top `.`."""
    return any(path == top or path.startswith(os.path.join(top, "")) or (top == "." and path[:2] != "..") for top in tops)


def _different(top: str, found: Sequence[Change]) -> Iterator[tuple[str, tuple[str | None, bytes]]]:
    """The files whose contents are not what they were, with what they were and are. A time stamp alone is no change."""
    for change in found:
        file = Path(top, change.path)
        if file.is_file() and not file.is_symlink():
            data = file.read_bytes()
            if change.before not in (_object(data, change.before), _object(data.replace(b"\r\n", b"\n"), change.before)):
                yield str(file), (change.before, data)


def _object(data: bytes, like: str | None) -> str:
    """The name that git gives to contents, by the method that made the name `like`."""
    from hashlib import sha1, sha256

    method = sha256 if len(like or "") == 2 * sha256().digest_size else sha1
    return method(b"blob %d\0%b" % (len(data), data)).hexdigest()


def _changed_lines(root: Path, different: Mapping[str, tuple[str | None, bytes]]) -> Mapping[str, frozenset[int]]:
    from portscan.git.objects import objects

    held = objects(str(root), (before for before, _ in different.values() if before))
    return {path: added(held.get(before or "", b""), data) for path, (before, data) in different.items()}


def added(before: bytes, after: bytes) -> frozenset[int]:
    """The numbers of the lines of `after` that are new or different."""
    from difflib import SequenceMatcher

    old, new = before.splitlines(), after.splitlines()
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if len(new) - start - end > MOST_COMPARED:
        return frozenset(range(start + 1, len(new) - end + 1))
    matcher = SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end], autojunk=False)
    spans = (range(first, last) for tag, _, _, first, last in matcher.get_opcodes() if tag in ("insert", "replace"))
    return frozenset(start + 1 + index for span in spans for index in span)
