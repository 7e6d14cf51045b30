"""`portscan migrate`: the new port everywhere the old one stood, and nothing else, by the word of Compose itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from portscan.cli import main
from portscan.config import Config
from portscan.pipeline import scan
from portscan.registry.loader import load
from tests.judges import judge
from tests.pseudo_terminal import ENTER, INTERRUPT, Dialogue
from tests.repository import REGISTRY_PATH, git, write

TOP = Path(__file__).resolve().parent.parent.parent
COMPOSE = ("apps", "telegram", "monitoring")


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "example"
    shutil.copytree(TOP / "examples" / "tradingsystem", place)
    git(place, "init", "--quiet")
    git(place, "add", "--all")
    monkeypatch.chdir(place)
    return place


def contents(place: Path) -> dict[str, bytes]:
    files = (path for path in place.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in files}


def compose(place: Path) -> dict[str, Any]:
    """What Compose makes of each file."""
    found = {}
    for name in COMPOSE:
        command = [judge("docker-compose"), "-p", "p", "-f", f"tools/compose/docker-compose.{name}.yml", "--profile", "*"]
        done = subprocess.run([*command, "config", "--format", "json"], cwd=place, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        found[name] = json.loads(done.stdout)
    return found


def differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for key in before:
            yield from differences(before[key], after[key], f"{path}.{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from differences(*pair, f"{path}.{index}")
    elif before != after:
        yield path[1:], before, after


def test_compose_shows_the_new_port_where_the_old_stood_and_nothing_else(example: Path) -> None:
    before = compose(example)
    assert main(["migrate", "dashboard", "3110", "--yes"]) == 1  # a table says 3103 in a further column: told, and left
    changed = list(differences(before, compose(example)))
    assert {path for path, _, _ in changed} == {
        "apps.services.dashboard.ports.0.published",
        "apps.services.dashboard.ports.0.target",
        "apps.services.workspace-api.environment.CORS_ORIGINS",
        "telegram.services.telegram-gateway-api.environment.DASHBOARD_PORT",
    }
    for _, old, new in changed:
        assert str(new) == str(old).replace("3103", "3110")


def test_only_the_number_changes_in_every_file(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(example)
    assert main(["migrate", "dashboard", "3110", "--yes"]) == 1
    shown = capsys.readouterr()
    assert shown.out == "Changed 25 places and the registry, in 20 files.\n"
    assert "docs/ports.md:8: 3103 stands there once more" in shown.err
    after = contents(example)
    registry = after.pop(REGISTRY_PATH).decode()
    assert "    port: 3110\n" in registry
    for name, data in after.items():
        # 3101 stood in a comment as the dashboard's address, and never was right.
        expected = before[name].replace(b"localhost:3101", b"localhost:3110").replace(b"3103", b"3110")
        changed = [pair for pair in zip(before[name].splitlines(), data.splitlines(), strict=True) if pair[0] != pair[1]]
        assert all(new in expected or b"| dashboard |" in new for _, new in changed)
    assert after["apps/dashboard/src/config/endpoints.ts"] == before["apps/dashboard/src/config/endpoints.ts"]  # #3103aa
    assert main(["migrate", "dashboard", "3110", "--yes"]) == 0
    assert capsys.readouterr().out == "Nothing has to move.\n"


def findings(place: Path, today: date) -> list[tuple[str, str, str]]:
    data = (place / REGISTRY_PATH).read_bytes()
    registry = load(REGISTRY_PATH, data).registry
    assert registry is not None
    found = scan(place, (), registry, Config(), today).report.findings
    return [(finding.code, finding.severity, finding.path) for finding in found]


def test_during_the_window_both_ports_work_and_after_it_the_old_one_is_an_error(example: Path) -> None:
    assert main(["migrate", "workspace-api", "3220", "--keep-old", "30", "--yes"]) == 1
    ports = compose(example)["apps"]["services"]["workspace-api"]["ports"]
    assert [(port["published"], port["target"]) for port in ports] == [("3220", 3220), ("3200", 3220)]
    today = date.fromisoformat((example / REGISTRY_PATH).read_text().split('lastUpdated: "')[1][:10])
    former = ("PS006", "warning", "tools/compose/docker-compose.apps.yml")
    assert former in findings(example, today)
    assert ("PS006", "error", former[2]) in findings(example, today + timedelta(days=31))


SMALL = """\
version: 1
ranges: {web: "4000-4099", data: "5400-5499"}
services:
  - {name: api, stack: web, port: 4010, container: true}
  - {name: store, stack: data, port: 5434, container: true, protocol: postgres}
  - {name: cache, stack: web, port: 6380, ports: {metrics: {port: 4080}}}
  - {name: mail, stack: web, port: 4050, external: true}
"""
FILES = {
    "compose.yaml": """\
services:
  api:
    build: .
    ports: ["127.0.0.1:${API_PORT:-4010}:4010"]
  store:
    image: postgres:16
    ports:
      - 5434:5434
    command: -p 5434
    environment:
      PEER: http://api:4010
  other:
    image: x
    environment: {PORT: 4010}
""",
    "portscan.toml": '[[pin]]\npath = "data.json"\nport = 4010\nservice = "api"\n\n'
    '[[pin]]\npath = "x"\nport = 4010\nservice = "mail"\n',
    "data.json": '{"port": 4010}\n',
    "CHANGELOG.md": "- The api moved to http://localhost:4010.\n",
    "utf16.txt": "curl http://localhost:4010/ # api",
    "run.sh": "curl http://localhost:4010/ http://rag:4010/ $METRICS_OF_ALL\ncurl localhost:6380\n",
}


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / REGISTRY_PATH, SMALL)
    for name, text in FILES.items():
        (tmp_path / name).write_bytes(text.encode("utf-16" if name == "utf16.txt" else "utf-8"))
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_follows_and_what_is_left(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "api", "4020", "--yes"]) == 1
    err = capsys.readouterr().err
    assert "CHANGELOG.md:1:37: 4010 is left to you: it tells of the past." in err
    assert "4010 is left to you: it stands behind `rag`." in err
    assert "compose.yaml:14:25: 4010 is left to you" in err
    after = contents(small)
    assert b'["127.0.0.1:${API_PORT:-4020}:4020"]' in after["compose.yaml"]
    assert b"PEER: http://api:4020" in after["compose.yaml"]
    assert b"environment: {PORT: 4010}" in after["compose.yaml"]
    assert after["data.json"] == b'{"port": 4020}\n'
    assert after["portscan.toml"].decode() == FILES["portscan.toml"].replace("port = 4010", "port = 4020", 1)
    assert after["utf16.txt"].decode("utf-16") == "curl http://localhost:4020/ # api"
    assert after["run.sh"].startswith(b"curl http://localhost:4020/ http://rag:4010/")


def test_the_port_in_somebody_elses_image_stays(small: Path) -> None:
    assert main(["migrate", "store", "5440", "--keep-old", "10", "--yes"]) == 0
    after = contents(small)
    assert b"      - 5440:5434\n" in after["compose.yaml"]
    assert b'      - "5434:5434"\n' in after["compose.yaml"]
    assert b"command: -p 5434" in after["compose.yaml"]
    assert b"port: 5440, container_port: 5434, " in after[REGISTRY_PATH]


def test_a_further_port_has_a_name(small: Path) -> None:
    assert main(["migrate", "cache.metrics", "4081", "--yes"]) == 0
    assert b"metrics: {port: 4081" in contents(small)[REGISTRY_PATH]


def test_a_stack_moves_into_its_range(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--stack", "web", "--yes"]) == 0
    assert "`cache` moves from 6380 to 4000." in capsys.readouterr().err
    assert contents(small)["run.sh"].endswith(b"curl localhost:4000\n")
    assert main(["validate"]) == 0


def test_the_proposals_ranges_are_put_right(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(TOP / "tests" / "fixtures" / "registry" / "proposal.yaml", small / REGISTRY_PATH)
    (small / "portscan.toml").unlink()
    assert main(["validate"]) == 1
    assert capsys.readouterr().out.count("error    PS104") == 2
    assert main(["migrate", "--fix-ranges", "--yes"]) == 0
    assert "`docs-hub` moves from 3400 to 3201" in capsys.readouterr().err
    assert main(["validate"]) == 0
    assert main(["migrate", "--fix-ranges", "--yes"]) == 0


def test_generated_files_follow(small: Path) -> None:
    config = small / "portscan.toml"
    config.write_text(config.read_text() + '\n[generate.env]\npath = ".env.ports"\n')
    assert main(["sync", "-q"]) == 0
    assert b"API_PORT=4010" in contents(small)[".env.ports"]
    main(["migrate", "api", "4020", "--yes"])
    assert b"API_PORT=4020" in contents(small)[".env.ports"]
    assert main(["sync", "--check"]) == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "say what is to move"),
        (["api", "4020", "--fix-ranges"], "say what is to move"),
        (["apy", "4020"], "Did you mean `api`?"),
        (["api", "5434"], "would be in error"),
        (["api", "9999"], "would be in error"),
        (["api", "0"], "is no port"),
        (["--stack", "wep"], "no stack with a range `wep`. Did you mean `web`?"),
        (["api", "4020", "--keep-old", "-1"], "days are counted forward"),
    ],
)
def test_what_cannot_be_done(small: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str) -> None:
    before = contents(small)
    assert main(["migrate", *arguments, "--yes"]) == 2
    assert complaint in capsys.readouterr().err
    assert contents(small) == before


def test_a_person_sees_the_changes_first(small: Path) -> None:
    before = contents(small)
    talk = Dialogue(["migrate", "store", "5440"], small)
    talk.expect("+++ b/compose.yaml").expect("Write 2 files? [y/N]").type("n" + ENTER)
    assert talk.status() == 0
    talk = Dialogue(["migrate", "store", "5440"], small)
    talk.expect("[y/N]").type(INTERRUPT)
    assert talk.status() == 130
    assert contents(small) == before
    talk = Dialogue(["migrate", "store", "5440"], small)
    talk.expect("[y/N]").type("y" + ENTER)
    assert talk.status() == 0
    assert contents(small) != before


VICTIM = """
import os, sys
from portscan import journal
from portscan.cli import main
left = int(sys.argv[1])
take = journal.take
def dying(step):
    global left
    if not left:
        os._exit(9)
    left -= 1
    take(step)
journal.take = dying
main(["migrate", "api", "4020", "--yes"])
"""


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_a_move_that_is_killed_is_finished_by_the_next_command(
    small: Path, capsys: pytest.CaptureFixture[str], steps: int
) -> None:
    old = contents(small)
    done = subprocess.run([sys.executable, "-c", VICTIM, str(steps)], cwd=small, capture_output=True, check=False)
    assert done.returncode == 9, done.stderr.decode()
    main(["validate"])
    assert "it is finished now" in capsys.readouterr().err
    new = contents(small)
    assert new["data.json"] == b'{"port": 4020}\n'
    assert new["compose.yaml"] == old["compose.yaml"].replace(b"-4010}:4010", b"-4020}:4020").replace(b"api:4010", b"api:4020")
