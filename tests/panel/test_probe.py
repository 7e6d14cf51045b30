"""What answers on this machine, and how it is."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from portscan.panel.probe import Listener, listening
from tests.panel.samples import registry


class Service(BaseHTTPRequestHandler):
    """Well at /health, unwell anywhere else."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def http() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def service(port: int, more: str = "") -> str:
    rows = f"  - {{name: api, stack: all, port: {port}{more}}}\n"
    return f'version: "1.0.0"\nranges: {{all: "1-65535"}}\nservices:\n{rows}'


@pytest.mark.parametrize(
    ("more", "healthy"),
    [
        (", protocol: http, healthcheck: {endpoint: /health}", True),
        (", protocol: http, healthcheck: {endpoint: /other}", False),
        (", protocol: http, healthcheck: {endpoint: /other, expected: 503}", True),
        (", protocol: https, healthcheck: {endpoint: /health}", False),
        (", protocol: postgres, healthcheck: {endpoint: /health}", None),
        (", protocol: http", None),
    ],
)
def test_a_health_check_decides_how_a_listener_is(http: int, more: str, healthy: bool | None) -> None:
    assert listening(registry(service(http, more))) == (Listener(http, healthy),)


def test_a_port_that_nobody_listens_on_is_silent() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert listening(registry(service(bound.getsockname()[1]))) == ()


def test_what_is_not_of_this_machine_is_not_asked(http: int) -> None:
    assert listening(registry(service(http, ", external: true, host: example.com"))) == ()
    assert listening(registry(service(http, ", protocol: udp"))) == ()
