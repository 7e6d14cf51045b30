"""A file as text, and the way back from its characters to its bytes. The first stage of the road.

Parsers count characters, UTF-8 bytes or something in between; edits happen in the bytes on disk. `Source` is the only
place that knows how the two relate: byte order marks, encodings wider than ASCII and characters beyond the basic plane.
"""

from __future__ import annotations

import codecs
import sys
from array import array
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from portscan.errors import UserError
from portscan.expressions import compiled, compiled_bytes
from portscan.model import Location, Reason, Skipped, Span
from portscan.records import dataclass, field
from portscan.text import placed

# UTF-32 stands first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SMALLEST_CHARACTER = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}

# What a coding line may ask for. All are supersets of ASCII without shift states, so that a character's bytes do not
# depend on what stands before it; `utf-7`, `iso-2022-jp` or `unicode_escape` could not be mapped back to bytes.
DECLARABLE = frozenset(
    (
        *("ascii", "utf-8", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
        *("shift_jis", "cp932", "euc_jp", "gb2312", "gbk", "gb18030", "big5", "euc_kr", "cp949"),
        *(f"iso8859-{n}" for n in range(1, 17) if n != 12),
        *(f"cp{n}" for n in (437, 850, 852, 855, 866, *range(1250, 1259))),
    )
)
CODING_LINE = compiled_bytes(rb"\A(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")

CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
ONE_MORE = (1).__add__  # the line end, without a call of Python's for each line
LINE_END = compiled(r"\r\n|\r|\n")
STEP = 1024
BLOCK = 1 << 16  # characters of which the lines are told at once


class _Index:
    """What is worked out about a source only when somebody asks, and then once."""

    def __init__(self, text: str, data: bytes, encoding: str, bom: int) -> None:
        self.text = text
        self.data = data
        self.encoding = encoding
        self.bom = bom
        self.latest = 0, ""  # the line that was asked for last, which may be long and hold very many ports

    @cached_property
    def line_starts(self) -> array[int]:
        """The character offset of each line, block by block: the lines of a long text, all at once, take more than it does."""
        starts, reached = placed((0,)), 0
        if "\r" in self.text:
            starts.extend(end.end() for end in LINE_END.finditer(self.text))
            return starts
        while reached < len(self.text):
            end = self.text.find("\n", reached + BLOCK) + 1 or len(self.text)
            lengths = map(ONE_MORE, map(len, self.text[reached:end].split("\n")))
            starts.extend(list(accumulate(lengths, initial=reached))[1:-1])
            reached = end
        return starts

    @cached_property
    def width(self) -> int:
        """The number of bytes of every character, or 0 when they differ."""
        smallest = SMALLEST_CHARACTER.get(self.encoding, 1)
        return smallest if smallest * len(self.text) == len(self.data) - self.bom else 0

    @cached_property
    def checkpoints(self) -> list[int]:
        """Where every `STEP`-th character begins: no look-up encodes more than `STEP` of them, however long the line."""
        blocks = (self.text[i : i + STEP] for i in range(0, len(self.text), STEP))
        return list(accumulate((len(block.encode(self.encoding)) for block in blocks), initial=self.bom))

    def line(self, number: int) -> str:
        """Line `number`, counted from 1, without its line end; empty where there is no such line."""
        latest = self.latest
        if latest[0] != number:
            starts = self.line_starts
            there = 1 <= number <= len(starts)
            end = starts[number] if number < len(starts) else len(self.text)
            self.latest = latest = number, self.text[starts[number - 1] : end].rstrip("\r\n") if there else ""
        return latest[1]

    def to_byte(self, offset: int) -> int:
        """The byte at which the character at `offset` begins."""
        if self.width:
            return self.bom + offset * self.width
        block = offset // STEP
        return self.checkpoints[block] + len(self.text[block * STEP : offset].encode(self.encoding))

    def bytes_of(self, start: int, end: int) -> int:
        """How many bytes the characters from `start` to `end` take, which are few."""
        return (end - start) * self.width or len(self.text[start:end].encode(self.encoding))

    def to_character(self, byte: int) -> int:
        """The character that begins at the byte or holds it."""
        byte = max(byte, self.bom)
        if self.width:
            return (byte - self.bom) // self.width
        block = bisect_right(self.checkpoints, byte) - 1
        before = self.data[self.checkpoints[block] : byte].decode(self.encoding, "ignore")
        return min(block * STEP + len(before), len(self.text))


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: `text` is all of `data` but the byte order mark, with its line ends as they are.

    `path` is relative, with forward slashes, as shown to users. `bom` is the length of the mark in bytes. Offsets are
    in characters of `text` unless they are called bytes.
    """

    path: str
    data: bytes
    text: str
    encoding: str = "utf-8"
    bom: int = 0
    _index: _Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", _Index(self.text, self.data, self.encoding, self.bom))

    @property
    def lines(self) -> int:
        """How many lines there are; what follows the last line end counts, even when it is empty."""
        return len(self._index.line_starts)

    def byte_span(self, start: int, end: int) -> Span:
        """Where the characters from `start` to `end` stand in `data`."""
        index = self._index
        if index.width:
            return Span(index.bom + start * index.width, index.bom + end * index.width)
        begin = index.to_byte(start)
        return Span(begin, begin + index.bytes_of(start, end))

    def character(self, byte: int) -> int:
        """The offset in `text` of the character that begins at `byte` of `data`, or holds it."""
        return self._index.to_character(byte)

    def location(self, start: int, end: int) -> Location:
        """The lines and columns of the characters from `start` to `end`."""
        starts = self._index.line_starts
        line = bisect_right(starts, start)
        before = starts[line - 1] - 1
        if line < len(starts) and end >= starts[line]:
            return Location(line, start - before, *self._place(end))
        return Location(line, start - before, line, end - before)

    def line_number(self, offset: int) -> int:
        """The line of the character at `offset`, counted from 1."""
        return bisect_right(self._index.line_starts, offset)

    def line_start(self, number: int) -> int:
        """The offset of the first character of line `number`, counted from 1."""
        return self._index.line_starts[number - 1]

    def line_text(self, number: int) -> str:
        """Line `number`, counted from 1, without its line end; empty where there is no such line."""
        return self._index.line(number)

    def line_length(self, number: int) -> int:
        """The characters of line `number`, with its line end; 0 where there is no such line."""
        starts = self._index.line_starts
        if not 1 <= number <= len(starts):
            return 0
        return (starts[number] if number < len(starts) else len(self.text)) - starts[number - 1]

    def _place(self, offset: int) -> tuple[int, int]:
        starts = self._index.line_starts
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1


def may_hold(pattern: bytes, data: bytes) -> bool:
    """Whether bytes match a pattern of ASCII. Where characters may be wider than a byte they may hold anything."""
    return b"\0" in data or compiled_bytes(pattern).search(data) is not None


def standard_input(name: str) -> Source:
    """The text on standard input, under the name that it has, or is to have, on the disk."""
    source = decode(name, sys.stdin.buffer.read())
    if isinstance(source, Skipped):
        raise UserError(f"standard input cannot be read: {source.reason}", "Give it a text.")
    return source


def decode(path: str, data: bytes) -> Source | Skipped:
    """`data` as text, or why it is none.

    The encoding is that of the byte order mark, else that of a PEP 263 coding line, else UTF-8. Text that is none of
    these is taken for Latin-1, which gives every byte a character: in the encodings that people forget to declare the
    digits are ASCII, so that ports are found where they stand even if the letters around them look odd.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strictly(path, data, encoding, len(mark))
    if b"\0" in data:
        return Skipped(path, Reason("binary file"))
    declared = _declared(data)
    if declared:
        return _strictly(path, data, declared, 0)
    return _undeclared(path, data)


def _strictly(path: str, data: bytes, encoding: str, bom: int) -> Source | Skipped:
    try:
        text = data[bom:].decode(encoding)
    except UnicodeDecodeError as error:
        return Skipped(path, Reason(f"not valid {encoding.upper()} (byte {bom + error.start})"))
    if "\0" in text:  # no text starts with a mark and holds a NUL; a font or an image may
        return Skipped(path, Reason("binary file"))
    return Source(path, data, text, encoding, bom)


def _declared(data: bytes) -> str | None:
    """The encoding that a coding line in the first two lines names, if it is one that can be mapped back to bytes."""
    match = CODING_LINE.match(data[:1024])
    if match is None:
        return None
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
    except (LookupError, UnicodeDecodeError):
        return None
    return name if name in DECLARABLE else None


def _undeclared(path: str, data: bytes) -> Source | Skipped:
    try:
        return Source(path, data, data.decode("utf-8"))
    except UnicodeDecodeError:
        if len(data.translate(None, CONTROLS)) < len(data):
            return Skipped(path, Reason("neither UTF-8 nor text in another encoding"))
        return Source(path, data, data.decode("iso8859-1"), "iso8859-1")
