"""A document as the rest of the tool sees it: its values, the place of every path, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from portscan.document.compose import compose
from portscan.document.nodes import Entry, Mapping, Node, Path, Scalar, Sequence, plain, stretch
from portscan.document.text import DocumentError, Lines, Problem, decode
from portscan.model import Location
from portscan.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file. `root` is none when nothing could be read, or nothing stands there."""

    text: str
    root: Node | None
    problems: tuple[Problem, ...] = ()
    lines: Lines = field(default_factory=lambda: Lines((0,)), repr=False)

    @property
    def empty(self) -> bool:
        """Whether there is no value at all: nothing, nothing but comments, or an explicit null."""
        return self.root is None or (isinstance(self.root, Scalar) and self.root.value is None)

    def data(self) -> Any:
        """The values as dictionaries, lists, text and numbers."""
        return None if self.root is None else plain(self.root)

    def node(self, path: Path) -> Node | None:
        """What stands at `path`, or none."""
        found = self._step(path)
        return found.value if isinstance(found, Entry) else found

    def place(self, path: Path) -> Location:
        """The place to point at for `path`: the key of a mapping's entry, the item of a list, the top for the top.

        Where the path leads nowhere, the nearest place above it that exists.
        """
        found = self._step(path)
        if found is None:
            return self.place(path[:-1]) if path else Location(1, 1, 1, 1)
        return self.lines.location(*stretch(found.key if isinstance(found, Entry) else found))

    def written(self, path: Path) -> str | None:
        """The text of the value at `path` as it is written, if it is a single value."""
        node = self.node(path)
        return node.text if isinstance(node, Scalar) else None

    def _step(self, path: Path) -> Entry | Node | None:
        here: Entry | Node | None = self.root
        for part in path:
            node = here.value if isinstance(here, Entry) else here
            if isinstance(node, Mapping) and isinstance(part, str):
                here = node.entries.get(part)
            elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
                here = node.items[part]
            else:
                return None
        return here


def parse(data: bytes, *, patient: bool = False) -> Document:
    """The document in `data`. It never raises: what cannot be read is a problem of the document.

    A `patient` parser is much slower, and reads what only the newer YAML allows.
    """
    try:
        text = decode(data)
    except DocumentError as fault:
        lines = Lines.of(data.decode("utf-8-sig", "replace")) if fault.start else Lines((0,))
        return Document("", None, (_problem(fault, lines),))
    lines = Lines.of(text)
    try:
        root, flaws = compose(text, patient=patient)
    except DocumentError as fault:
        return Document(text, None, (_problem(fault, lines),), lines)
    return Document(text, root, tuple(_problem(flaw, lines) for flaw in flaws), lines)


def _problem(fault: DocumentError, lines: Lines) -> Problem:
    return Problem(fault.message, lines.location(fault.start, fault.end), fault.help)
