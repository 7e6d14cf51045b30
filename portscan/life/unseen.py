"""Where the number of a port that moves stands as a word, without anything that says that it is a port."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from portscan.files.contents import read
from portscan.judge.past import past
from portscan.life.usage import paths_of
from portscan.pipeline.entries import deciding, decoded, listed, unknown
from portscan.source import Source, may_hold
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from portscan.life.moves import Move
    from portscan.pipeline.surveys import Survey
    from portscan.workspace import Workspace


class Unseen(NamedTuple):
    """A line with such a number."""

    path: str
    line: int
    port: int


def unseen(work: Workspace, moves: Sequence[Move], survey: Survey) -> Iterator[Unseen]:
    """The lines on which an old port stands where the survey found no literal, but for files that tell of the past."""
    ports = "|".join(str(move.endpoint.port) for move in moves)
    # In a longer number, a name, a colour, a date or an identifier, the digits are no port.
    word = re.compile(rf"(?<![\w.#])(?<!\w-)(?:{ports})(?!\w|[.-]\w)")
    known = {(each.literal.path, each.literal.span.start) for each in survey.judged}
    found = listed(work.root, paths_of(work), work.config)
    for entry in unknown(found, deciding(work.root, work.registry, work.config)):
        data = read(entry) if not past(entry.path, document=True) else None
        source = decoded(entry.path, data) if isinstance(data, bytes) and may_hold(ports.encode(), data) else None
        if isinstance(source, Source):
            yield from dict.fromkeys(_in(source, word, {start for path, start in known if path == entry.path}))


def _in(source: Source, word: re.Pattern[str], known: set[int]) -> Iterator[Unseen]:
    for match in word.finditer(source.text):
        if source.byte_span(*match.span()).start not in known:
            yield Unseen(source.path, source.location(*match.span()).line, int(match[0]))
