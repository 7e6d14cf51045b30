"""The server answers its own page and nobody else."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from html import unescape
from threading import Thread

import pytest

from portscan.errors import UserError
from portscan.panel.data import document
from portscan.panel.server import TOKEN, Board, Panel
from portscan.panel.watch import watch
from tests.panel import samples


@pytest.fixture
def panel() -> Iterator[Panel]:
    server = Panel("127.0.0.1", 0, Board(document(samples.small(live=True))))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.board.stop()
    server.shutdown()
    server.server_close()
    thread.join()


def ask(panel: Panel, path: str = "/", method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", panel.server_port, timeout=10)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    return connection.getresponse()


def test_the_page_and_its_data(panel: Panel) -> None:
    answer = ask(panel)
    assert answer.status == 200
    assert "frame-ancestors 'none'" in (answer.getheader("Content-Security-Policy") or "")
    assert "connect-src 'self'" in unescape(answer.read().decode())
    assert json.loads(ask(panel, "/data.json").read())["title"] == "shop"


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/%2e%2e/x", "//evil.example/", "/data.json?x", "/assets/panel.js", "/rescan", "*"]
)
def test_no_other_path_exists(panel: Panel, path: str) -> None:
    assert ask(panel, path).status == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "127.0.0.1", "127.0.0.1.evil.example:1"])
def test_another_host_name_is_refused(panel: Panel, host: str) -> None:
    assert ask(panel, Host=host).status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"])
def test_another_origin_is_refused(panel: Panel, origin: str) -> None:
    assert ask(panel, "/data.json", Origin=origin).status == 403
    assert ask(panel, "/rescan", "POST", Origin=origin, **{TOKEN: panel.token}).status == 403


def test_who_acts_has_the_token(panel: Panel) -> None:
    assert ask(panel, "/rescan", "POST").status == 403
    assert ask(panel, "/rescan", "POST", **{TOKEN: "x" * 43}).status == 403
    assert not panel.board.wanted.is_set()
    assert ask(panel, "/rescan", "POST", **{TOKEN: panel.token}).status == 200
    assert panel.board.wanted.is_set()
    assert panel.token in ask(panel).read().decode()
    assert panel.token not in ask(panel, "/data.json").read().decode()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing(panel: Panel, method: str) -> None:
    assert ask(panel, "/", method).status == 501


def test_news_arrive(panel: Panel) -> None:
    answer = ask(panel, "/events")
    assert answer.getheader("Content-Type", "").startswith("text/event-stream")
    panel.board.publish(document(samples.small(live=True, problem="later")))
    assert answer.fp.readline() == b"data: 2\n"
    assert json.loads(ask(panel, "/data.json").read())["problem"] == "later"


def test_a_change_is_published_and_an_error_keeps_what_was() -> None:
    board = Board({"title": "old"})
    states = iter([1, 2, 3])
    looks: list[object] = [{"title": "new"}, UserError("the registry is in error", "Mend it.")]

    def state() -> int:
        try:
            return next(states)
        except StopIteration:
            board.stopped = True
            return 3

    def look() -> dict[str, object]:
        found = looks.pop(0)
        if isinstance(found, UserError):
            raise found
        return found  # type: ignore[return-value]

    watch(board, 1, state, look, pause=0.001)
    assert board.data == {"title": "new", "problem": "the registry is in error Mend it."}


def test_what_changed_before_the_first_look_is_published_too() -> None:
    board = Board({"title": "old"})

    def look() -> dict[str, object]:
        board.stopped = True
        return {"title": "new"}

    watch(board, 1, lambda: 2, look, pause=0.001)
    assert board.data == {"title": "new"}
