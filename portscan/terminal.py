"""What is shown at the terminal: streams, colours, and text made harmless first."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from io import BufferedWriter, FileIO, StringIO, TextIOWrapper
from typing import TYPE_CHECKING, Literal, TextIO, TypeAlias

from portscan.errors import UserError
from portscan.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from _typeshed import ReadableBuffer

When: TypeAlias = Literal["auto", "always", "never"]
Detail: TypeAlias = Literal["quiet", "usual", "verbose"]
Style: TypeAlias = Literal["error", "warning", "note", "path", "code", "dim", "help", "good", "bold"]

SEQUENCES: Mapping[Style, str] = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "path": "1;4",
    "code": "1",
    "dim": "2",
    "help": "32",
    "good": "1;32",
    "bold": "1",
}
NARROWEST, USUAL = 40, 80

# Printable for all purposes, though `str.isprintable` counts them out: spaces of CJK text, and the joiner inside emoji.
HARMLESS = frozenset("\u00a0\u2009\u202f\u3000\u200d")
NAMED = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


@dataclass(frozen=True, slots=True)
class Streams:
    """Where a command writes: `out` for what was asked for, `err` for remarks; `width` is in terminal cells.

    `detail` is how much people want to read of what is for people.
    """

    out: TextIO
    err: TextIO
    color: bool = False
    width: int = USUAL
    detail: Detail = "usual"


def open_streams(
    color: When = "auto",
    detail: Detail = "usual",
    *,
    out: TextIO | None = None,
    err: TextIO | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Streams:
    """The standard streams, as UTF-8 whatever the locale says, with colours where they are wanted and understood."""
    # A closed stream is None; what would go there is thrown away.
    out = out or _patient("stdout") or StringIO()
    err = err or _patient("stderr") or StringIO()
    for stream in (out, err):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    return Streams(out, err, _colored(color, out, environ), width_of(out, environ), detail)


class _Patient(FileIO):
    """A descriptor that another program may have set not to block: it waits for room, while Python drops what finds none."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write everything: whoever writes without a buffer does not look how much it was."""
        view = memoryview(data).cast("B")
        left = view
        while left:
            written = super().write(left)
            if written is None:
                from select import select

                select((), (self,), ())
            left = left[written or 0 :]
        return len(view)


def _patient(name: Literal["stdout", "stderr"]) -> TextIO | None:
    """A standard stream of this process, which from now on is patient if it is Python's own."""
    stream: TextIO | None = getattr(sys, name)
    if os.name == "posix" and isinstance(stream, TextIOWrapper) and stream is getattr(sys, f"__{name}__"):
        stream.flush()
        own = _Patient(stream.fileno(), "w", closefd=False)
        made = own if stream.write_through else BufferedWriter(own)  # Python was told not to buffer
        stream = TextIOWrapper(made, line_buffering=stream.line_buffering, write_through=stream.write_through)
        setattr(sys, name, stream)
    return stream


def paint(text: str, style: Style, enabled: bool) -> str:
    """`text` in a style, or as it is when colours are off."""
    return f"\x1b[{SEQUENCES[style]}m{text}\x1b[0m" if enabled and text else text


def printable(text: str) -> str:
    """`text` with everything escaped that could steer a terminal or mislead a reader.

    That is control characters, terminal escapes, directional marks, and the undecodable bytes of a file name.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in HARMLESS else _escaped(c) for c in text)


def cells(text: str) -> int:
    """The number of terminal cells that printable text takes: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(map(_cells_of, text))


@lru_cache(maxsize=4096)
def _cells_of(character: str) -> int:
    from unicodedata import category, east_asian_width

    return 0 if category(character) in ("Mn", "Me", "Cf") else 2 if east_asian_width(character) in "WF" else 1


def deliver(content: str | bytes | Iterable[str], streams: Streams, output: str | None = None) -> None:
    """Write a report, whole or in pieces, to the file `output`, or to standard output when there is none."""
    pieces = [content] if isinstance(content, str) else content
    if output is not None:
        data = pieces if isinstance(pieces, bytes) else b"".join(piece.encode("utf-8", "backslashreplace") for piece in pieces)
        _write(output, data, append=False)
    elif isinstance(pieces, bytes):
        streams.out.flush()
        streams.out.buffer.write(pieces)
    else:
        for piece in pieces:
            streams.out.write(piece)


def deliver_diff(text: str, streams: Streams, output: str | None = None) -> None:
    """Write a diff: as it is for a file or a program, which may apply it, and made harmless where somebody watches."""
    if output is None and watched(streams.out):
        text = "".join(f"{printable(line)}\n" for line in text.split("\n")[:-1])
    deliver(text, streams, output)


def append(output: str, text: str) -> None:
    """Write `text` at the end of the file `output`, which need not be there yet."""
    _write(output, text.encode("utf-8", "backslashreplace"), append=True)


def _write(output: str, data: bytes, *, append: bool) -> None:
    from portscan.outfile import put

    try:
        if append:
            with open(output, "ab") as file:  # noqa: PTH123  (`pathlib` is slow to load)
                file.write(data)
        else:
            put(output, data)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise UserError(f"{output} cannot be written: {reason}", "Choose another file with --output.") from None


def made_folder(path: str) -> str:
    """The directory `path`, which is made where it is missing."""
    try:
        os.makedirs(path, exist_ok=True)  # noqa: PTH103  (`pathlib` is slow to load)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise UserError(f"{path} cannot be made: {reason}", "Choose another directory with --output.") from None
    return path


def _escaped(character: str) -> str:
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:  # a byte that `os.fsdecode` could not decode
        return f"\\x{number - 0xDC00:02x}"
    if number < 0x100:
        return NAMED.get(character) or f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _colored(color: When, out: TextIO, environ: Mapping[str, str]) -> bool:
    """`--color` decides, then NO_COLOR, FORCE_COLOR, TERM, and last whether anybody watches."""
    if color != "auto":
        return color == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0", "false"):
        return True
    return environ.get("TERM") != "dumb" and watched(out)


def width_of(out: TextIO | None, environ: Mapping[str, str] = os.environ) -> int:
    """The cells in a line of the terminal behind `out`; the usual 80 when there is none."""
    columns = environ.get("COLUMNS", "")
    if len(columns) < 6 and columns.isdecimal() and int(columns):
        return max(int(columns), NARROWEST)
    try:
        return max(os.get_terminal_size(out.fileno()).columns, NARROWEST) if out and watched(out) else USUAL
    except (OSError, ValueError):
        return USUAL


def watched(out: TextIO) -> bool:
    """Whether a person looks at what is written there."""
    try:
        return out.isatty()
    except ValueError:  # closed
        return False
