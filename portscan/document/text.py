"""From bytes to text, and from offsets in the text to lines and columns."""

from __future__ import annotations

import codecs
from bisect import bisect_right

from portscan.expressions import compiled
from portscan.model import Location
from portscan.records import dataclass

# A megabyte holds some thousand services; whatever is larger is not a file of ours, and would take long to read.
LARGEST = 1_000_000
LONGEST_QUOTE = 60

_WIDE = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_LINE_END = compiled(r"\r\n|\n|\r")


class DocumentError(Exception):
    """Why a document cannot be read, with the offsets (in characters) of the text that is to blame."""

    def __init__(self, message: str, advice: str = "", start: int = 0, end: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = advice
        self.start = start
        self.end = start if end is None else end


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a document, in one line for people. `rank` orders problems of one place, the telling one first."""

    message: str
    location: Location
    help: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Lines:
    """The offsets at which the lines of a text begin."""

    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Lines:
        """The lines of `text` as editors count them, whatever the line ends."""
        return cls((0, *(match.end() for match in _LINE_END.finditer(text))))

    def location(self, start: int, end: int) -> Location:
        """The place of the characters from `start` up to `end`."""
        first, last = bisect_right(self.starts, start), bisect_right(self.starts, end)
        return Location(first, start - self.starts[first - 1] + 1, last, end - self.starts[last - 1] + 1)


def decode(data: bytes) -> str:
    """The text of a UTF-8 file, without its byte order mark; a `DocumentError` for every other kind of file."""
    if len(data) > LARGEST:
        raise DocumentError(
            f"The file is larger than {LARGEST // 10**6} MB, which is as much as is read.", "Is it the right file?"
        )
    for mark, name in _WIDE:
        if data.startswith(mark):
            raise DocumentError(f"The file is written in {name}.", "Save it as UTF-8.")
    if b"\x00" in data:
        raise DocumentError("The file holds zero bytes: it is no text, or UTF-16.", "Save it as UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # With a byte order mark the codec counts from behind it, and so do we.
        before, byte = error.object[: error.start], error.object[error.start]
        offset = len(before.decode("utf-8"))
        message = f"Byte 0x{byte:02X} is not UTF-8."
        raise DocumentError(message, "Save the file as UTF-8.", offset, offset + 1) from None


def quoted(value: object) -> str:
    """`value` between backticks, on one line and not too long, fit to be shown whatever it holds."""
    text = value if isinstance(value, str) else str(value)
    if len(text) > LONGEST_QUOTE:
        text = text[: LONGEST_QUOTE - 1] + "…"
    visible = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)
    return f'"{visible}"' if "`" in visible else f"`{visible}`"
