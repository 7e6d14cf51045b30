"""What stands at a place of a known role says whose its ports are, where it names a host."""

from __future__ import annotations

import pytest

from tests.examples import Example, knowledge, reading_of
from tests.literals import registry, said

READING = reading_of(knowledge())
HOSTS = [
    ("nginx.conf", "upstream a { server web:9000 weight=5; }\n", [(9000, "web")]),
    ("nginx.conf", "upstream a { server [fd00::1]:9000; server 10.0.0.7:9001; }\n", [(9000, "[fd00::1]"), (9001, "10.0.0.7")]),
    ("nginx.conf", "upstream a { server $backend:9000; }\n", [(9000, None)]),
    ("nginx.conf", "location / { fastcgi_pass php-fpm.internal:9000; }\n", [(9000, "php-fpm.internal")]),
    ("Caddyfile", "example.com {\n  reverse_proxy api:4010 :3000\n}\n", [(4010, "api"), (3000, None)]),
    ("haproxy.cfg", "backend b\n  server s1 web:8080 check port 8081\n", [(8080, "web"), (8081, None)]),
    ("a.sh", "ssh -L 9000:web:9001 bastion\n", [(9000, None), (9001, "web")]),
    ("a.sh", "ssh -L 127.0.0.1:9000:$HOST:9001 bastion\n", [(9000, None), (9001, None)]),
]


@pytest.mark.parametrize(("path", "code", "expected"), HOSTS)
def test_the_host_in_front_of_a_port_is_handed_on(path: str, code: str, expected: list[tuple[int, str | None]]) -> None:
    assert [(found.port, found.host) for found in Example(path, code, ()).read(READING)] == expected


def test_the_host_decides_whose_a_number_is_that_two_have() -> None:
    """The container port of `web` is the published port of `nginx`: `web:9000` is none of the latter's business."""
    known = registry(
        "name: nginx, port: 9000, container_port: 80", "name: web, port: 9001, container_port: 9000, container: true"
    )
    (found,) = Example("nginx.conf", "upstream a { server web:9000; }\n", ()).read(READING)
    assert said(known, found.port, path="nginx.conf", language="nginx", host=found.host) == "verified"
    assert said(known, found.port, path="nginx.conf", language="nginx").startswith("PS001 nginx")
