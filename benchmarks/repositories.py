"""What is measured: a copy of a real repository, and ten of its files of each sort."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

USUAL_REGISTRY = Path("config/ports/registry.yaml")
CODE = (".ts", ".tsx", ".js", ".mjs", ".py", ".yml", ".yaml", ".sh")
QUICK = ("yaml", "javascript", "typescript", "tsx", "env", "shell")
STAGED = 10
SERVICES = 30


@dataclass(frozen=True, slots=True)
class Repository:
    """A copy that may be changed: its name, where it is, and the registry that decides in it."""

    name: str
    folder: Path
    registry: Path
    files: int
    literals: tuple[dict[str, object], ...]

    @property
    def share(self) -> float:
        """The share of files that hold a port."""
        return len({row["path"] for row in self.literals}) / self.files

    def sorts(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Ten files without a port, ten with ports in quick languages, ten with ports in Python, as far as there are ten."""
        holders = {str(row["path"]): str(row["language"]) for row in self.literals if row["context"] == "code"}
        tracked = [path for path in _tracked(self.folder) if path.endswith(CODE)]
        every = {str(row["path"]) for row in self.literals}
        yield from _ten("no port in them", (path for path in tracked if path not in every))
        yield from _ten("ports in YAML, JS, TS, env and shell", (path for path, language in holders.items() if language in QUICK))
        yield from _ten("ports in Python", (path for path, language in holders.items() if language == "python"))


def copied(source: Path, into: Path, portscan: Path) -> Repository:
    """The repository at `source` as git has it, with its own registry or one of the ports it uses most."""
    folder = into / source.name
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(source.resolve()), str(folder)], check=True)
    command = [str(portscan), "inventory", "--format", "json"]
    found = json.loads(subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout)
    literals = tuple(found["literals"])
    registry = folder / USUAL_REGISTRY
    if not registry.exists():
        registry = into / f"{source.name}-registry.yaml"
        registry.write_text(_registry(literals), encoding="utf-8")
    return Repository(source.name, folder, registry, len(_tracked(folder)), literals)


def _registry(literals: Iterable[dict[str, object]]) -> str:
    ports = Counter(row["port"] for row in literals if row["context"] == "code")
    rows = [f"  - {{name: service-{port}, stack: all, port: {port}}}\n" for port, _ in ports.most_common(SERVICES)]
    return f'version: "1.0.0"\nranges: {{all: "1-65535"}}\nservices:\n{"".join(rows)}'


def _tracked(folder: Path) -> list[str]:
    output = subprocess.run(["git", "ls-files", "-z"], cwd=folder, check=True, capture_output=True, text=True).stdout
    return output.split("\0")[:-1]


def _ten(name: str, paths: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Ten of the paths, spread over all of them."""
    every = sorted(paths)
    if len(every) >= STAGED:
        yield name, tuple(every[len(every) * n // STAGED] for n in range(STAGED))
