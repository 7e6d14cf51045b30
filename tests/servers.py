"""Servers on the loopback for tests that ask real ones: up, wrong, slow, silent, gone. Each ends with its `with` block."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.judges import judge

HERE = "127.0.0.1"
PATIENCE = 60.0  # seconds until a server must be there; none of them needs one tenth of it


def free_port() -> int:
    """A port that nobody listens at just now."""
    with closing(socket.socket()) as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


@contextmanager
def web(statuses: dict[str, int], delay: float = 0) -> Iterator[int]:
    """A server that answers each path with its status, others with 404, after `delay` seconds; the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            leaving.wait(delay)
            with suppress(OSError):
                self.send_response(statuses.get(self.path, 404))
                self.end_headers()
                self.wfile.write(b"so it is\n")

        def log_message(self, *args: object) -> None:
            pass

    leaving = threading.Event()
    with ThreadingHTTPServer((HERE, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_port
        finally:
            leaving.set()
            server.shutdown()
            thread.join()


@contextmanager
def listener(says: bytes | None) -> Iterator[int]:
    """A port that says `says` to whoever connects and hangs up; with none it neither speaks nor hangs up."""
    held: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                caller, _ = server.accept()
                held.append(caller)
                if says is not None:
                    with suppress(OSError):
                        caller.sendall(says)
                        caller.shutdown(socket.SHUT_RDWR)

    with closing(socket.socket()) as server:
        server.bind((HERE, 0))
        server.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield int(server.getsockname()[1])
        finally:
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for caller in held:
                caller.close()


@contextmanager
def program(command: Sequence[str], port: int, folder: Path) -> Iterator[int]:
    """A program that serves `port`; it is there when the block begins, and gone when it ends."""
    log = folder / f"{Path(command[0]).name}-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/")
        try:
            _await(process, port, log)
            yield port
        finally:
            process.terminate()
            process.wait()


@contextmanager
def redis(folder: Path, port: int = 0) -> Iterator[int]:
    """Redis, without a word on the disk, at `port` or a free one."""
    port = port or free_port()
    command = [judge("redis-server"), "--port", str(port), "--bind", HERE, "--save", "", "--appendonly", "no"]
    with program(command, port, folder) as found:
        yield found


@contextmanager
def postgres(folder: Path) -> Iterator[int]:
    """PostgreSQL with a cluster of its own. It refuses to run as root, so there it runs as the user of Debian's package."""
    tools, port = Path(os.path.realpath(_postgres())).parent, free_port()
    with TemporaryDirectory(prefix="portscan-cluster-") as place:  # pytest's own folders are closed to that user
        as_user = _as_user(Path(place))
        cluster = Path(place) / "data"
        make = [*as_user, tools / "initdb", "-D", cluster, "-A", "trust", "-N", "-E", "UTF8"]
        made = subprocess.run(make, capture_output=True, cwd="/", text=True, check=False)
        assert made.returncode == 0, made.stderr
        server = [*as_user, str(tools / "postgres"), "-D", str(cluster), "-p", str(port), "-h", HERE, "-k", "", "-F"]
        with program(server, port, folder) as found:
            yield found


def _as_user(place: Path) -> list[str]:
    """The start of a command that runs as the owner of `place`, which root hands to somebody else."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    os.chown(place, user.pw_uid, user.pw_gid)
    return [judge("setpriv"), f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _postgres() -> str:
    """Debian keeps the server beside the others of its version, not on the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return str(versions[-1]) if versions else judge("postgres")


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(errors="replace")
        with suppress(OSError), closing(socket.create_connection((HERE, port), timeout=1)):
            return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens at {port}: {log.read_text(errors='replace')}")
