"""What the own tool of a file says of it: the answer must be the same before and after a fix."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
NODE_MODULES = TOP / ".venv" / "node" / "node_modules"
CLEAN = {"PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"}
SUFFIXES = {
    ".py": "python",
    ".sh": "bash",
    ".bash": "bash",
    ".json": "json",
    ".yml": "yaml",
    ".yaml": "yaml",
    ".js": "node",
    ".mjs": "node",
    ".cjs": "node",
    ".ts": "typescript",
    ".tsx": "typescript",
    ".jsx": "typescript",
}
# how many faults the TypeScript compiler sees in the syntax of a file
TYPESCRIPT = """
const ts = require(process.argv[1] + '/typescript'), fs = require('fs');
const options = { fileName: process.argv[2], reportDiagnostics: true, compilerOptions: { jsx: 'preserve' } };
const found = ts.transpileModule(fs.readFileSync(process.argv[2], 'utf8'), options).diagnostics;
console.log(found.map(each => each.code).join());
"""


def judge_of(path: Path) -> str | None:
    """Who judges a file."""
    if "compose" in path.name and path.suffix in (".yml", ".yaml"):
        return "compose"
    return SUFFIXES.get(path.suffix)


def verdict(path: Path) -> str | None:
    """What the file's tool says of it, None where there is no such tool or it refuses the file."""
    judge = judge_of(path)
    return JUDGES[judge](path) if judge else None


def output(*command: str | Path) -> str | None:
    """What a command prints, None when it fails or is not there."""
    if shutil.which(str(command[0]), path=CLEAN["PATH"]) is None:
        return None
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=CLEAN)
    return done.stdout if done.returncode == 0 else None


def compose(path: Path) -> str | None:
    """The configuration as Compose understands it with no variables set but those of the file's own `.env`."""
    return output("docker-compose", "-f", path, "config")


def python(path: Path) -> str | None:
    """Whether it compiles."""
    try:
        compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    return "compiles"


def bash(path: Path) -> str | None:
    """Whether bash can read it."""
    return output("bash", "-n", path)


def node(path: Path) -> str | None:
    """Whether Node can read it."""
    return output("node", "--check", path)


def typescript(path: Path) -> str | None:
    """The faults that the TypeScript compiler sees in its syntax."""
    return output("node", "-e", TYPESCRIPT, NODE_MODULES, path) if NODE_MODULES.is_dir() else None


def as_json(path: Path) -> str | None:
    """Whether it is JSON."""
    try:
        json.loads(path.read_bytes())
    except ValueError:
        return None
    return "JSON"


def yaml(path: Path) -> str | None:
    """The shape of its documents: everything but the values."""
    from ruamel.yaml import YAML, YAMLError

    try:
        documents: list[Any] = list(YAML(typ="safe", pure=False).load_all(path.read_bytes()))
    except (YAMLError, ValueError):
        return None
    return repr([_shape(document) for document in documents])


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _shape(each) for key, each in value.items()}
    return [_shape(each) for each in value] if isinstance(value, list) else ""


JUDGES = {
    "compose": compose,
    "python": python,
    "bash": bash,
    "node": node,
    "typescript": typescript,
    "json": as_json,
    "yaml": yaml,
}
