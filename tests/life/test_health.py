"""What the health check of a compose service asks for."""

from __future__ import annotations

import pytest

from portscan.connectivity.model import Part
from portscan.connectivity.traced import Spot, Traced
from portscan.life.adopting.health import Asked, asked


def traced(text: str) -> Traced:
    from portscan.connectivity.traced import Piece

    return Traced((Piece(text),))


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (["CMD", "curl", "-f", "http://localhost:8080/healthz"], Asked("http", "8080", "/healthz")),
        (["CMD-SHELL", "curl -f http://localhost/healthz || exit 1"], Asked("http", "80", "/healthz")),
        (["CMD-SHELL", "curl -fk https://127.0.0.1:8443/ok?x=1 >/dev/null"], Asked("https", "8443", "/ok?x=1")),
        (["CMD-SHELL", "curl -s -o /dev/null localhost:8000/ready || exit 1"], Asked("http", "8000", "/ready")),
        (["CMD", "wget", "--spider", "-q", "localhost:9000"], Asked("http", "9000", "/")),
        (["CMD-SHELL", "wget -qO- http://web:3000/api/health"], Asked("http", "3000", "/api/health")),
        (["CMD", "node", "-e", "require('http').get('http://localhost:3000/up')"], Asked("http", "3000", "/up")),
        (["CMD-SHELL", "nc -z localhost 9092"], Asked("", "9092")),
        (["CMD-SHELL", "nc -z -w 2 127.0.0.1 6379 || exit 1"], Asked("", "6379")),
        (["CMD", "bash", "-c", "echo > /dev/tcp/localhost/4000"], Asked("", "4000")),
        (["CMD", "/bin/grpc_health_probe", "-addr=:5050"], Asked("grpc", "5050")),
        (["CMD", "grpc-health-probe", "-addr", "localhost:5050"], Asked("grpc", "5050")),
        (["CMD-SHELL", "curl -f http://other:8080/healthz"], None),
        (["CMD-SHELL", "pg_isready -h localhost"], None),
        (["CMD-SHELL", "mysqladmin ping -h 127.0.0.1 --silent"], None),
        (["CMD-SHELL", "curl -f http://localhost:/healthz"], Asked("http", "", "/healthz")),  # a variable that nothing sets
        (["CMD-SHELL", "curl -f localhost:$UNSET/healthz"], Asked("http", "", "/healthz")),
        (["CMD-SHELL", "curl -f http://localhost:$PORT/healthz"], Asked("http", "5566", "/healthz")),
        (["CMD-SHELL", "curl -f http://localhost:${ELSE:-5577}/healthz"], Asked("http", "5577", "/healthz")),
        (["CMD-SHELL", "curl -f http://$HOSTNAME:8080/up"], Asked("http", "8080", "/up")),
        (["NONE"], None),
    ],
)
def test_the_port_the_path_and_the_protocol_are_read(test: list[str], expected: Asked | None) -> None:
    nowhere = Spot("compose.yaml", 0, 0)
    part = Part(
        "web", "compose.yaml", nowhere, nowhere, environment={"PORT": traced("5566")}, healthcheck=tuple(map(traced, test))
    )
    assert asked(part) == expected
