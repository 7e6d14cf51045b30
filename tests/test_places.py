"""What a literal needs to know of its file is found once for all of them, however many there are."""

from __future__ import annotations

from portscan.evidence.places import places
from portscan.model import PortLiteral
from portscan.source import Source, decode
from tests.fuzzing.growth import superlinear
from tests.fuzzing.invariants import thorough

MANY = 500


def read(path: str, text: str) -> tuple[Source, tuple[PortLiteral, ...]]:
    """A file, and every literal in it."""
    source = decode(path, text.encode())
    assert isinstance(source, Source)
    literals = thorough().read(source)
    assert isinstance(literals, tuple)
    return source, literals


def test_the_mappings_of_a_service_share_one_set_of_ports() -> None:
    mappings = "".join(f'      - "{port}:{port}"\n' for port in range(4000, 4000 + MANY))
    found = tuple(places(*read("compose.yml", f"services:\n  web:\n    ports:\n{mappings}"), ()))
    assert len(found) == 2 * MANY
    assert {id(place.inside): len(place.inside) for place in found} == {id(found[0].inside): MANY}


def test_a_line_of_very_many_numbers_takes_time_in_proportion() -> None:
    sizes = (1000, 2000, 4000)
    line = 'services:\n  web:\n    command: "{}"\n'
    files = {number: read("compose.yml", line.format("http://localhost:4010 " * number)) for number in sizes}
    assert not superlinear(lambda number: list(places(*files[number], ())), sizes)
