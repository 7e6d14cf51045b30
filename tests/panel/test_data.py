"""What the page is given has the shape that its schema promises."""

from __future__ import annotations

import json

import jsonschema
import pytest

from portscan.model import Finding, Location
from portscan.panel.data import Landscape, document
from portscan.panel.history import Event, Past, Point
from portscan.panel.probe import Listener
from portscan.resources import folder
from tests.panel import samples

LISTENING = (Listener(4010, False), Listener(9999))
SCHEMA = json.loads((folder("schema") / "panel.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("land", [samples.small(), samples.hostile(), samples.small(listening=LISTENING, live=True)])
def test_the_document_fits_its_schema(land: Landscape) -> None:
    jsonschema.validate(document(land), SCHEMA)


def test_services_carry_what_the_registry_says() -> None:
    api = document(samples.small())["services"][0]
    assert api["endpoints"] == [
        {"name": None, "port": 4010, "container_port": 4010, "variable": "API_PORT", "protocol": "http"},
    ]
    assert (api["owner"], api["url"], api["healthcheck"]) == ("Team A", "http://localhost:4010", "/health → 200")
    assert api["previous"] == [{"port": 4001, "until": "2026-12-31", "open": True}]


def test_rows_refer_to_texts_by_number() -> None:
    found = document(samples.small())["findings"]
    assert found["codes"] == ["PS001"]
    assert len(found["messages"]) == 2
    assert found["rows"][0][:7] == [0, 0, 0, 0, 1, 3, 4010]
    assert [row[7] for row in found["rows"]][-2:] == [0, -1]
    assert [row[8] for row in found["rows"]][:2] == [0, 1]


def test_uses_stand_under_their_service() -> None:
    found = document(samples.small())["uses"]
    assert [found["states"][row[5]] for row in found["rows"][:5]] == ["bound", "verified", "finding", "doc", "other"]
    assert all(row[0] == 0 for row in found["rows"])


def test_dependencies_are_edges() -> None:
    edges = document(samples.small())["graph"]["edges"]
    assert [(edge["from"], edge["to"]) for edge in edges] == [("api", "db"), ("web", "api")]


def test_ports_that_the_registry_gives_twice_are_conflicts() -> None:
    twice = Finding("PS102", "duplicate-port", "error", "Twice.", "r.yaml", Location(1, 1, 1, 2), port=4010)
    land = samples.small()
    assert document(land)["conflicts"] == []
    assert document(Landscape(land.registry, "x", land.today, (twice,)))["conflicts"] == [4010]


def test_the_past_is_told() -> None:
    past = Past(
        {"api": (Event("2026-01-01", "Ada", "`api` is new"),)}, (Point("2026-01", 9, 40, 20), Point("2026-02", 5, 60, 21))
    )
    data = document(samples.small(past=past))
    jsonschema.validate(data, SCHEMA)
    assert data["services"][0]["history"] == [{"date": "2026-01-01", "author": "Ada", "what": "`api` is new"}]
    assert data["trend"][1] == {"when": "2026-02", "findings": 5, "bound": 60, "literals": 21}


def test_listeners_are_told_by_their_service() -> None:
    rows = document(samples.small(listening=LISTENING))["listening"]
    assert [(row["port"], row["service"], row["healthy"]) for row in rows] == [(4010, 0, False), (9999, -1, None)]
