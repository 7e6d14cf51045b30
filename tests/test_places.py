"""What a literal needs to know of its file is found once for all of them, however many there are."""

from __future__ import annotations

from portscan.directives import directives
from portscan.evidence.places import Place, places
from portscan.source import Source, decode
from tests.fuzzing.invariants import thorough

MANY = 500


def placed(path: str, text: str) -> tuple[Place, ...]:
    """Every literal of a file with its surroundings."""
    source = decode(path, text.encode())
    assert isinstance(source, Source)
    literals = thorough().read(source)
    assert isinstance(literals, tuple)
    return tuple(places(source, literals, tuple(directives(source))))


def test_the_mappings_of_a_service_share_one_set_of_ports() -> None:
    mappings = "".join(f'      - "{port}:{port}"\n' for port in range(4000, 4000 + MANY))
    found = placed("compose.yml", f"services:\n  web:\n    ports:\n{mappings}")
    assert len(found) == 2 * MANY
    assert {id(place.inside): len(place.inside) for place in found} == {id(found[0].inside): MANY}
