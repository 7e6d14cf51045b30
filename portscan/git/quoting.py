"""Where in the tracked files some texts stand, word by word."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from portscan.git.running import NoGit, finished, started, work_tree_of
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST = 10_000  # lines that are looked at
QUIETLY = ("-n", "-z", "-I", "-F", "--no-color", "--no-textconv", "--no-recurse-submodules", "--full-name")


class Quote(NamedTuple):
    """A line of a file; its path is seen from the top of the work tree."""

    path: str
    line: int
    text: str


def quotes(directory: str, texts: Iterable[str], without: Iterable[str]) -> tuple[Quote, ...]:
    """The lines of the repository that hold one of the `texts`, but for files that patterns name; none where git cannot say."""
    work_tree, wanted = work_tree_of(directory), [word for text in sorted(set(texts)) for word in ("-e", text)]
    if work_tree is None or not wanted:
        return ()
    paths = (":/", *(f":(top,exclude,icase){pattern}" for pattern in without))
    try:
        output = finished(started(directory, work_tree, "grep", *QUIETLY, *wanted, "--", *paths))
    except NoGit:
        return ()
    return () if isinstance(output, str) else tuple(islice(_read(output), MOST))


def _read(output: bytes) -> Iterator[Quote]:
    for record in output.decode("utf-8", "surrogateescape").split("\n"):
        path, line, text = (*record.split("\0", 2), "", "")[:3]
        if line.isdigit():
            yield Quote(path, int(line), text)
