"""What is expected at a port, and what runs in an image."""

from __future__ import annotations

import pytest

from portscan.judge.wellknown import directory


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("postgres", "postgres"),
        ("postgres:16-alpine", "postgres"),
        ("docker.io/library/redis@sha256:abc", "redis"),
        ("timescale/timescaledb:2.14-pg16", "postgres"),
        ("timescale/timescaledb-ha:pg16", "postgres"),
        ("confluentinc/cp-kafka:7", "kafka"),
        ("bitnami/redis-sentinel", "redis-sentinel"),
        ("clickhouse/clickhouse-server", "clickhouse"),
        ("prom/prometheus:v2", "prometheus"),
        ("localhost:5000/team/mysql:8", "mysql"),
        ("oliver006/redis-exporter", None),
        ("acme/shop", None),
    ],
)
def test_an_image_tells_what_runs_in_it(image: str, name: str | None) -> None:
    found = directory().of_image(image)
    assert (found.name if found else None) == name


def test_main_ports_come_first() -> None:
    by_port = directory().by_port
    assert by_port[9000].name == "questdb"
    assert by_port[7000].name == "airplay"
    assert by_port[15672].name == "amqp"


def test_each_is_listed_once() -> None:
    services = directory().services
    assert len({service.name for service in services}) == len(services)
    words = [word for service in services for word in service.images]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("command", "tool"),
    [
        ("dotenv -e ../.env -- storybook dev -p ", "storybook"),
        ("./node_modules/.bin/start-storybook -p ", "storybook"),
        ("next dev -p ", ""),
        ("serve storybook-static -l ", ""),
        ("", ""),
    ],
)
def test_a_command_tells_which_tool_it_starts(command: str, tool: str) -> None:
    assert directory().tool(command) == tool
