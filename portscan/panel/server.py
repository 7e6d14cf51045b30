"""Serves the panel to a browser on this machine, and tells it when something has changed.

Only the addresses that the page needs exist. A request must name this very server as its host, or a page on another name
could read what this one says (DNS rebinding); one that acts must come from this page and carry its token.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hmac import compare_digest
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Condition, Event
from typing import Any, Final

from portscan import __version__
from portscan.panel.page import asset, page, policy_of
from portscan.records import dataclass, field

LOCAL: Final = ("127.0.0.1", "localhost", "[::1]")
TOKEN: Final = "X-Portscan-Token"
HEARTBEAT: Final = 15.0  # seconds; proxies and browsers give up on a connection that says nothing
HTML, JSON, STREAM, PLAIN = "text/html", "application/json", "text/event-stream", "text/plain"
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(slots=True)
class Board:
    """The newest document, and who waits for the next one. The only thing here that changes."""

    data: dict[str, Any]
    number: int = 1
    stopped: bool = False
    wanted: Event = field(default_factory=Event)
    changed: Condition = field(default_factory=Condition)

    def publish(self, data: dict[str, Any]) -> None:
        """Replace the document, and wake everybody who waits for it."""
        with self.changed:
            self.data, self.number = data, self.number + 1
            self.changed.notify_all()

    def stop(self) -> None:
        """Let everybody go home."""
        with self.changed:
            self.stopped = True
            self.changed.notify_all()

    def after(self, number: int, seconds: float) -> int:
        """The number of the newest document, as soon as it is another than `number`, or when the time is up."""
        with self.changed:
            self.changed.wait_for(lambda: self.stopped or self.number != number, seconds)
            return self.number


class Panel(ThreadingHTTPServer):
    """The server. `names` are the hosts that requests may name, with the port that it got."""

    daemon_threads = True

    def __init__(self, host: str, port: int, board: Board) -> None:
        self.board = board
        self.token = token_urlsafe(32)
        super().__init__((host, port), Handler)
        self.names = frozenset(f"{name}:{self.server_port}" for name in (*LOCAL, host))

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{self.server_address[0]!s}:{self.server_port}/"

    def server_bind(self) -> None:
        """Bind without asking the resolver for this machine's name, which may take seconds."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no error, and there is nobody to tell of another."""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Panel
    server_version = f"portscan/{__version__}"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        """The page, its data, or its news."""
        routes: dict[str, Callable[[], None]] = {"/": self._page, "/data.json": self._data, "/events": self._events}
        self._routed(routes)

    def do_POST(self) -> None:
        """What acts: only for the page itself."""
        if self._trusted() and not self._authorised():
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        self._routed({"/rescan": self._rescan})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name is the library's)
        """Say nothing: the terminal belongs to the command."""

    def _routed(self, routes: dict[str, Callable[[], None]]) -> None:
        route = routes.get(self.path)
        if not self._trusted():
            self._refuse(HTTPStatus.FORBIDDEN)
        elif route is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            route()

    def _trusted(self) -> bool:
        """Whether the request names this server, and comes from this page or from no page."""
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        return host in self.server.names and origin in (None, f"http://{host}")

    def _authorised(self) -> bool:
        return compare_digest(self.headers.get(TOKEN, "").encode(), self.server.token.encode())

    def _page(self) -> None:
        policy = policy_of(asset("panel.js"), asset("style.css"), live=True)
        html = page({**self.server.board.data, "token": self.server.token})
        self._answer(HTML, html.encode(), {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"})

    def _data(self) -> None:
        self._answer(JSON, json.dumps(self.server.board.data, separators=(",", ":")).encode())

    def _rescan(self) -> None:
        self.server.board.wanted.set()
        self._answer(PLAIN, b"")

    def _events(self) -> None:
        """A line for every new document, until somebody leaves."""
        self._head(HTTPStatus.OK, STREAM)
        board, number = self.server.board, self.server.board.number
        try:
            while not board.stopped:
                newest = board.after(number, HEARTBEAT)
                self.wfile.write(f"data: {newest}\n\n".encode() if newest != number else b": still here\n\n")
                self.wfile.flush()
                number = newest
        except OSError:  # the browser is gone
            self.close_connection = True

    def _answer(self, kind: str, body: bytes, more: dict[str, str] | None = None) -> None:
        self._head(HTTPStatus.OK, kind, {**(more or {}), "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _refuse(self, status: HTTPStatus) -> None:
        body = f"{status.phrase}\n".encode()
        self._head(status, PLAIN, {"Content-Length": str(len(body))})
        self.wfile.write(body)

    def _head(self, status: HTTPStatus, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": f"{kind}; charset=utf-8", **HEADERS, **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
