"""A move of ports as one plan over all files: registry, literals, pins, published ports, and what is generated of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portscan.edit import NewFile, applied, by_path
from portscan.errors import UserError
from portscan.life import registrar
from portscan.life.baselined import baseline_beside
from portscan.life.inside import follows
from portscan.life.moves import Move
from portscan.life.rewriting import Left, Rewrite, edits_of, failures, sorted_out
from portscan.life.unseen import Unseen, unseen
from portscan.life.usage import resurveyed
from portscan.life.window import published_twice
from portscan.records import dataclass, replace
from portscan.registry import acts

if TYPE_CHECKING:
    from portscan.life.registrar import Draft
    from portscan.pipeline.surveys import Survey
    from portscan.workspace import Workspace

TOGETHER = (
    "Nothing keeps the port that `{0.label}` listens on from the one by which it is reached: both moved, and --container keep is "
    "without effect."
)
ROUNDS = 4  # each drops what failed; what is left after these is not understood


@dataclass(frozen=True, slots=True)
class Migration:
    """All files as they would be, what follows in them, and what is left to people.

    In places that are `unseen` an old number stands where nothing says that it is a port.
    """

    draft: Draft
    files: tuple[NewFile, ...]
    rewrites: tuple[Rewrite, ...]
    left: tuple[Left, ...]
    remarks: tuple[str, ...] = ()
    unseen: tuple[Unseen, ...] = ()


def planned(work: Workspace, before: Survey, moves: Sequence[Move], *, keep: int = 0, container: str | None = None) -> Migration:
    """The plan of the moves in a repository as it was read.

    The old ports may be used for `keep` more days; `container` is "keep" or "follow", or is decided for each service.
    """
    following = {move.endpoint.service: follows(work, move, before, container) for move in moves}
    data = registrar.values(work)
    until = work.today + timedelta(days=keep) if keep else work.today - timedelta(days=1)
    changes = [
        change
        for move in moves
        for change in (
            *acts.moved(data, move.endpoint, move.port, until, container=not following[move.endpoint.service]),
            *(acts.amended(data, move.endpoint.service, {"stack": move.stack}, ()) if move.stack else ()),
        )
    ]
    draft = registrar.drafted(work, changes)
    rewrites, left = sorted_out(before.judged, moves, following)
    then = replace(work, config=replace(work.config, pins=_pins(work, moves)))
    rewrites, contents, more = _verified(then, draft, before, rewrites)
    remarks = [TOGETHER.format(move) for move in moves if container == "keep" and following[move.endpoint.service]]
    if keep and not any(name == "compose" for name, _ in work.config.generate):
        for move in moves:
            contents, remark = published_twice(move, rewrites, contents)
            remarks += remark
    files = _with_generated(work, draft, _files(work, draft, contents, before.sources, moves))
    files = (*files, *baseline_beside(then, draft.registry, files, before))
    return Migration(draft, files, rewrites, (*left, *more), tuple(remarks), tuple(unseen(work, moves, before)))


def _verified(
    then: Workspace, draft: Draft, before: Survey, rewrites: tuple[Rewrite, ...]
) -> tuple[tuple[Rewrite, ...], dict[str, bytes], tuple[Left, ...]]:
    """The rewrites that hold when the files are read again by the new registry, the files with them, and the others."""
    left: list[Left] = []
    for _ in range(ROUNDS):
        edits = tuple(edits_of(rewrites, before.sources))
        contents = {path: applied(before.sources[path], group) for path, group in by_path(edits)}
        bad = failures(rewrites, edits, resurveyed(then, draft.registry, contents).judged)
        if not bad:
            return rewrites, contents, tuple(left)
        left += [Left(each.literal, "does not hold with the new number when the file is read again") for each in bad]
        rewrites = tuple(each for each in rewrites if each not in bad)
    raise UserError("the files do not settle down with the new ports", "Nothing was changed. Move one service at a time.")


def _files(
    work: Workspace, draft: Draft, contents: Mapping[str, bytes], sources: Mapping[str, bytes], moves: Sequence[Move]
) -> tuple[NewFile, ...]:
    literal_files = (NewFile(path, sources[path], after) for path, after in sorted(contents.items()))
    return (draft.file, *literal_files, *_configured(work, moves))


def _pins(work: Workspace, moves: Sequence[Move]) -> tuple[Any, ...]:
    """The pins of the configuration, with the new numbers."""
    return tuple(
        replace(pin, port=next((m.port for m in moves if _pinned(pin.service, pin.port, m)), pin.port))
        for pin in work.config.pins
    )


def _pinned(service: str, port: int, move: Move) -> bool:
    return service in (move.endpoint.service, move.endpoint.variable) and port == move.endpoint.port


def _configured(work: Workspace, moves: Sequence[Move]) -> Iterator[NewFile]:
    """The configuration with the numbers of its pins moved."""
    from os.path import relpath
    from pathlib import Path

    file = work.config.file
    if file is None or work.config.pins == _pins(work, moves):
        return
    data = file.read_bytes()
    path = Path(relpath(file, work.root)).as_posix()
    yield NewFile(path, data, _repinned(data.decode("utf-8"), moves).encode("utf-8"))


def _repinned(text: str, moves: Sequence[Move]) -> str:
    parts = re.split(r"(?m)^(?=[ \t]*\[)", text)
    return "".join(_table(part, moves) if re.match(r"[ \t]*\[\[[^\]]*pin\]\]", part) else part for part in parts)


def _table(part: str, moves: Sequence[Move]) -> str:
    for move in moves:
        names = "|".join(map(re.escape, (move.endpoint.service, move.endpoint.variable)))
        if re.search(rf"(?m)^[ \t]*service\s*=\s*[\"'](?:{names})[\"']", part):
            part = re.sub(rf"(?m)^([ \t]*port\s*=\s*){move.endpoint.port}\b", rf"\g<1>{move.port}", part)
    return part


def _with_generated(work: Workspace, draft: Draft, files: tuple[NewFile, ...]) -> tuple[NewFile, ...]:
    """The files, and those that `portscan sync` makes of the new registry, where it has made any before."""
    made = (file for file in registrar.sync(work, draft) if file.before is not None or work.config.generate)
    return registrar.together(files, made)
