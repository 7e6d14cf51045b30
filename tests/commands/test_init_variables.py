"""`portscan init` where Compose files write variables for ports: a variable is its value, or says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from portscan.cli import main
from tests.repository import REGISTRY_PATH, git, write

KEYS = ("name", "port", "container_port", "env", "healthcheck")
CHECK = "\n    healthcheck:\n      test: curl -f http://localhost:${WORKER_PORT}/healthz\n"


def proposed(place: Path, monkeypatch: pytest.MonkeyPatch, body: str, files: dict[str, str]) -> list[dict[str, Any]]:
    git(place, "init", "--quiet")
    monkeypatch.chdir(place)
    write(place / "compose.yaml", "services:\n  worker:\n    build: ." + body + CHECK)
    for path, text in files.items():
        write(place / path, text)
    assert main(["init", "--yes"]) == 0
    services = YAML(typ="safe").load(place / REGISTRY_PATH)["services"]
    return [
        {key: each[key] for key in each if key in ("name", "port", "container_port", "env", "healthcheck")} for each in services
    ]


PUBLISHED = [{"name": "worker", "port": 5566, "env": "WORKER_PORT", "healthcheck": {"endpoint": "/healthz"}}]
INSIDE = [{"name": "worker", "container_port": 5566, "env": "WORKER_PORT", "healthcheck": {"endpoint": "/healthz"}}]
TOLD = '\n    environment: ["WORKER_PORT=${WORKER_PORT:-5566}"]'
MAPPED = "\n    ports: ['${WORKER_PORT}:${WORKER_PORT}']"


@pytest.mark.parametrize(
    ("body", "files", "expected"),
    [
        (TOLD + MAPPED, {}, PUBLISHED),
        (TOLD + MAPPED, {".env.example": "WORKER_PORT=5566\n"}, PUBLISHED),
        (MAPPED, {".env": "WORKER_PORT=5566\n"}, PUBLISHED),
        (TOLD.replace("5566", "1234") + MAPPED, {".env": "WORKER_PORT=5566\n"}, PUBLISHED),
        ("", {".env.example": "WORKER_PORT=5566\n"}, INSIDE),
        ("\n    # ${WORKER_PORT:-1234}" + TOLD + MAPPED, {}, PUBLISHED),
    ],
)
def test_a_variable_is_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, files: dict[str, str], expected: list[dict[str, Any]]
) -> None:
    assert proposed(tmp_path, monkeypatch, body, files) == expected


def test_one_of_two_defaults_is_not_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = TOLD.replace("]", ', "OTHER=${WORKER_PORT:-1234}"]')
    [worker] = proposed(tmp_path, monkeypatch, two + MAPPED, {".env.example": "WORKER_PORT=5566\n"})
    assert worker["name"] == "worker"
    assert "port" not in worker
    assert worker["healthcheck"] == {"endpoint": "/healthz"}


@pytest.mark.parametrize(
    ("mapping", "variable"),
    [
        ("$SENTRY_BIND:80/tcp", "SENTRY_BIND"),
        ("${SENTRY_BIND:-9000}:80", "SENTRY_BIND"),
        ("127.0.0.1:${SENTRY_BIND}:80", "SENTRY_BIND"),
        ("${HOST_IP:-127.0.0.1}:9000:80", None),
        ("${HOST_IP:-127.0.0.1}:${SENTRY_BIND:-9000}:80", "SENTRY_BIND"),
    ],
)
def test_a_variable_that_does_not_say_port_is_the_services_where_the_number_is_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mapping: str, variable: str | None
) -> None:
    files = {".env": "# settings\nSENTRY_BIND=9000\n"}
    [worker] = proposed(tmp_path, monkeypatch, f"\n    ports: ['{mapping}']", files)
    assert (worker["port"], worker.get("env")) == (9000, variable)
    if variable and "9000" not in mapping:
        assert "port: 9000  # .env:2\n" in (tmp_path / REGISTRY_PATH).read_text()
