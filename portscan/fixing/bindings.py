"""How the ports of a file are to be bound: what the configuration says for its path, and which tools build it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from portscan import regular
from portscan.config import Config
from portscan.expressions import compiled
from portscan.passed_over import matcher
from portscan.records import dataclass
from portscan.spelling import Binding

ENDINGS = (".py", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
SETS = compiled(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=", re.MULTILINE)
CONFIGURATION = ".config."  # `vite.config.ts` is the configuration of vite


@dataclass(frozen=True, slots=True)
class Bindings:
    """Answers for one file after the other. `seen` makes a path one that begins where the patterns of `config` do."""

    root: Path
    top: Path
    config: Config
    seen: Callable[[str], str] = str

    def of(self, path: str, variable: str) -> Binding:
        """The binding of a literal in the file `path` to a variable."""
        here = self.seen(path)
        modules = (each.module for each in self.config.per_path if each.binding == "module" and matcher([each.path])(here))
        module = next(modules, "")
        expands = bool(self.config.dotenv_expansion) and matcher(self.config.dotenv_expansion)(here)
        folder = (self.root / path).parent
        given = given_in(self.top, folder) | {f"{prefix}{variable}" for prefix in self._public}
        return Binding(variable, self._near(module), tools_of(self.top, folder), expands, given)

    @property
    def _public(self) -> tuple[str, ...]:
        """The beginnings under which `portscan sync` hands ports to browsers."""
        tables = (table for name, table in self.config.generate if name == "env")
        return tuple(str(prefix) for table in tables for prefix in table.get("public", ()))

    def _near(self, module: str) -> str:
        """A module that is named by its path, as seen from `root`, where the paths of files begin."""
        base = self.config.file.parent if self.config.file else self.root
        if not module.endswith(ENDINGS) or module[0] in "@~#":
            return module
        return os.path.relpath(base / module, self.root).replace(os.sep, "/")


@lru_cache(maxsize=1024)
def tools_of(top: Path, folder: Path) -> frozenset[str]:
    """The tools that have their configuration in `folder`, or in the nearest folder above it that has any."""
    try:
        names = os.listdir(folder)  # noqa: PTH208  (no need for paths)
    except OSError:
        names = []
    found = frozenset(name.partition(CONFIGURATION)[0] for name in names if CONFIGURATION in name)
    return found if found or folder == top or folder == folder.parent else tools_of(top, folder.parent)


@lru_cache(maxsize=1024)
def given_in(top: Path, folder: Path) -> frozenset[str]:
    """The variables that the env files in `folder`, and in the folders above it, set."""
    above = frozenset() if folder in (top, folder.parent) else given_in(top, folder.parent)
    return above.union(*(SETS.findall(regular.text(file)) for file in sorted(folder.glob("*.env*"))))
