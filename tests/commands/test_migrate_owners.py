"""`portscan migrate` and whose a number is: what it leaves no scan takes for the service's afterwards."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from portscan.cli import main
from tests.repository import REGISTRY_PATH, git, write

REGISTRY = """\
version: 1
ranges: {web: "8000-8099"}
services:
  - {name: frontend-proxy, stack: web, port: 8003, env: ENVOY_PORT}
  - {name: jaeger, stack: web, port: 8050}
"""
FILES = {
    ".env": "ENVOY_PORT=8003\nFRONTEND_PROXY_DEV_PORT=8003\nFRONTEND_PORT=8003\nFIREPIT_PORT=8003\n",
    "app.py": 'import os\nport = os.environ.get("FRONTEND_PORT", "8003")\n',
    "run.sh": "curl http://localhost:8003/ http://frontend:8003/\n",
    "README.md": "- **Jaeger**: <http://localhost:8003/jaeger/ui/>\n\nIn Compose it is `frontend:8003`.\n",
    "CHANGELOG.md": "- The frontend-proxy has port 8003.\n",
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / REGISTRY_PATH, REGISTRY)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def changed(place: Path) -> dict[str, str]:
    """The lines of each file that are others now."""
    found = {}
    for name, text in FILES.items():
        now = (place / name).read_text(encoding="utf-8").splitlines()
        found[name] = "\n".join(new for old, new in zip(text.splitlines(), now, strict=True) if new != old)
    return found


def test_only_what_is_called_after_the_service_follows(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "frontend-proxy", "8002", "--yes"]) == 1
    assert changed(shop) == {
        ".env": "ENVOY_PORT=8002\nFRONTEND_PROXY_DEV_PORT=8002",
        "app.py": "",
        "run.sh": "curl http://localhost:8002/ http://frontend:8003/",
        "README.md": "- **Jaeger**: <http://localhost:8002/jaeger/ui/>",
        "CHANGELOG.md": "",
    }
    told = capsys.readouterr().err
    for place, why in (
        (".env:3:15", "goes by the name FRONTEND_PORT"),
        (".env:4:14", "goes by the name FIREPIT_PORT"),
        ("app.py:2:41", "goes by the name FRONTEND_PORT"),
        ("run.sh:1:45", "stands behind `frontend`"),
        ("README.md:3:28", "stands behind `frontend`"),
        ("CHANGELOG.md:1:31", "tells of the past"),
    ):
        assert f"{place}: 8003 is left to you: it {why}." in told


def test_what_is_left_no_scan_calls_the_former_port(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["migrate", "frontend-proxy", "8002", "--yes"])
    left = changed(shop)
    capsys.readouterr()
    main(["scan", "--format", "json"])
    codes = {(each["path"], each["line"]): each["code"] for each in json.loads(capsys.readouterr().out)["findings"]}
    assert "PS006" not in codes.values()
    assert codes[".env", 3] == codes["app.py", 2] == codes["run.sh", 1] == "PS002"
    assert "README.md" not in {path for path, _ in codes}
    main(["scan", "--fix", "--unsafe-fixes"])
    assert {name: text for name, text in changed(shop).items() if name != "run.sh"} == {
        name: text for name, text in left.items() if name != "run.sh"
    }
    assert "http://frontend:8003/" in changed(shop)["run.sh"]


def test_the_day_on_which_a_port_was_given_up_is_that_of_the_move(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["migrate", "frontend-proxy", "8002", "--yes"])
    (shop / "new.sh").write_text("curl http://localhost:8003/\n", encoding="utf-8")
    last = re.search(r'until: "?([\d-]+)', (shop / REGISTRY_PATH).read_text(encoding="utf-8"))
    assert last is not None
    day = date.fromisoformat(last[1]) + timedelta(days=1)
    capsys.readouterr()
    main(["scan", "--format", "json", "new.sh"])
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert found["message"] == f"Port 8003 of `frontend-proxy` was given up on {day}; it is 8002 now."
