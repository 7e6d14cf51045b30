"""`network_mode: host`: there is no other side, so what a Compose entry tells its process is the port of the host."""

from __future__ import annotations

from pathlib import Path

import pytest

from portscan.cli import main
from tests.repository import REGISTRY_PATH, git, write

NODES = """services:
  redis-node-0:
    image: redis-cluster
    network_mode: host
    environment:
      REDIS_PORT_NUMBER: 6370
      REDIS_NODES: "127.0.0.1:6370 127.0.0.1:6371"
  redis-node-1:
    image: redis-cluster
    network_mode: host
    environment:
      REDIS_PORT_NUMBER: 6371
      REDIS_CLUSTER_ANNOUNCE_PORT: 6371
      REDIS_CLUSTER_ANNOUNCE_BUS_PORT: 16371
    healthcheck:
      test: ["CMD", "redis-cli", "-p", "6371", "ping"]
"""
REGISTRY = """version: "1.0.0"
ranges: {{caches: "6300-6399"}}
services:
  - {{name: redis-node-0, stack: caches, port: 6370, container: true}}
  - {{name: redis-node-1, stack: caches, {ports}}}
"""
MERGED = NODES.replace("services:", "x-node: &node\n  network_mode: host\nservices:").replace(
    "    image: redis-cluster\n    network_mode: host\n", "    <<: *node\n    image: redis-cluster\n"
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def prepared(place: Path, ports: str, compose: str = NODES) -> None:
    write(place / REGISTRY_PATH, REGISTRY.format(ports=ports))
    write(place / "compose.yaml", compose)


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What a scan says, in a few words."""
    capsys.readouterr()
    main(["-q"])
    return [line.split(". ")[0] for line in capsys.readouterr().out.splitlines() if line.startswith("compose")]


@pytest.mark.parametrize("compose", [NODES, MERGED])
@pytest.mark.parametrize("ports", ["port: 6371, container: true", "port: 6371, container: false", "port: 6371"])
@pytest.mark.parametrize("option", [[], ["--container", "keep"]])
def test_the_port_of_the_process_moves_with_all_that_tells_it(place: Path, ports: str, compose: str, option: list[str]) -> None:
    prepared(place, ports, compose)
    main(["migrate", "redis-node-1", "6350", "--yes", *option])
    assert (place / "compose.yaml").read_text() == compose.replace(" 6371", " 6350").replace(':6371"', ':6350"').replace(
        '"6371"', '"6350"'
    )
    assert "container_port" not in (place / REGISTRY_PATH).read_text()


def test_a_port_that_was_kept_apart_before_moves_as_well(place: Path) -> None:
    prepared(place, "port: 6371, container_port: 6371, container: true")
    assert main(["migrate", "redis-node-1", "6350", "--yes"]) == 0
    assert "6371" not in (place / "compose.yaml").read_text().replace("16371", "")
    assert "port: 6350, container_port: 6350" in (place / REGISTRY_PATH).read_text()


def test_nothing_there_is_taken_for_the_inside(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepared(place, 'port: 6350, container_port: 6371, container: true, previous: [{port: 6371, until: "2020-01-01"}]')
    lines = [line.partition(": error")[0].split(":")[1] for line in told(capsys)]
    assert lines == ["6", "7", "7", "12", "13", "14", "16"]


def test_what_is_unknown_is_said_of_the_service_whose_entry_it_is(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepared(place, "port: 6371, container: true")
    assert "compose.yaml:14:40: error: PS002 Port 16371 of `redis-node-1` is not in the registry" in told(capsys)


def test_without_it_the_health_check_asks_inside(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepared(place, "port: 6371, container: true", NODES.replace("network_mode: host", "restart: always"))
    assert not [line for line in told(capsys) if line.startswith("compose.yaml:16:")]
