"""The files of a repository as the checks of this package see them: listed once, read when asked for, and then kept."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from portscan.connectivity.bounds import Budget
from portscan.document.document import Document, parse
from portscan.document.packing import packed, unpacked
from portscan.document.text import decode as text_of
from portscan.records import dataclass, field, replace
from portscan.source import Source, decode, may_hold

if TYPE_CHECKING:
    from portscan.cache.works import Remembered

Read = Callable[[str], "bytes | None"]
Search = Callable[[str, bytes], bool]
Ask = Callable[[bytes], Any]
Recall = Callable[[str, str, Ask], Any]
LARGEST = 1_000_000
BEHIND = chr(ord("/") + 1)  # what follows all that begins with a slash


@dataclass(frozen=True)
class World:
    """The repository. `paths` are relative to where portscan works; `bytes_of` gives a file's contents, None for none.

    `called` is the name of the directory that portscan works in, `instead` holds files as they would be after a fix. `search`
    tells whether a file matches a pattern, `recall` what is read out of it, for those who remember what was asked, and `works`
    what was made of several files. `looked` hears of each file that is looked for, and `budget` is what reading it may cost.
    """

    paths: frozenset[str]
    bytes_of: Read
    called: str = ""
    instead: Mapping[str, bytes] = field(default_factory=dict)
    search: Search | None = field(default=None, compare=False, repr=False)
    recall: Recall | None = field(default=None, compare=False, repr=False)
    works: Remembered | None = field(default=None, compare=False, repr=False)
    looked: Callable[[str], object] | None = field(default=None, compare=False, repr=False)
    budget: Budget = field(default_factory=Budget, compare=False, repr=False)
    _sources: dict[str, Source | None] = field(default_factory=dict, compare=False, repr=False)
    _documents: dict[str, Document | None] = field(default_factory=dict, compare=False, repr=False)

    def __contains__(self, path: str) -> bool:
        self._look(path)
        return path in self.paths

    def watched(self, looked: Callable[[str], object]) -> World:
        """The same repository, for one whose files are to be known."""
        return replace(self, looked=looked)

    @cached_property
    def ordered(self) -> tuple[str, ...]:
        """The paths, sorted."""
        return tuple(sorted(self.paths))

    def _look(self, path: str) -> None:
        if self.looked is not None:
            self.looked(path)

    def data(self, path: str) -> bytes | None:
        """The bytes of a file that was listed."""
        if path in self.instead:
            return self.instead[path]
        return self.bytes_of(path) if path in self.paths else None

    def holds(self, path: str, pattern: bytes) -> bool:
        """Whether the bytes of a file match a pattern; what is no plain text may hold anything.

        Whoever asks this before the contents is not asked again when a file changes in other respects.
        """
        if path in self.paths and path not in self.instead and self.search is not None:
            return self.search(path, pattern)
        data = self.data(path)
        return data is not None and may_hold(pattern, data)

    def said(self, path: str, question: str, ask: Ask) -> Any:
        """What `ask` reads out of the contents of a file, in plain data that may be remembered; None where there is no file.

        What is read must depend on nothing but the contents and the path. `question` is what it is called.
        """
        if path in self.paths and path not in self.instead and self.recall is not None:
            return self.recall(path, question, ask)
        data = self.data(path)
        return None if data is None else ask(data)

    def source(self, path: str) -> Source | None:
        """The text of a file; None for one that was not listed, is no text, or is too large to be a configuration."""
        self._look(path)
        if path not in self._sources:
            data = self.data(path)
            self._sources[path] = None if data is None else source_of(path, data)
        return self._sources[path]

    def text(self, path: str) -> str | None:
        """The text of a file, if it has one."""
        source = self.source(path)
        return source.text if source else None

    def document(self, path: str) -> Document | None:
        """A YAML file as a document; None where the parser refuses it, or nothing is in it."""
        self._look(path)
        if path not in self._documents:
            self._documents[path] = self._document(path)
        return self._documents[path]

    def _document(self, path: str) -> Document | None:
        if self.recall is None:
            data = self.data(path)
            return None if data is None else _document(data)
        parsed: list[Document] = []  # what is read now need not be unpacked
        known = self.said(path, "document", lambda data: _packed(data, parsed))
        if parsed or not known:
            return next(iter(parsed), None)
        return Document(text_of(self.data(path) or b""), unpacked(known))

    def with_files(self, changed: Mapping[str, bytes]) -> World:
        """The repository as it would be; what does not change is not read again."""
        sources = {path: source for path, source in self._sources.items() if path not in changed}
        documents = {path: found for path, found in self._documents.items() if path not in changed}
        instead = MappingProxyType({**self.instead, **changed})
        return replace(self, instead=instead, budget=Budget(), _sources=sources, _documents=documents)


def source_of(path: str, data: bytes) -> Source | None:
    """The contents of a file as text, unless they are none or too large."""
    found = decode(path, data) if len(data) <= LARGEST else None
    return found if isinstance(found, Source) else None


def _packed(data: bytes, parsed: list[Document]) -> bytes:
    """The tree of a document, ready to be remembered, with the document itself put into `parsed`; nothing where there is none."""
    document = _document(data)
    if document is None or document.root is None:
        return b""
    parsed.append(document)
    return packed(document.root)


def _document(data: bytes) -> Document | None:
    """What the quick parser reads, else what the patient one does, which knows YAML 1.2: `ports: [80:80]`."""
    found = parse(data)
    if found.root is None and found.problems:
        found = parse(data, patient=True)
    return found if found.root is not None else None


def among(paths: Sequence[str], folder: str) -> Sequence[str]:
    """The sorted paths in a folder, whatever lies below it; all of them for the top."""
    if folder in (".", ""):
        return paths
    return paths[bisect_left(paths, f"{folder}/") : bisect_left(paths, f"{folder}{BEHIND}")]
