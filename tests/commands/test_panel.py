"""`portscan panel` without a browser: the file that it writes, and the server from its first line to Ctrl-C."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from portscan.cli import main
from tests.repository import HARDCODED, REGISTRY, REGISTRY_PATH, commit, repository, write

PATIENCE = 60.0


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = repository(tmp_path / "harbour")
    write(folder / "a.sh", HARDCODED)
    compose = "services:\n  api:\n    image: x\n  shop:\n    image: x\n    environment: {API_URL: 'http://api:4010'}\n"
    write(folder / "compose.yaml", compose)
    commit(folder)
    monkeypatch.chdir(folder)
    return folder


def embedded(file: Path) -> dict[str, Any]:
    """The document in a written page."""
    found = re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', file.read_text("utf-8"), re.DOTALL)
    assert found is not None
    document: dict[str, Any] = json.loads(found[1])
    return document


def test_one_has_to_say_where_it_should_go(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["panel"]) == 2
    assert "say where the page should go. Give --output DIR, or --serve." in capsys.readouterr().err


def test_the_page_holds_what_a_scan_finds(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["panel", "--output", "site"]) == 0
    assert capsys.readouterr().err == "portscan: wrote site/index.html; open it in a browser.\n"
    document = embedded(place / "site" / "index.html")
    assert document["title"] == "harbour"
    assert [each["name"] for each in document["services"]] == ["api", "shop"]
    assert (document["findings"]["codes"], document["findings"]["paths"]) == (["PS001"], ["a.sh"])
    calls = [edge for edge in document["graph"]["edges"] if edge["kind"] == "calls"]
    assert [(edge["from"], edge["to"], edge["port"]) for edge in calls] == [("shop", "api", 4010)]
    assert (document["live"], document["listening"], document["trend"]) == (False, None, [])


def test_the_history_is_that_of_git(place: Path) -> None:
    write(place / REGISTRY_PATH, REGISTRY.replace("4020", "4021"))
    commit(place, "the shop moves")
    assert main(["panel", "--output", "site", "--since", "2000-01-01"]) == 0
    document = embedded(place / "site" / "index.html")
    shop = document["services"][1]
    assert "4021" in shop["history"][0]["what"]
    assert len(document["trend"]) == 1


def test_a_port_that_is_taken_is_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["panel", "--serve", "--port", str(port)]) == 2
    error = capsys.readouterr().err
    assert f"the panel cannot be served at 127.0.0.1:{port}: " in error
    assert "Name another with --port." in error
    assert main(["panel", "--serve", "--port", "70000"]) == 2


@pytest.fixture
def served(place: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server, and its port."""
    command = [sys.executable, "-m", "portscan", "panel", "--serve"]
    with subprocess.Popen(command, cwd=place, stderr=subprocess.PIPE, text=True, preexec_fn=_heedful) as server:
        assert server.stderr is not None
        said = re.search(r"the panel is at http://127\.0\.0\.1:(\d+)/?\S*; press Ctrl-C to stop\.", server.stderr.readline())
        assert said is not None
        try:
            yield server, int(said[1])
        finally:
            server.kill()


def _heedful() -> None:
    """Heed Ctrl-C, which whoever runs in the background of a shell is told to ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def asked(port: int) -> dict[str, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", "/data.json")
    document: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return document


def awaited(port: int, code: str, problem: bool) -> dict[str, Any]:
    """The document, as soon as it says that."""
    end = monotonic() + PATIENCE
    while monotonic() < end:
        document = asked(port)
        if document["findings"]["codes"] == [code] and bool(document["problem"]) == problem:
            return document
        sleep(0.1)
    raise AssertionError(asked(port))


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
def test_a_served_page_follows_the_files_until_somebody_stops_it(place: Path, served: tuple[subprocess.Popen[str], int]) -> None:
    server, port = served
    assert awaited(port, "PS001", problem=False)["live"] is True
    write(place / "a.sh", "curl http://localhost:4099/\n")
    awaited(port, "PS002", problem=False)
    write(place / REGISTRY_PATH, "version: [")
    awaited(port, "PS002", problem=True)
    write(place / REGISTRY_PATH, REGISTRY.replace("port: 4020", "port: 4099"))
    awaited(port, "PS001", problem=False)
    server.send_signal(signal.SIGINT)
    assert server.wait(PATIENCE) == 0
    assert server.stderr is not None
    assert server.stderr.read().endswith("portscan: stopped.\n")
