"""Who listens on this machine: sockets with their processes, and the ports that containers publish."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from typing import Any

from portscan.errors import UserError
from portscan.expressions import compiled
from portscan.records import dataclass, replace

PUBLISHED = compiled(
    r"(?:(?P<address>[\d.]{1,15}|\[[^\]]{0,64}\]|:::?):?)?(?P<port>\d{1,5})->(?P<inside>\d{1,5})/(?P<transport>tcp|udp)"
)
PATIENCE = 5


@dataclass(frozen=True, slots=True)
class Listener:
    """A port that is held. What may not be seen is none, or empty; `container` is the name of a container, `compose` its key.

    `since` is when the process began, in UTC.
    """

    port: int
    transport: str
    addresses: tuple[str, ...]
    pid: int | None = None
    program: str = ""
    command: tuple[str, ...] = ()
    folder: str = ""
    user: str = ""
    since: datetime | None = None
    container: str = ""
    compose: str = ""

    @property
    def holder(self) -> str:
        """Who holds it, as people say it."""
        if self.container:
            return f"the container {self.container}"
        if self.pid is None:
            return "a process of somebody else"
        return f"{self.program or 'process'} ({self.pid})"

    @property
    def told(self) -> str:
        """Who holds it, of which user, and since when."""
        since = f", since {self.since:%Y-%m-%d %H:%M} UTC" if self.since else ""
        user = f", of {self.user}" if self.user else ""
        return f"{self.holder}{user}{since}"


@dataclass(frozen=True, slots=True)
class Machine:
    """What was seen, by port, and what could not be, in sentences."""

    listeners: tuple[Listener, ...]
    unseen: tuple[str, ...] = ()

    def at(self, port: int, transport: str = "tcp") -> Listener | None:
        """Who holds a port."""
        return next((each for each in self.listeners if (each.port, each.transport) == (port, transport)), None)


def machine() -> Machine:
    """What listens on this machine now."""
    found, unseen = _sockets()
    containers, why = _containers()
    named = {(each.port, each.transport): each for each in containers}
    known = {(each.port, each.transport) for each in found}
    listeners = [
        replace(each, container=held.container, compose=held.compose)
        if (held := named.get((each.port, each.transport)))
        else each
        for each in found
    ]
    listeners += [each for key, each in named.items() if key not in known]
    hidden = sum(each.pid is None and not each.container for each in listeners)
    more = (f"Listeners of other users: {hidden}. Run with more rights to see which processes they are.",) if hidden else ()
    return Machine(tuple(sorted(listeners, key=lambda each: (each.port, each.transport))), (*unseen, *more, *why))


def _sockets() -> tuple[list[Listener], tuple[str, ...]]:
    psutil = _psutil()
    try:
        connections = psutil.net_connections(kind="inet")
    except psutil.AccessDenied:
        own = (connection for process in psutil.process_iter() for connection in _of_process(psutil, process))
        return _merged(psutil, own), ("Only your own processes can be seen without more rights.",)
    return _merged(psutil, connections), ()


def _psutil() -> Any:
    try:
        import psutil
    except ImportError:
        hint = "Run: pip install 'portscan-registry[doctor]'"
        raise UserError("looking at this machine needs the library psutil, which is not installed", hint) from None
    return psutil


def _of_process(psutil: Any, process: Any) -> Sequence[Any]:
    try:
        held = process.net_connections(kind="inet")
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return ()
    return [connection._replace(pid=process.pid) if hasattr(connection, "pid") else connection for connection in held]


def _merged(psutil: Any, connections: Iterable[Any]) -> list[Listener]:
    """One listener for each port, with all its addresses."""
    found: dict[tuple[int, str], Listener] = {}
    for connection in connections:
        transport = "udp" if connection.type == 2 else "tcp"
        listens = connection.status == psutil.CONN_LISTEN or (transport == "udp" and not connection.raddr)
        if not listens or not connection.laddr:
            continue
        key = (connection.laddr.port, transport)
        pid = getattr(connection, "pid", None)
        known = found.get(key)
        if known is None:
            found[key] = _described(psutil, Listener(*key, (connection.laddr.ip,)), pid)
        else:
            addresses = tuple(dict.fromkeys((*known.addresses, connection.laddr.ip)))
            found[key] = replace(known, addresses=addresses)
    return list(found.values())


def _described(psutil: Any, listener: Listener, pid: int | None) -> Listener:
    """The listener with what may be seen of its process."""
    if pid is None:
        return listener
    try:
        process = psutil.Process(pid)
        began = datetime.fromtimestamp(process.create_time(), tz=timezone.utc)
        listener = replace(listener, pid=pid, program=process.name(), since=began)
        listener = replace(listener, user=process.username(), command=tuple(process.cmdline()))
        return replace(listener, folder=process.cwd())
    except (psutil.AccessDenied, psutil.NoSuchProcess, OSError, KeyError):
        return replace(listener, pid=pid)


def _containers() -> tuple[list[Listener], tuple[str, ...]]:
    """The ports that containers publish, if Docker answers."""
    import shutil
    import subprocess

    program = shutil.which("docker")
    if program is None:
        return [], ()
    try:
        command = [program, "ps", "--no-trunc", "--format", "{{json .}}"]
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return [], ("Docker does not answer, so containers cannot be told.",)
    if done.returncode:
        return [], ("Docker does not answer, or not to you, so containers cannot be told.",)
    return list(published(done.stdout.decode("utf-8", "replace"))), ()


def published(output: str) -> Iterator[Listener]:
    """The ports in what `docker ps` writes, a JSON object on a line for each container."""
    seen: set[tuple[int, str]] = set()
    for line in output.splitlines():
        container = json.loads(line)
        labels = dict(pair.partition("=")[::2] for pair in container.get("Labels", "").split(","))
        for match in PUBLISHED.finditer(container.get("Ports", "")):
            key = (int(match["port"]), match["transport"])
            if key not in seen:
                seen.add(key)
                compose = labels.get("com.docker.compose.service", "")
                yield Listener(*key, (match["address"] or "",), container=container.get("Names", ""), compose=compose)
