"""From the parser's events to a tree, without recursion and within bounds that no alias can break."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

from portscan.document.nodes import Entry, Mapping, Node, Scalar, Sequence
from portscan.document.syntax import events
from portscan.document.text import DocumentError, quoted
from portscan.records import dataclass, field

# With all aliases written out. The largest honest registry has some tens of thousands of nodes.
MOST_NODES: Final = 100_000
DEEPEST: Final = 40
MOST_FLAWS: Final = 500
_MERGE: Final = "<<"
_CORE: Final = "tag:yaml.org,2002:"
_TEXT_TAGS: Final = frozenset({f"{_CORE}str", "!"})


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet: its children so far, keys and values in turn."""

    mapping: bool
    start: int
    anchor: str | None
    tag: str = ""
    children: list[Node] = field(default_factory=list)
    weight: int = 1
    height: int = 0


@dataclass(slots=True)
class _Composer:
    """The state of one run over the events."""

    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    flaws: list[DocumentError] = field(default_factory=list)
    root: Node | None = None
    documents: int = 0

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise DocumentError("A second document starts here.", "Keep one document in the file.", event.start_mark.index)

    def sequence(self, event: Any) -> None:
        self._open(event, mapping=False)

    def mapping(self, event: Any) -> None:
        self._open(event, mapping=True)

    def end_sequence(self, event: Any) -> None:
        top = self.stack.pop()
        self._add(Sequence(tuple(top.children), top.start, event.end_mark.index, top.weight, top.height + 1, top.tag), top.anchor)

    def end_mapping(self, event: Any) -> None:
        top = self.stack.pop()
        entries = MappingProxyType(_entries(top.children, self.flaws))
        self._add(Mapping(entries, top.start, event.end_mark.index, top.weight, top.height + 1, top.tag), top.anchor)

    def scalar(self, event: Any) -> None:
        tag = self._tag(event) or ""
        plain = tag not in _TEXT_TAGS if tag else event.style in (None, "")
        node = Scalar(event.value, event.start_mark.index, event.end_mark.index, plain, 1, 0, tag)
        if self.stack and not event.anchor:  # as most are: nothing is below it
            self._grown(self.stack[-1], node, node.start)
        else:
            self._add(node, event.anchor)

    def alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor in self.pending:
            raise DocumentError(
                f"The alias {quoted('*' + event.anchor)} stands inside its own anchor.", "Write the value out.", start, end
            )
        node = self.anchors.get(event.anchor)
        if node is None:
            raise DocumentError(
                f"No anchor {quoted('&' + event.anchor)} stands above this alias.", "Write the value out.", start, end
            )
        self._attach(node, start)

    def _open(self, event: Any, *, mapping: bool) -> None:
        tag = self._tag(event) or ""
        if len(self.stack) >= DEEPEST:
            raise _too_deep(event.start_mark.index)
        if event.anchor:
            self.pending.add(event.anchor)
        self.stack.append(_Open(mapping, event.start_mark.index, event.anchor, tag))

    def _tag(self, event: Any) -> str | None:
        if event.tag is None:
            return None
        tag = str(event.tag)
        if tag != "!" and not tag.startswith(_CORE):
            self.flaws.append(DocumentError(f"The tag {quoted(tag)} has no meaning here.", "Delete it.", event.start_mark.index))
        return tag

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = node
            self.pending.discard(anchor)
        self._attach(node, node.start)

    def _attach(self, node: Node, start: int) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        self._grown(top, node, start)
        top.height = max(top.height, node.height)
        if len(self.stack) + node.height > DEEPEST:
            raise _too_deep(start)

    def _grown(self, top: _Open, node: Node, start: int) -> None:
        """What is open has a node more."""
        top.children.append(node)
        top.weight += node.weight
        if top.weight > MOST_NODES:
            raise DocumentError(
                f"The file holds more than {MOST_NODES:,} values, aliases written out.", "Use fewer aliases.", start
            )


_HANDLERS: Final = {
    "DocumentStartEvent": _Composer.document,
    "SequenceStartEvent": _Composer.sequence,
    "MappingStartEvent": _Composer.mapping,
    "SequenceEndEvent": _Composer.end_sequence,
    "MappingEndEvent": _Composer.end_mapping,
    "ScalarEvent": _Composer.scalar,
    "AliasEvent": _Composer.alias,
}


def compose(text: str, *, patient: bool = False) -> tuple[Node | None, tuple[DocumentError, ...]]:
    """The tree of `text` (none for an empty file) and its flaws: repeated keys, tags, unmergeable merges."""
    composer = _Composer()
    for event in events(text, patient=patient):
        # The events of the stream itself, and the ends of documents, have nothing to add.
        take = _HANDLERS.get(type(event).__name__)
        if take:
            take(composer, event)
    return composer.root, tuple(composer.flaws[:MOST_FLAWS])


def _too_deep(start: int) -> DocumentError:
    return DocumentError(f"Values are nested more than {DEEPEST} levels deep here.", "Flatten them.", start)


def _entries(children: list[Node], flaws: list[DocumentError]) -> dict[str, Entry]:
    """The entries of a mapping, the first of repeated keys, with merged mappings behind its own keys."""
    own: dict[str, Entry] = {}
    merged: list[Entry] = []
    for key, value in zip(children[::2], children[1::2], strict=True):
        if not isinstance(key, Scalar):
            raise DocumentError("A key must be plain text.", "Put a template such as {{ name }} in quotes.", key.start)
        if key.text == _MERGE and key.plain:
            merged += _merged(key, value, flaws)
        elif key.text in own:
            flaws.append(
                DocumentError(
                    f"The key {quoted(key.text)} is written twice in the same mapping.", "Keep one of them.", key.start, key.end
                )
            )
        else:
            own[key.text] = Entry(key, value)
    for entry in merged:
        own.setdefault(entry.key.text, entry)
    return own


def _merged(key: Scalar, value: Node, flaws: list[DocumentError]) -> Iterator[Entry]:
    for source in value.items if isinstance(value, Sequence) else (value,):
        if isinstance(source, Mapping):
            yield from source.entries.values()
        else:
            flaws.append(DocumentError("`<<` can merge mappings only.", "Name an anchor of a mapping.", key.start, key.end))
