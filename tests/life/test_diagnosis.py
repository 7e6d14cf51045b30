"""Whether who listens on a service's port is that service, told by what may be seen of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from portscan.life.diagnosis import cases, free, strangers
from portscan.life.listeners import Listener, Machine
from tests.literals import registry

BASE = Path("/repository")
KNOWN = registry(
    "name: api, port: 4010, paths: [apps/api/**], compose_service: api-svc, aliases: [backend]",
    "name: db, port: 4020, protocol: postgres",
    "name: site, port: 4030, protocol: http, paths: ['**']",
    "name: dns, port: 4040, protocol: dns/udp",
    "name: away, port: 4050, external: true, host: away.example.org",
    ranges='{s: "4000-4059"}',
    reserved="[4055]",
)
HELD = Listener(4010, "tcp", ("127.0.0.1",), 7, "python3", ("python3", "-m", "x"))


def judged(held: Listener) -> tuple[str, str]:
    """The state of the port that is held, and why."""
    (case,) = (case for case in cases(KNOWN, Machine((held,)), BASE) if case.endpoint.port == held.port)
    assert case.listener is held
    return case.state, case.why


def test_every_port_of_this_machine_is_a_case() -> None:
    found = [(case.endpoint.service, case.state, case.listener) for case in cases(KNOWN, Machine(()), BASE)]
    assert found == [(name, "silent", None) for name in ("api", "db", "site", "dns")]


def test_another_transport_is_another_port() -> None:
    tcp, udp = (Listener(4040, transport, ("::",), 7, "named", ("dns",)) for transport in ("tcp", "udp"))
    states = {case.endpoint.service: case.state for case in cases(KNOWN, Machine((tcp,)), BASE)}
    assert states["dns"] == "silent"
    assert judged(udp) == ("listens", "")


@pytest.mark.parametrize("folder", ["/repository/apps/api", "/repository/apps/api/deep"])
def test_a_process_in_the_files_of_the_service_is_it(folder: str) -> None:
    assert judged(replace(HELD, folder=folder)) == ("listens", "")


@pytest.mark.parametrize("folder", ["", "/repository", "/repository/apps/api-2", "/elsewhere/apps/api"])
def test_one_elsewhere_need_not_be(folder: str) -> None:
    assert judged(replace(HELD, folder=folder)) == ("unsure", "nothing tells whether it is the service")


def test_files_that_are_everything_tell_nothing() -> None:
    assert judged(replace(HELD, port=4030, folder="/repository"))[0] == "unsure"


@pytest.mark.parametrize("command", [("node", "/x/API"), ("backend",), ("/usr/bin/api-svc", "--port", "4010")])
def test_one_that_is_called_like_the_service_is_it(command: tuple[str, ...]) -> None:
    assert judged(replace(HELD, command=command)) == ("listens", "")


def test_so_is_what_speaks_its_protocol() -> None:
    assert judged(Listener(4020, "tcp", (), 7, "postgres", ("/usr/lib/postgresql/bin/postgres",)))[0] == "listens"
    assert judged(Listener(4020, "tcp", (), 7, "mysqld", ("mysqld",)))[0] == "unsure"


def test_http_is_spoken_by_everybody() -> None:
    assert judged(Listener(4030, "tcp", (), 7, "nginx", ("nginx",)))[0] == "unsure"


def test_containers_are_told_by_their_compose_service_or_their_name() -> None:
    assert judged(replace(HELD, container="x-1", compose="Api-Svc")) == ("listens", "")
    assert judged(replace(HELD, container="backend")) == ("listens", "")
    assert judged(replace(HELD, container="x-1", compose="other")) == ("stranger", "its compose service is `other`")
    assert judged(replace(HELD, container="x-1")) == ("stranger", "it is called otherwise")


def test_what_cannot_be_seen_is_not_guessed() -> None:
    assert judged(Listener(4010, "tcp", ("::",))) == ("unsure", "without more rights its process cannot be seen")
    for program in ("docker-proxy", "com.docker.backend", "rootlessport", "conmon", "slirp4netns"):
        state, why = judged(replace(HELD, program=program))
        assert (state, why) == ("unsure", "Docker holds it, and does not tell for which container")


def test_strangers_sit_in_the_ranges_on_ports_that_nobody_has() -> None:
    held = [
        Listener(port, transport, ("::",)) for port, transport in ((4001, "tcp"), (4010, "tcp"), (4010, "udp"), (5000, "tcp"))
    ]
    assert strangers(KNOWN, Machine(tuple(held))) == (held[0], held[2])


def test_the_free_ports_of_a_range_are_neither_held_nor_registered_nor_reserved() -> None:
    held = (Listener(4001, "tcp", ("::",)), Listener(4060, "tcp", ("::",)))
    ports, holders = free(KNOWN, Machine(held), KNOWN.ranges[0])
    assert set(range(4000, 4060)) - set(ports) == {4001, 4010, 4020, 4030, 4040, 4050, 4055}
    assert holders == held[:1]


@pytest.mark.parametrize(
    "listener, told",
    [
        (HELD, "python3 (7)"),
        (replace(HELD, program=""), "process (7)"),
        (replace(HELD, user="me"), "python3 (7), of me"),
        (replace(HELD, container="x-1"), "the container x-1"),
        (replace(HELD, pid=None), "a process of somebody else"),
    ],
)
def test_who_holds_a_port_is_told(listener: Listener, told: str) -> None:
    assert listener.told == told
