"""The contenders: portscan as it is installed, the tools somebody would use instead, and what nothing can be faster than."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Contender

RULES = Path(__file__).resolve().parent / "rules"
NOTHING = "(?:portscan is not to be found)"
COLD, WARM, AGAIN = "portscan, cold", "portscan, warm", "portscan, again"
PYTHON, STATUS, READ, RG, AST_GREP, SEMGREP = "python -c pass", "git status", "rg, all files", "rg", "ast-grep", "semgrep"


@dataclass(frozen=True, slots=True)
class Tools:
    """Where the programs are: `portscan` and `python` of an environment that holds nothing else, and those of the peers."""

    portscan: Path
    python: Path
    cache: Path

    def peer(self, name: str) -> str:
        """The path of a peer; it lives beside the Python that runs this."""
        found = shutil.which(name, path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
        if found is None:
            raise SystemExit(f"{name} is not installed: `make bench` installs what it needs")
        return found

    def scan(self, name: str, folder: Path, registry: Path, *more: str) -> Contender:
        """A scan by portscan, as text to nowhere."""
        command = (str(self.portscan), "scan", "--registry", str(registry), *more)
        return Contender(name, command, folder, environment={"PORTSCAN_CACHE_DIR": str(self.cache)})


def whole_repository(tools: Tools, folder: Path, registry: Path, *, slow: bool = True) -> Iterator[Contender]:
    """Everything that reads a whole repository."""
    yield from floors(tools, folder)
    yield tools.scan(COLD, folder, registry, "--no-cache")
    yield tools.scan(WARM, folder, registry)
    yield rg(tools, folder, ".")
    yield ast_grep(tools, folder, ".")
    if slow:
        yield semgrep(tools, folder, ".")


def floors(tools: Tools, folder: Path) -> Iterator[Contender]:
    """What the others cannot be faster than."""
    yield Contender(PYTHON, (str(tools.python), "-c", "pass"), folder)
    yield Contender(STATUS, ("git", "status", "--porcelain"), folder)
    yield Contender(READ, (tools.peer("rg"), "--no-unicode", *hidden(), NOTHING, "."), folder)


def hidden() -> tuple[str, ...]:
    """Let ripgrep read what git tracks below dotted names, too."""
    return ("--hidden", "--glob", "!.git")


def rg(tools: Tools, folder: Path, *paths: str) -> Contender:
    """Ripgrep with regular expressions for ports."""
    return Contender(RG, (tools.peer("rg"), "--no-unicode", *hidden(), "-n", "-f", str(RULES / "ripgrep.txt"), *paths), folder)


def ast_grep(tools: Tools, folder: Path, *paths: str) -> Contender:
    """ast-grep with rules by syntax."""
    command = (tools.peer("ast-grep"), "scan", "-c", str(RULES / "sgconfig.yml"), "--no-ignore", "hidden", "--json=stream")
    return Contender(AST_GREP, (*command, *paths), folder)


def semgrep(tools: Tools, folder: Path, *paths: str) -> Contender:
    """Semgrep with rules by syntax."""
    command = (tools.peer("semgrep"), "scan", "--metrics=off", "--disable-version-check", "--quiet", "--json")
    config = ("--config", str(RULES / "semgrep.yml"))
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return Contender(SEMGREP, (*command, *config, *paths), folder, every=5, environment={"PATH": path})
