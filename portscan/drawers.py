"""Many things in one file, of which each run needs a few: their list is looked through, and a thing when it is sought.

The list and each of the things has a checksum of its own. What is damaged is as good as not there.
"""

import os
from marshal import dumps, loads
from zlib import crc32

TYPE_CHECKING = False  # `typing` is loaded by nobody who only searches
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

MAGIC = b"portscan drawers 1\n"
SAME_EVERYWHERE = 2  # the form of marshal whose bytes depend on the content alone


class Opened:
    """A file that is cut like its bytes: of what nobody asks for nothing is read, and nothing held.

    Processes that share its handle do not disturb each other. It stays what it was when it was opened, since what is kept is
    replaced and never changed.
    """

    __slots__ = ("handle",)

    def __init__(self, handle: int) -> None:
        self.handle = handle

    def __getitem__(self, part: slice) -> bytes:
        try:
            return os.pread(self.handle, part.stop - part.start, part.start)
        except OSError:
            return b""

    def __del__(self, close: "Callable[[int], None]" = os.close) -> None:
        close(self.handle)


class Drawers:
    """The things of a file by their names, which are plain data. `about` is what all of them depend on."""

    __slots__ = ("about", "begin", "data", "listed")

    def __init__(self, data: bytes | Opened) -> None:
        """Look the list through; a `ValueError`, `EOFError` or `TypeError` when it is none that can be trusted."""
        head = len(MAGIC)
        begun = data[0 : head + 8]
        length, checksum = (int.from_bytes(begun[at : at + 4], "big") for at in (head, head + 4))
        self.data = data
        self.begin = head + 8 + length
        listed = data[head + 8 : self.begin] if begun.startswith(MAGIC) else b""
        if crc32(listed) != checksum:
            raise ValueError
        self.about, self.listed = loads(listed)  # noqa: S302  (see the checksum)

    def get(self, name: object, default: "Any" = None) -> "Any":
        """A thing, if it is there and whole."""
        found = self.bytes_of(name)
        return default if found is None else loads(found)  # noqa: S302  (see the checksum)

    def __getitem__(self, name: object) -> "Any":
        found = self.bytes_of(name)
        if found is None:
            raise KeyError(name)
        return loads(found)  # noqa: S302  (see the checksum)

    def __contains__(self, name: object) -> bool:
        return name in self.listed

    def __iter__(self) -> "Iterator[Any]":
        return iter(self.listed)

    def __len__(self) -> int:
        return len(self.listed)

    def bytes_of(self, name: object) -> bytes | None:
        """A thing as it is kept."""
        at = self.listed.get(name)
        if at is None:
            return None
        begin, length, checksum = at
        found = self.data[self.begin + begin : self.begin + begin + length]
        return found if crc32(found) == checksum else None


def filled(about: str | bytes | None, things: "Mapping[Any, Any]", before: "Drawers | None" = None) -> bytes:
    """The bytes of a file with these `things`, and those from `before` whose names are not among them."""
    listed, parts, begin = {}, [], 0
    kept = ((name, before.bytes_of(name)) for name in before if name not in things) if before else ()
    for name, data in (*kept, *((name, dumps(thing, SAME_EVERYWHERE)) for name, thing in things.items())):
        if data is not None:
            listed[name] = (begin, len(data), crc32(data))
            parts.append(data)
            begin += len(data)
    head = dumps((about, listed), SAME_EVERYWHERE)
    return b"".join((MAGIC, len(head).to_bytes(4, "big"), crc32(head).to_bytes(4, "big"), head, *parts))


VACANT = Drawers(filled(None, {}))
