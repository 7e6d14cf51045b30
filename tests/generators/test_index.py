"""The index: what is in it, and that it fits its schema whatever the registry holds."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from portscan.config import Config
from portscan.generators.claims import Place, claims
from portscan.registry.loader import load
from portscan.resources import folder
from tests.generators.helpers import REGISTRY, registry_of
from tests.generators.hostile import TEXTS, generated
from tests.generators.test_hostile import text_of

VALIDATOR = jsonschema.Draft202012Validator(json.loads((folder("schema") / "index.schema.json").read_bytes()))
SERVICES: list[dict[str, Any]] = [
    {"name": "api", "stack": "apis", "port": 3200, "container_port": 80, "protocol": "http",
     "previous": [{"port": 3205, "until": "2026-06-30"}]},
    {"name": "queue", "stack": "data", "port": 5672, "ports": {"management": {"port": 3199, "protocol": "http"}}},
    {"name": "api-next", "stack": "apis", "port": 3200, "alternative_to": "api", "env": "NEXT_PORT"},
]  # fmt: skip


def index(services: list[dict[str, Any]]) -> str:
    registry = load(REGISTRY, registry_of(services).encode()).registry
    assert registry is not None
    (claim,) = claims(registry, Config(generate=(("index", {}),)), Place(Path("/"), Path("/", REGISTRY)), date(2026, 1, 1))
    return text_of(claim)


def test_by_service_by_port_and_by_variable() -> None:
    found = json.loads(index(SERVICES))
    assert found["services"]["api"] == {
        "port": 3200, "containerPort": 80, "variable": "API_PORT", "protocol": "http", "transport": "tcp",
        "url": "http://localhost:3200", "stack": "apis", "status": "active", "previous": [{"port": 3205, "until": "2026-06-30"}],
    }  # fmt: skip
    assert found["services"]["queue"]["endpoints"]["management"]["variable"] == "QUEUE_MANAGEMENT_PORT"
    assert list(found["ports"].items()) == [
        ("3199", [{"service": "queue", "endpoint": "management"}]),
        ("3200", [{"service": "api"}, {"service": "api-next"}]),
        ("5672", [{"service": "queue"}]),
    ]
    assert found["variables"] == {"API_PORT": 3200, "QUEUE_PORT": 5672, "QUEUE_MANAGEMENT_PORT": 3199, "NEXT_PORT": 3200}
    VALIDATOR.validate(found)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_it_fits_its_schema_and_keeps_every_text(text: str, tmp_path: Path) -> None:
    (claim,) = generated(text, tmp_path, ("index",))
    made = text_of(claim)
    found = json.loads(made)
    VALIDATOR.validate(found)
    assert made.isascii()
    assert found["services"]["api"]["description"].split() == text.split()


def test_another_port_changes_only_the_lines_that_speak_of_it() -> None:
    changed = [{**SERVICES[0], "port": 3201}, *SERVICES[1:]]
    before, after = (set(index(services).splitlines()) for services in (SERVICES, changed))
    assert {line.strip() for line in after - before if "sha256" not in line} == {
        '"port": 3201,', '"url": "http://localhost:3201",', '"3201": [{"service": "api"}],', '"API_PORT": 3201,',
        '"3200": [{"service": "api-next"}],',
    }  # fmt: skip
