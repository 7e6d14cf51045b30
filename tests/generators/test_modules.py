"""Modules of constants: each language's own tools take them, and they read the environment."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portscan.config import Config
from portscan.errors import UserError
from portscan.generators.claims import Place, claims
from portscan.registry.loader import load
from tests.generators.helpers import REGISTRY, registry_of
from tests.generators.hostile import TEXTS, generated
from tests.generators.test_hostile import text_of
from tests.judges import judge, node_module

SERVICES: list[dict[str, Any]] = [
    {"name": "dashboard", "stack": "web", "port": 3103, "description": "Main dashboard */ `x`"},
    {"name": "queue", "stack": "data", "port": 5672, "ports": {"management": {"port": 15680, "env": "QUEUE_UI_PORT"}}},
]
PATHS = ("ports.py", "ports.ts", "esm/ports.mjs", "ports.cjs")
WANTED = {"DASHBOARD_PORT": 3103, "QUEUE_PORT": 5672, "QUEUE_UI_PORT": 15680}
STRICT = ("--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--noPropertyAccessFromIndexSignature")


def modules(root: Path, services: list[dict[str, Any]] = SERVICES, paths: tuple[str, ...] = PATHS) -> None:
    registry = load(REGISTRY, registry_of(services).encode()).registry
    assert registry is not None
    settings = Config(generate=(("modules", {"paths": list(paths)}),))
    for claim in claims(registry, settings, Place(root, root / REGISTRY), date(2026, 1, 1)):
        file = root / claim.artefact.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text_of(claim), encoding="utf-8")


def python(root: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    script = "import json, ports; print(json.dumps({name: getattr(ports, name) for name in ports.__all__}))"
    bare = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run([sys.executable, "-c", script], cwd=root, env=bare, capture_output=True, text=True, check=False)


def node(root: Path, file: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    ports = "Object.fromEntries(Object.entries(m).filter(([name]) => name.endsWith('_PORT')))"
    script = f'import("./{file}").then(m => console.log(JSON.stringify({ports})))'
    bare = {"PATH": "/usr/bin:/bin", **environment}
    return subprocess.run([judge("node"), "-e", script], cwd=root, env=bare, capture_output=True, text=True, check=False)


def compiled(root: Path, *files: str) -> None:
    """The TypeScript modules as JavaScript, if the compiler has nothing to say against them."""
    tsc = node_module("typescript") / "bin" / "tsc"
    command = [judge("node"), str(tsc), *STRICT, "--module", "nodenext", "--target", "es2022", "--typeRoots", "none", *files]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_python(tmp_path: Path) -> None:
    modules(tmp_path)
    assert json.loads(python(tmp_path, {}).stdout) == WANTED
    assert json.loads(python(tmp_path, {"QUEUE_PORT": "5999", "DASHBOARD_PORT": ""}).stdout) == {**WANTED, "QUEUE_PORT": 5999}
    for wrong in ("x", "0", "65536", "-1", "٣"):
        assert "QUEUE_PORT must be a port, 1 to 65535" in python(tmp_path, {"QUEUE_PORT": wrong}).stderr


def test_the_python_module_is_typed(tmp_path: Path) -> None:
    modules(tmp_path)
    (tmp_path / "use.py").write_text(
        "from ports import DASHBOARD_PORT\n\nport: int = DASHBOARD_PORT\nwrong: str = DASHBOARD_PORT\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--config-file=", "use.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert [line.partition(": ")[0] for line in done.stdout.splitlines() if ": error:" in line] == ["use.py:4"], done.stdout


@pytest.mark.parametrize("file", ["esm/ports.mjs", "ports.cjs", "ports.js"])
def test_javascript_and_typescript(file: str, tmp_path: Path) -> None:
    modules(tmp_path)
    if file == "ports.js":
        (tmp_path / "package.json").write_text('{"type": "module"}')
        compiled(tmp_path, "ports.ts")
    assert json.loads(node(tmp_path, file, {}).stdout) == WANTED
    assert json.loads(node(tmp_path, file, {"QUEUE_PORT": "5999"}).stdout) == {**WANTED, "QUEUE_PORT": 5999}
    for wrong in ("x", "0", "65536", "-1", "1e3"):
        assert "QUEUE_PORT must be a port, 1 to 65535" in node(tmp_path, file, {"QUEUE_PORT": wrong}).stderr


def test_without_a_process_the_registry_decides(tmp_path: Path) -> None:
    modules(tmp_path)
    script = "delete globalThis.process; import('./esm/ports.mjs').then(m => console.log(m.QUEUE_PORT))"
    done = subprocess.run(
        [judge("node"), "-e", script], cwd=tmp_path, env={"QUEUE_PORT": "5999"}, capture_output=True, check=True
    )
    assert done.stdout == b"5672\n"


def test_every_flavour_of_typescript(tmp_path: Path) -> None:
    modules(tmp_path, paths=("a.ts", "b.mts", "c.cts"))
    (tmp_path / "node.d.ts").write_text("declare var process: { env: { [key: string]: string | undefined }, pid: number };\n")
    compiled(tmp_path, "a.ts", "b.mts", "c.cts", "node.d.ts")


def test_hostile_texts_are_comments_and_no_more(tmp_path: Path) -> None:
    services = [
        {"name": f"s{number}", "stack": "web", "port": 3100 + number, "description": text}
        for number, text in enumerate(TEXTS.values())
    ]
    modules(tmp_path, services)
    wanted = {f"S{number}_PORT": 3100 + number for number in range(len(services))}
    assert json.loads(python(tmp_path, {}).stdout) == wanted
    for file in ("esm/ports.mjs", "ports.cjs"):
        assert json.loads(node(tmp_path, file, {}).stdout) == wanted
    compiled(tmp_path, "ports.ts")
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("text", [pytest.param(TEXTS["quotes"], id="quotes"), pytest.param(TEXTS["newlines"], id="newlines")])
def test_with_every_field_hostile(text: str, tmp_path: Path) -> None:
    for claim in generated(text, tmp_path, ("modules",)):
        (tmp_path / Path(claim.artefact.path).name).write_text(text_of(claim), encoding="utf-8")
    assert json.loads(python(tmp_path, {}).stdout)["API_PORT"] == 3200


@pytest.mark.parametrize(
    ("variable", "path"), [("class", "ports.py"), ("os", "ports.py"), ("new", "ports.ts"), ("process", "ports.mjs")]
)
def test_a_word_of_the_language_is_no_constant(variable: str, path: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"{path} can have no constant `{variable}`"):
        modules(tmp_path, [{"name": "a", "stack": "web", "port": 3100, "env": variable}], (path,))


def test_an_ending_that_is_no_language_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"ports\.rb is in no language"):
        modules(tmp_path, paths=("ports.rb",))
