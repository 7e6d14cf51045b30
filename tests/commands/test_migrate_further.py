"""`portscan migrate SERVICE.PORT-NAME`: a further port has a past of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.registry.loader import load
from portscan.registry.model import Registry
from tests.repository import REGISTRY_PATH, git, write

REGISTRY = """version: "1.0.0"
services:
  - name: a
    stack: s
    port: 5221
    ports:
      https: {port: 5243}
      admin:
        port: 5244
"""
CODE = """var w = $"http://{_baseAddress}:5243";
var u = "http://localhost:5243";
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    write(tmp_path / REGISTRY_PATH, REGISTRY)
    write(tmp_path / "a.cs", CODE)
    return tmp_path


def registry(place: Path) -> Registry:
    found = load(REGISTRY_PATH, (place / REGISTRY_PATH).read_bytes()).registry
    assert found is not None
    return found


def former(place: Path) -> list[tuple[str | None, int]]:
    return [(old.name, old.port) for old in registry(place).by_name["a"].previous]


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    main(["-q"])
    return [re.sub(r": (?:error|warning):? ", " ", line) for line in capsys.readouterr().out.splitlines()]


def test_the_old_number_is_a_former_port(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "a.https", "5250"]) == 0
    assert former(place) == [("https", 5243)]
    assert 'https: {port: 5250, previous: [{port: 5243, until: "' in (place / REGISTRY_PATH).read_text()
    assert main(["validate"]) == 0
    write(place / "b.js", 'f("http://a:5243");\ng("http://localhost:5243");\n')
    write(place / "b.env", "A_PORT=5243\nA_HTTPS_PORT=5243\n")
    lines = {line.partition(" ")[0]: line for line in said(capsys)}
    for at in ("b.js:1:13", "b.js:2:21", "b.env:2:14"):
        assert "PS006 Port 5243 of `a` was given up" in lines[at]
        assert "it is 5250 now." in lines[at]
        assert ("A_HTTPS_PORT" in lines[at]) == (at != "b.env:2:14")  # its own value reads nothing
        assert "if it is that one" not in lines[at]
    assert "PS003 `a` has port 5221, not 5243: it is the value of `A_PORT`." in lines["b.env:1:8"]


def test_each_port_has_its_own_past(place: Path) -> None:
    for wanted, port in (("a.https", "5250"), ("a", "5222"), ("a.admin", "5251"), ("a.https", "5252")):
        assert main(["migrate", wanted, port]) == 0
    assert former(place) == [(None, 5221), ("https", 5243), ("https", 5250), ("admin", 5244)]


def test_a_move_back_forgets_it(place: Path) -> None:
    assert main(["migrate", "a.https", "5250"]) == 0
    assert main(["migrate", "a.https", "5243"]) == 0
    assert former(place) == [("https", 5250)]
    assert (place / "a.cs").read_text() == CODE


def test_while_it_may_be_used_both_are_published_and_told(place: Path) -> None:
    write(place / "portscan.toml", '[generate.index]\n[generate.compose]\nfiles = ["compose.yaml"]\n')
    compose = 'services:\n  a:\n    image: a\n    ports: ["${A_PORT:-5221}:5221", "${A_HTTPS_PORT:-5243}:5243"]\n'
    write(place / "compose.yaml", compose)
    main(["migrate", "a.https", "5250", "--keep-old", "30"])
    assert main(["sync"]) == 0
    index = (place / "config/ports/index.json").read_text()
    assert re.search(r'"https": \{[^}]*"previous": \[\{"port": 5243, "until": "[\d-]+"\}\]', index, re.DOTALL)
    assert index.count('"previous"') == 1
    made = "".join(file.read_text() for file in place.rglob("*compose*.y*ml") if file.name != "compose.yaml")
    assert "5243:5243" in made
    assert "5221:5243" not in made


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("b.cs", 'var w = $"http://{_Base}:5243";\n'),
        ("b.js", "const w = `http://${apiHost}:5243`;\n"),
        ("b.py", 'W = f"http://{HOST}:5243"\n'),
        ("b.sh", 'curl "http://$API_HOST:5243"\n'),
    ],
)
def test_a_host_that_is_filled_in_elsewhere_speaks_for_nobody(place: Path, path: str, line: str) -> None:
    write(place / path, line)
    assert main(["migrate", "a.https", "5250"]) == 0
    assert (place / path).read_text() == line.replace("5243", "5250")


def test_a_host_is_named_as_it_is_written(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(place / "b.js", 'f("http://Some-Box:5243");\n')
    main(["migrate", "a.https", "5250"])
    assert "some-box" not in capsys.readouterr().err
