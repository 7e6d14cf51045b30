"""What the own tool of a file says of it: the answer must be the same before and after a fix."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
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
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".mts", ".cts"), "typescript"),
}
# the faults that the TypeScript compiler sees in the syntax of files, whose names are on standard input
COMPILER = """
const ts = require(process.argv[1] + '/typescript'), fs = require('fs');
const faults = path => ts.transpileModule(fs.readFileSync(path, 'utf8'), {
  fileName: path, reportDiagnostics: true, compilerOptions: { jsx: ts.JsxEmit.Preserve, allowJs: true },
}).diagnostics.map(each => each.code).join();
const paths = JSON.parse(fs.readFileSync(0, 'utf8'));
console.log(JSON.stringify(Object.fromEntries(paths.map(path => [path, faults(path)]))));
"""


def judge_of(path: Path) -> str | None:
    """Who judges a file."""
    if "compose" in path.name and path.suffix in (".yml", ".yaml"):
        return "compose"
    return SUFFIXES.get(path.suffix)


def verdicts(root: Path, paths: Iterable[str]) -> dict[str, str | None]:
    """What its tool says of each file under `root`; None where there is no such tool or it refuses the file."""
    judged: dict[str, list[str]] = {}
    for path in paths:
        judged.setdefault(judge_of(Path(path)) or "", []).append(path)
    compiled = typescript([str(root / path) for path in judged.pop("typescript", ())])
    found = {path: JUDGES[judge](root / path) if judge else None for judge, each in judged.items() for path in each}
    return {**found, **{Path(path).relative_to(root).as_posix(): said for path, said in compiled.items()}}


def typescript(paths: list[str]) -> dict[str, str | None]:
    """The faults that the TypeScript compiler sees in the syntax of the files."""
    if not paths or not NODE_MODULES.is_dir():
        return dict.fromkeys(paths)
    command = ["node", "-e", COMPILER, str(NODE_MODULES)]
    done = subprocess.run(command, input=json.dumps(paths), capture_output=True, text=True, check=True, env=CLEAN)
    answer: dict[str, str | None] = json.loads(done.stdout)
    return answer


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
    "json": as_json,
    "yaml": yaml,
}
