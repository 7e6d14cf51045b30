"""A number that stands more than once in one unit changes everywhere in it, or is left to a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portscan.cli import main
from portscan.config import Config
from portscan.pipeline.scanning import scan
from portscan.registry.loader import load
from tests.repository import HARDCODED, commit, repository, write

REGISTRY = b"""version: "1.0.0"
ranges: {web: "4000-4099", queue: "29000-29199"}
services:
  - {name: api, stack: web, port: 4010, container: true}
  - {name: broker, stack: queue, container_port: 29092, container: true, ports: {controller: {container_port: 29093}}}
"""
LISTENERS = """services:
  broker:
    environment:
      VOTERS: "1@127.0.0.1:29093"
      LISTENERS: "CLIENT://0.0.0.0:29092,CONTROLLER://0.0.0.0:29093"
"""
ENTRY = """services:
  caller:
    environment:
      API: http://localhost:4010
{more}
"""
OTHER_ENTRY = """  another:
    environment: [PORT=4010]"""
SAME_ENTRY = "      PORT: 4010"
# What a value is held against: where it stays as it is written, a port that moves is not found there any more.
HELD = (
    'NAMES = {4010: "api"}\napi_port = 4010\n',
    'NAMES = {"4010": "api"}\napi_port = "4010"\n',
    "KNOWN = frozenset((4010, 4020))\napi_port = 4010\n",
    "from typing import Literal\nx: Literal[4010, 4020]\napi_port = 4010\n",
    "match x:\n    case 4010: ...\napi_port = 4010\n",
    "from enum import IntEnum\nclass Known(IntEnum):\n    API = 4010\napi_port = 4010\n",
    "class M(BaseModel):\n    port: int = Field(4010, ge=4010)\n",
    'p.add_argument("--port", choices=[4010, 4020], default=4010)\n',
    "x = y == 4010\napi_port = 4010\n",
    "NAMES[4010] = 1\napi_port = 4010\n",
)
HELD_IN_SCRIPTS = (
    "const NAMES = { 4010: 'api' };\nconst port = 4010;\n",
    "const NAMES = { '4010': 'api' };\nconst port = '4010';\n",
    "const NAMES = { [4010]: 'api' };\nconst port = 4010;\n",
    "const names = new Map([[4010, 'api']]);\nconst port = 4010;\n",
    "const names = new Map();\nnames.set(4010, 'api');\nconst port = 4010;\n",
    "const known = new Set([4010, 4020]).has(port);\nconst port = 4010;\n",
    "switch (port) { case (4010): break; }\nconst port = 4010;\n",
    "const same = x === `4010`;\nconst port = 4010;\n",
    "const below = x < 4010;\nconst port = 4010;\n",
    "const there = 4010 in x;\nconst port = 4010;\n",
    "names[4010] = 1;\nconst port = 4010;\n",
    "const { 4010: name } = names;\nconst port = 4010;\n",
    "assert.equal(x, 4010);\nconst port = 4010;\n",
    "const Known = Object.freeze({ Api: 4010 });\nconst port = 4010;\n",
    "const schema = { port: { default: 4010, minimum: 4010 } };\n",
    "const schema = { port: { default: 4010, enum: [4010, 4020] } };\n",
    "class A { 4010 = 1; }\nconst port = 4010;\n",
    "const ours = /^:4010\\/$/.test(x);\nconst port = 4010;\n",
)
HELD_IN_TYPES = (
    "enum Known { Api = 4010 }\nconst port: number = 4010;\n",
    "const enum Known { Api = '4010' }\nconst port: string = '4010';\n",
    "const Known = { Api: 4010 } as const;\nconst port: number = 4010;\n",
    "const Known = <const>{ Api: 4010 };\nconst port: number = 4010;\n",
    "type P = 4010 | 4020;\nconst port = 4010;\nconst p: P = port;\n",
    "const c = { port: 4010 } satisfies { port: 4010 };\n",
    "const { port = 4010 } = {} as { port?: 4010 | 4020 };\n",
    "interface Names { 4010: string }\nconst port = 4010;\n",
)
FREE_SCRIPTS = (
    "const ports = { api: 4010 };\nconst same = port === ports.api;\n",
    "const x = { size: 4010, n: y + 4010 };\nsleep(4010);\nconst port = 4010;\n",
    "names.set('api', 4010);\nnames.get('api');\nnew Size(4010);\nsize(4010);\nconst port = 4010;\n",
    "const x = { url: { size: 4010 } };\nconst y = { size: 4010 } as Sizes;\nkeep({ size: 4010 });\nconst port = 4010;\n",
)
NODE = "import fs from 'node:fs';\n"
FREE = (
    "class M(BaseModel):\n    port: int = Field(4010, ge=4000, le=4999)\n",
    "class Server:\n    def __init__(self, n): ...\nsleep(4010)\napi_port = 4010\n",
    "SIZE = 4010\napi_port = 4010\n",
)
LOCAL = "curl http://localhost:4010\n"
LEFT = "cat <<'END'\nhttp://localhost:4010\nEND\n"


@pytest.mark.parametrize(
    ("path", "text", "fixes"),
    [
        *(("a.py", text, ["unsafe"]) for text in HELD),
        *(("a.py", text, ["safe"]) for text in FREE),
        *((path, NODE + text, ["unsafe"]) for text in HELD_IN_SCRIPTS for path in ("a.mjs", "a.ts")),
        *(("a.ts", NODE + text, ["unsafe"]) for text in HELD_IN_TYPES),
        *(("a.ts", NODE + text, ["safe"]) for text in FREE_SCRIPTS),
        ("justfile", 'port := "4010"\nx := if port == "4010" { "a" } else { "b" }\n', ["unsafe"]),
        ("justfile", 'port := "4010"\nx := if port == "4011" { "a" } else { "b" }\n', ["safe"]),
        ("a.sh", LOCAL + LOCAL, ["safe", "safe"]),
        ("a.sh", LOCAL + LEFT, ["unsafe", None]),
        ("a.sh", LOCAL + "docker run -e PORT=4010 -p 4010:4010 api\n", ["safe", None, "safe"]),
        ("a.sh", LOCAL + "curl http://10.0.0.7:4010\n", ["safe", "unsafe"]),
        ("a.sh", LOCAL + "curl http://localhost:4010  # portscan: ignore[PS001] as it is\n", ["safe"]),
        ("a.sh", LOCAL + "curl http://localhost:4010  # portscan: api\n", ["safe"]),
        ("a.py", 'A = "http://localhost:4010"\nPORT = 4010\n', ["safe", "safe"]),
        ("a.py", 'A = "http://localhost:4010"\ndef f(port=4010): ...\n', ["unsafe", "unsafe"]),
        ("compose.yaml", LISTENERS, ["unsafe", "unsafe", "unsafe"]),
        ("compose.yaml", ENTRY.format(more=OTHER_ENTRY), ["safe", None]),
        ("compose.yaml", ENTRY.format(more=SAME_ENTRY), ["unsafe", None]),
    ],
)
def test_a_fix_that_leaves_its_number_beside_it_is_not_safe(
    tmp_path: Path, path: str, text: str, fixes: list[str | None]
) -> None:
    (tmp_path / path).write_text(text)
    registry = load("registry.yaml", REGISTRY).registry
    assert registry is not None
    config = Config(ignore=("PS2",))
    found = scan(tmp_path, [path], registry, config, date(2026, 1, 1), fixes=True).report.findings
    assert [each.fix and each.fix.applicability for each in found] == fixes


def test_it_says_which_line_would_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository(tmp_path) / "a.sh", LOCAL + LEFT)
    monkeypatch.chdir(tmp_path)
    assert main(["--fix", "a.sh"]) == 1
    assert (tmp_path / "a.sh").read_text() == LOCAL + LEFT
    said = capsys.readouterr()
    assert "Mind: the same number on line 3 would stay." in " ".join(said.out.split())
    assert "fixed 0 findings in 0 files, 1 more with --unsafe-fixes; 2 findings left." in said.err


def test_what_the_baseline_hides_stays_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repository(tmp_path) / "a.sh", HARDCODED)
    monkeypatch.chdir(tmp_path)
    assert main(["--write-baseline"]) == 0
    commit(tmp_path)
    write(tmp_path / "a.sh", HARDCODED + LOCAL)
    assert main(["--fix"]) == 1
    assert (tmp_path / "a.sh").read_text() == HARDCODED + LOCAL
    assert main(["--fix", "--no-baseline"]) == 1
    assert ":4010" not in (tmp_path / "a.sh").read_text()


def test_so_does_what_is_not_selected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = LOCAL + "curl http://localhost:${WHOSE_PORT:-4010}\n"
    write(repository(tmp_path) / "a.sh", text)
    monkeypatch.chdir(tmp_path)
    assert main(["--fix", "--select", "PS001"]) == 1
    assert (tmp_path / "a.sh").read_text() == text


def test_a_pin_says_that_the_other_number_is_to_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repository(tmp_path) / "a.sh", LOCAL + LEFT)
    monkeypatch.chdir(tmp_path)
    assert main(["--fix", "--pin"]) == 1
    assert (tmp_path / "a.sh").read_text() == "curl http://localhost:${API_PORT:-4010}\n" + LEFT
    assert main(["--fix", "--pin"]) == 0
