"""`portscan notify`, against a server on this machine that is not always in the mood."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import sleep

import pytest

from portscan.cli import main
from portscan.errors import UserError
from portscan.notices import announcement, webhook
from portscan.registry.changes import Change
from tests.commands.test_diff import FIRST, top, write

__all__ = ["top"]
SECRET = "T0SECRET"


class Hook(HTTPServer):
    """Answers with the statuses it is given, the last one for ever, and keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.answers: list[tuple[int, dict[str, str]]] = [(200, {})]
        self.bodies: list[dict[str, object]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/services/{SECRET}"


class Receiver(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(json.loads(body))
        answers = self.server.answers
        status, headers = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        for name, value in {**headers, "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    server = Hook()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    monkeypatch.setenv("PORTSCAN_WEBHOOK", server.address)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr(webhook, "post", lambda *args: POST(*args, sleep=found.append))
    return found


POST = webhook.post


def test_changes_arrive_as_blocks(top: Path, hook: Hook, capsys: pytest.CaptureFixture[str]) -> None:
    write(FIRST.replace("4010", "4011"))
    assert main(["notify", "--title", "Ports of shop"]) == 0
    assert hook.bodies == [
        {
            "text": "Ports of shop: 1 change from HEAD to the work tree.",
            "blocks": [
                {
                    "type": "header",
                    "text": {"type": "plain_text", "text": "Ports of shop: 1 change from HEAD to the work tree.", "emoji": False},
                },
                {"type": "section", "text": {"type": "mrkdwn", "text": "*Moved*\n• `api` moves from 4010 to 4011"}},
            ],
        }
    ]
    assert capsys.readouterr().err == "portscan: posted 1 change.\n"


def test_another_receiver_gets_the_rows(top: Path, hook: Hook) -> None:
    write(FIRST.replace("4010", "4011"))
    assert main(["notify", "--format", "json"]) == 0
    rows = hook.bodies[0]["changes"]
    assert isinstance(rows, list)
    assert rows[0]["kind"] == "moved"


def test_nobody_is_disturbed_for_nothing(top: Path, hook: Hook, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["notify"]) == 0
    assert hook.bodies == []
    assert "nothing has changed" in capsys.readouterr().err


def test_a_dry_run_posts_nothing_and_needs_no_address(top: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(FIRST.replace("4010", "4011"))
    assert main(["notify", "--dry-run"]) == 0
    assert json.loads(capsys.readouterr().out)["blocks"][0]["type"] == "header"


def test_a_busy_server_is_asked_again_after_the_time_it_asks_for(top: Path, hook: Hook, pauses: list[float]) -> None:
    write(FIRST.replace("4010", "4011"))
    hook.answers = [(429, {"Retry-After": "7"}), (503, {}), (429, {"Retry-After": "100000"}), (200, {})]
    assert main(["notify"]) == 0
    assert len(hook.bodies) == 4
    assert pauses == [7.0, 2.0, 60.0]


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (403, 1), (302, 1), (500, 4)])
def test_what_is_refused_is_told_without_the_secret(
    top: Path, hook: Hook, pauses: list[float], status: int, tries: int, capsys: pytest.CaptureFixture[str]
) -> None:
    write(FIRST.replace("4010", "4011"))
    hook.answers = [(status, {"Location": f"{hook.address}/elsewhere"})]
    assert main(["notify"]) == 2
    assert len(hook.bodies) == tries
    said = capsys.readouterr()
    assert f"it answered {status}" in said.err
    assert "PORTSCAN_WEBHOOK" in said.err
    assert SECRET not in said.err + said.out


def test_a_server_that_is_not_there(
    top: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(FIRST.replace("4010", "4011"))
    monkeypatch.setenv("PORTSCAN_WEBHOOK", f"http://127.0.0.1:9/{SECRET}")
    assert main(["notify"]) == 2
    assert len(pauses) == 3
    said = capsys.readouterr()
    assert "connection refused" in said.err
    assert SECRET not in said.err


@pytest.mark.parametrize(
    "address", ["", "nonsense", "file:///etc/passwd", "ftp://x/y", "http://", "http://[x", "http://a..b/x", "https://h/ä"]
)
def test_an_address_is_one_of_the_web(address: str) -> None:
    with pytest.raises(UserError) as raised:
        webhook.address_from("HOOK", {"HOOK": address})
    assert address not in str(raised.value) or not address


def test_hostile_text_neither_mentions_nor_links() -> None:
    change = Change("owner", "x", "`api` belongs to <!channel> <http://x|y> *b* & `<@U1>` now")
    text = announcement.for_slack([change], "T", "a", "b")["blocks"][1]["text"]["text"]
    assert text == "*Owners*\n• `api` belongs to &lt;!channel&gt; &lt;http://x|y&gt; ∗b∗ &amp; `&lt;@U1&gt;` now"


def test_many_changes_stay_within_the_limits() -> None:
    found = [Change("added", str(n), f"`service-{n}` is new, at {n}" + "x" * 500) for n in range(2000)]
    blocks = announcement.for_slack(found, "T" * 400, "a", "b")["blocks"]
    assert len(blocks) <= 50
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks)
    assert "more parts" in blocks[-1]["text"]["text"]


def test_a_server_that_always_says_a_little_more_is_not_waited_for(
    hook: Hook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = []

    def drip(self: Receiver) -> None:
        try:
            for _ in range(2_000):
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                sleep(0.005)
        except OSError:
            ended.append("by the other side")

    monkeypatch.setattr(Receiver, "do_POST", drip)
    monkeypatch.setattr(webhook, "PATIENCE", 0.1)
    with pytest.raises(UserError, match="it came to no end"):
        POST("PORTSCAN_WEBHOOK", hook.address, {}, sleep=lambda _: pytest.fail("there is no use in another try"))
    hook.shutdown()
    assert ended == ["by the other side"]
