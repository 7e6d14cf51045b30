"""What is done to a file to make it odd: cut, doubled, spliced, nested, with other line ends, digits, blanks and codings.

Every mutation is a function from bytes to bytes that draws what it needs from `draw`: Hypothesis and atheris share them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

LONGEST = 30_000  # bytes; mutations that would make more leave off
LINE_ENDS = (b"\r\n", b"\r", "\u0085".encode(), b"\f", b"\v", "\u2028".encode(), b"\n\n", b"\\\n", b"", b"\n\r")
BLANKS = (b" ", b"\t", b"\f", b"\v", "\u00a0".encode(), "\u2003".encode(), "\ufeff".encode(), "\u200b".encode(), b"\x1b", b"\x00")
NUMBERS = (
    *(b"0", b"00", b"080", b"00080", b"1", b"80", b"3103", b"8080", b"65535", b"65536", b"99999", b"100000", b"4294967376"),
    *(b"1" * 5000, b"0x1F90", b"1e4", b"8_080", b"8080.0", b"-8080", b"+8080", b"8080u16", b"3000-3100", b"3000:80", b"3000/tcp"),
    *("٨٠٨٠".encode(), "８０８０".encode(), "²⁰".encode(), "߈߀".encode(), "𝟠𝟘𝟠𝟘".encode(), "Ⅷ".encode(), "①②".encode()),
)
PIECES = (
    *(
        b"'",
        b'"',
        b"`",
        b'"""',
        b"'''",
        b"\\",
        b"${",
        b"$(",
        b"$((",
        b"{{",
        b"}}",
        b"{%",
        b"<%",
        b"<<EOF\n",
        b"<<-'A'\n",
        b"EOF\n",
    ),
    *(
        b"(",
        b")",
        b"[",
        b"]",
        b"{",
        b"}",
        b"<",
        b"</",
        b"/*",
        b"*/",
        b"//",
        b"#",
        b"--",
        b"<!--",
        b"-->",
        b"|",
        b"||",
        b"??",
        b"=>",
    ),
    *(
        b":",
        b":=",
        b"=",
        b"?:",
        b",",
        b";",
        b"&",
        b"*",
        b"&a ",
        b"*a",
        b"!!int ",
        b"---\n",
        b"...\n",
        b"- ",
        b"? ",
        b"%YAML 1.2\n",
    ),
    *(b"port", b"PORT", b"localhost:8080", b"http://localhost:3103/", b"http://[::1]:8080", b"${PORT:-3103}", b"$PORT", b"%d"),
    *(b"# portscan: ignore\n", b"// portscan: ignore[PS001] why", b"# portscan: ignore-start\n", b"# portscan: dashboard\n"),
    *(b"# portscan: ignore-end\n", b"<!-- portscan: ignore-file -->", b"portscan:", b"# portscan: ignore[", b"# portscan: a, b"),
    *(
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\x80",
        b"\xe2\x82",
        b"\xf0\x9f\x92\xa5",
        "é漢".encode(),
        b"\xcc\x81",
    ),
    *(
        "\u0130".encode(),
        "\u017f".encode(),
        "\u212a".encode(),
        "ß".encode(),
        "\u202e".encode(),
        b"# coding: latin-1\n",
        b"#!/bin/sh\n",
    ),
)
CODINGS = ("utf-16", "utf-16-be", "utf-32", "utf-8-sig", "latin-1", "cp1252", "shift_jis", "gb18030")
BRACKETS = ((b"(", b")"), (b"[", b"]"), (b"{", b"}"), (b"$(", b")"), (b"${", b"}"), (b'"', b'"'), (b"<a>", b"</a>"), (b"- ", b""))

Draw = Random
Mutation = Callable[[bytes, Draw, Sequence[bytes]], bytes]


def _span(data: bytes, draw: Draw, longest: int = 200) -> tuple[int, int]:
    start = draw.randint(0, len(data))
    return start, min(len(data), start + draw.randint(0, longest))


def _lines(data: bytes, draw: Draw) -> tuple[list[bytes], int, int]:
    lines = data.splitlines(keepends=True) or [b""]
    first = draw.randint(0, len(lines) - 1)
    return lines, first, min(len(lines), first + draw.randint(1, 4))


def truncated(data: bytes, draw: Draw, _others: Sequence[bytes]) -> bytes:
    """Ends, or begins, in the middle."""
    at = draw.randint(0, len(data))
    return data[at:] if draw.random() < 0.3 else data[:at]


def cut(data: bytes, draw: Draw, _others: Sequence[bytes]) -> bytes:
    """A piece is missing."""
    start, end = _span(data, draw, 40)
    return data[:start] + data[end:]


def doubled(data: bytes, draw: Draw, _others: Sequence[bytes]) -> bytes:
    """A piece comes several times."""
    start, end = _span(data, draw)
    return data[:end] + data[start:end] * draw.choice((1, 2, 7, 40)) + data[end:]


def doubled_lines(data: bytes, draw: Draw, _others: Sequence[bytes]) -> bytes:
    """Lines come twice, at another place."""
    lines, first, stop = _lines(data, draw)
    at = draw.randint(0, len(lines))
    return b"".join((*lines[:at], *lines[first:stop], *lines[at:]))


def spliced(data: bytes, draw: Draw, others: Sequence[bytes]) -> bytes:
    """A piece of another file, perhaps of another language, stands in it."""
    if not others:
        return data
    other = draw.choice(others)
    start, end = _span(other, draw, 400)
    at, until = _span(data, draw, 30)
    return data[:at] + other[start:end] + data[until:]


def with_piece(data: bytes, draw: Draw, _others: Sequence[bytes]) -> bytes:
    """Something that means much to a parser, or to portscan, stands somewhere."""
    at = draw.randint(0, len(data))
    return data[:at] + draw.choice(PIECES) + data[at:]


def with_numbers(data: bytes, draw: Draw, _others: Sequence[bytes]) -> bytes:
    """Numbers are others: too large, none at all, in digits that are not ASCII."""
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return data
    match = draw.choice(found)
    return data[: match.start()] + draw.choice(NUMBERS) + data[match.end() :]


def with_line_ends(data: bytes, draw: Draw, _others: Sequence[bytes]) -> bytes:
    """All line ends, or one of them, are others."""
    end = draw.choice(LINE_ENDS)
    if draw.random() < 0.5:
        return data.replace(b"\r\n", b"\n").replace(b"\n", end)
    lines, first, _ = _lines(data, draw)
    lines[first] = lines[first].rstrip(b"\r\n") + end
    return b"".join(lines)


def with_blanks(data: bytes, draw: Draw, _others: Sequence[bytes]) -> bytes:
    """Blanks that are none, or many of them."""
    at = draw.randint(0, len(data))
    return data[:at] + draw.choice(BLANKS) * draw.choice((1, 1, 3, 200)) + data[at:]


def indented(data: bytes, draw: Draw, _others: Sequence[bytes]) -> bytes:
    """Lines are indented otherwise."""
    lines, first, stop = _lines(data, draw)
    by = draw.choice((b"  ", b"\t", b" ", b"      "))
    lines[first:stop] = [by + line if draw.random() < 0.7 else line.lstrip(b" \t") for line in lines[first:stop]]
    return b"".join(lines)


def nested(data: bytes, draw: Draw, _others: Sequence[bytes]) -> bytes:
    """A piece stands in brackets, deep."""
    start, end = _span(data, draw)
    opening, closing = draw.choice(BRACKETS)
    depth = draw.choice((1, 2, 9, 60, 400))
    return data[:start] + opening * depth + data[start:end] + closing * draw.choice((depth, depth, 0)) + data[end:]


def recoded(data: bytes, draw: Draw, _others: Sequence[bytes]) -> bytes:
    """The same text in another coding."""
    return data.decode("utf-8", "replace").encode(draw.choice(CODINGS), "replace")


def with_bytes(data: bytes, draw: Draw, _others: Sequence[bytes]) -> bytes:
    """Single bytes are others."""
    changed = bytearray(data)
    for _ in range(draw.randint(1, 4) if changed else 0):
        changed[draw.randint(0, len(changed) - 1)] = draw.randint(0, 255)
    return bytes(changed)


MUTATIONS: tuple[Mutation, ...] = (
    truncated,
    cut,
    doubled,
    doubled_lines,
    spliced,
    with_piece,
    with_piece,
    with_numbers,
    with_numbers,
    with_line_ends,
    with_blanks,
    indented,
    nested,
    recoded,
    with_bytes,
)


def mutated(data: bytes, draw: Draw, others: Sequence[bytes] = ()) -> bytes:
    """The file after one mutation."""
    changed = draw.choice(MUTATIONS)(data, draw, others)
    return changed[:LONGEST]
