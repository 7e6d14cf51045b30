"""What a finding is known by: never where its line stands."""

from __future__ import annotations

import pytest

from portscan.fingerprints import fingerprints, identities
from portscan.model import Finding
from tests.reporters.samples import finding


def text(data: bytes, nth: int = 0) -> str:
    (identity,) = identities([finding("a", data, "3103", nth=nth)], {"a": data})
    return identity.text


@pytest.mark.parametrize("data", [b"port: 3103", b"\n\n# x\n   port:\t3103  \r\n", b"port:    3103\nmore"])
def test_blanks_and_places_do_not_matter(data: bytes) -> None:
    assert text(data) == "port: 3103"


def test_a_line_that_nobody_wrote_is_known_by_what_stands_near() -> None:
    row = b'{"a":1},' * 500
    long = row + b'{"port":3103},' + row
    assert len(text(long)) < 250
    assert '"port":3103' in text(long)
    assert text(row + long) == text(long)


def test_the_service_is_told_else_the_port_else_nothing() -> None:
    made = [
        finding("a", b"80", "80", service="web"),
        finding("a", b"80", "80"),
        Finding("PS007", "x", "warning", "m", "a", finding("a", b"80", "80").location),
    ]
    assert [identity.about for identity in identities(made, {"a": b"80"})] == ["web", "80", ""]


def test_a_file_that_is_not_known_has_no_text() -> None:
    (identity,) = identities([finding("a", b"80", "80")], {})
    assert identity.text == ""


def test_a_path_of_any_bytes_has_a_fingerprint() -> None:
    assert len(fingerprints([finding("caf\udce9", b"80", "80")], {})[0]) == 32


def test_no_part_can_be_taken_for_another() -> None:
    one = finding("a", b"80", "80", code="PS001", service="b")
    other = finding("a", b"80", "80", code="PS00", service="1b")
    assert len(set(fingerprints([one, other], {"a": b"80"}))) == 2
