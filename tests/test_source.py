"""Characters and bytes: the spans must be true whatever the encoding, the line ends and the characters."""

from __future__ import annotations

import codecs
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portscan import source as module
from portscan.model import Location, Skipped
from portscan.source import DECLARABLE, STEP, Source, decode

TEXT = "# café 日本 😀\r\nport = 3103\n\tx = '😀' # 4007 ünï\rlast: 8080"

ENCODED = [
    pytest.param(TEXT.encode(), "utf-8", 0, id="utf-8"),
    pytest.param(codecs.BOM_UTF8 + TEXT.encode(), "utf-8", 3, id="utf-8-bom"),
    pytest.param(codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le", 2, id="utf-16-le"),
    pytest.param(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be", 2, id="utf-16-be"),
    pytest.param(codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le", 4, id="utf-32-le"),
    pytest.param(codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32-be", 4, id="utf-32-be"),
]


def source(data: bytes) -> Source:
    decoded = decode("a.py", data)
    assert isinstance(decoded, Source), decoded
    return decoded


def skipped(data: bytes) -> str:
    decoded = decode("a.py", data)
    assert isinstance(decoded, Skipped), decoded
    assert decoded.path == "a.py"
    return decoded.reason


def assert_spans_are_true(found: Source) -> None:
    """Every character has its own bytes, in order, without gaps; and the way back leads to it."""
    at = found.bom
    for i, character in enumerate(found.text):
        span = found.byte_span(i, i + 1)
        assert span.start == at
        assert found.data[span.start : span.end].decode(found.encoding) == character
        assert {found.character(byte) for byte in range(*span)} == {i}
        at = span.end
    assert at == len(found.data)
    assert found.character(at) == len(found.text)


@pytest.mark.parametrize(("data", "encoding", "bom"), ENCODED)
def test_an_encoding_is_recognised_and_its_spans_are_true(data: bytes, encoding: str, bom: int) -> None:
    found = source(data)
    assert (found.text, found.encoding, found.bom) == (TEXT, encoding, bom)
    assert_spans_are_true(found)


@pytest.mark.parametrize("digits", ["3103", "4007", "8080"])
@pytest.mark.parametrize(("data", "encoding", "bom"), ENCODED)
def test_the_span_of_digits_holds_the_digits(data: bytes, encoding: str, bom: int, digits: str) -> None:
    found = source(data)
    start = found.text.index(digits)
    span = found.byte_span(start, start + len(digits))
    assert data[span.start : span.end] == digits.encode(encoding)


@pytest.mark.parametrize(
    ("line", "encoding"),
    [
        ("# coding: latin-1", "iso8859-1"),
        ("# -*- coding: iso-8859-15 -*-", "iso8859-15"),
        ("#!/usr/bin/python\n# vim: set fileencoding=cp1252 :", "cp1252"),
        ("#!/bin/sh\r\n# coding=windows-1252", "cp1252"),
        ("# coding: shift-jis", "shift_jis"),
        ("# coding: utf8", "utf-8"),
    ],
)
def test_a_coding_line_decides(line: str, encoding: str) -> None:
    letter = "日" if encoding == "shift_jis" else "é"
    found = source(f"{line}\nport = 3103  # {letter} 4007\n".encode(encoding))
    assert found.encoding == encoding
    assert letter in found.text
    assert_spans_are_true(found)


@pytest.mark.parametrize(
    "line",
    [
        "x = 1\n# coding: cp1252",  # the first line is code
        "#\n#\n# coding: cp1252",  # the third line
        "# coding: utf-7",
        "# coding: iso-2022-jp",
        "# coding: unicode_escape",
        "# coding: rot13",
        "# coding: nonsense",
        "# coding: utf-8-unix",
    ],
)
def test_a_coding_line_that_is_none_or_cannot_be_mapped_back_is_passed_by(line: str) -> None:
    found = source(f"{line}\nport = 3103  # é\n".encode())
    assert found.encoding == "utf-8"
    assert_spans_are_true(found)


@pytest.mark.parametrize("encoding", sorted(DECLARABLE))
def test_no_declarable_encoding_changes_the_length_of_a_character(encoding: str) -> None:
    assert codecs.lookup(encoding).name == encoding
    assert bytes(range(1, 128)).decode(encoding).encode(encoding) == bytes(range(1, 128))
    for lead in range(0x80, 0x100):
        for raw in (bytes([lead]), *(bytes([lead, trail]) for trail in range(0x30, 0x100))):
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            assert sum(len(c.encode(encoding)) for c in text) == len(raw)


def test_undeclared_text_that_is_not_utf_8_is_read_as_latin_1() -> None:
    found = source("REM café\r\nset PORT=3103\r\n".encode("cp1252"))
    assert (found.encoding, found.line_text(1)) == ("iso8859-1", "REM café")
    assert_spans_are_true(found)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x7fELF\x00\x01", "binary file"),
        (codecs.BOM_UTF16_LE + b"\x01\x02\x00\x00", "binary file"),
        (b"\xff\x01\x02\xd8", "neither UTF-8 nor text in another encoding"),
        (codecs.BOM_UTF8 + b"ok \xff", "not valid UTF-8 (byte 6)"),
        (codecs.BOM_UTF16_LE + b"a\x00b", "not valid UTF-16-LE (byte 4)"),
        (b"# coding: ascii\n\xe9", "not valid ASCII (byte 16)"),
    ],
)
def test_what_is_no_text_is_skipped_with_the_reason(data: bytes, reason: str) -> None:
    assert skipped(data) == reason


def test_lines_end_at_lf_crlf_and_cr_only() -> None:
    found = source("one\ntwo\r\nthree\rfour\x0bstill\u2028four\n".encode())
    assert [found.line_text(n) for n in range(8)] == ["", "one", "two", "three", "four\x0bstill\u2028four", "", "", ""]
    assert found.lines == 5
    assert [found.line_start(n) for n in range(1, 6)] == [0, 4, 9, 15, 31]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_locations_count_from_one_in_characters(end: str) -> None:
    found = source(f"😀é{end}日本 3103{end}".encode())
    start = found.text.index("3103")
    assert found.location(start, start + 4) == Location(2, 4, 2, 8)
    assert found.location(0, 1) == Location(1, 1, 1, 2)
    assert found.location(len(found.text), len(found.text)) == Location(3, 1, 3, 1)


@given(st.text(st.sampled_from("a\n"), max_size=40), st.integers(1, 9))
def test_lines_are_the_same_in_blocks_of_any_size(text: str, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", size)
        found = source(text.encode())
        assert [found.line_text(n) for n in range(1, found.lines + 1)] == text.split("\n")


def test_an_empty_file_has_one_empty_line() -> None:
    found = source(b"")
    assert (found.text, found.lines, found.line_text(1)) == ("", 1, "")
    assert found.location(0, 0) == Location(1, 1, 1, 1)
    assert found.byte_span(0, 0) == (0, 0)


@pytest.mark.parametrize("length", [STEP - 1, STEP, STEP + 1, 3 * STEP])
def test_spans_are_true_across_checkpoints(length: int) -> None:
    assert_spans_are_true(source(("é" * (length - 1) + "😀").encode()))


def test_equality_is_that_of_the_file_and_it_survives_a_process_boundary() -> None:
    found = source(TEXT.encode())
    found.location(5, 6)
    assert found == source(TEXT.encode())
    assert pickle.loads(pickle.dumps(found)).byte_span(9, 12) == found.byte_span(9, 12)


@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.sampled_from(["", "utf-8", "utf-16-le", "utf-16-be"]),
)
def test_spans_and_lines_are_true_of_any_text(text: str, encoding: str) -> None:
    mark = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    found = decode("a", mark + text.encode(encoding or "utf-8"))
    if isinstance(found, Source) and found.text == text:
        assert_spans_are_true(found)
        ends = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert [found.line_text(n) for n in range(1, found.lines + 1)] == ends


@given(st.binary())
def test_any_bytes_are_text_or_skipped(data: bytes) -> None:
    found = decode("a", data)
    if isinstance(found, Source):
        assert_spans_are_true(found)
