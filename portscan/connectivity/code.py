"""What of a repository is built into an image and read by the service that runs there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from posixpath import dirname, join, normpath

from portscan.connectivity.lore import Lore
from portscan.connectivity.model import Build, Service
from portscan.connectivity.world import World, among
from portscan.expressions import compiled
from portscan.model import PortLiteral
from portscan.records import dataclass, field

COPIED = compiled(r"^[ \t]*(?:COPY|ADD)[ \t]+(?P<words>[^\n]+)", re.IGNORECASE | re.MULTILINE)
SERVERS = (".py", ".js", ".mjs", ".cjs", ".ts", ".go", ".rb", ".java", ".kt", ".cs", ".rs", ".php", ".ex", ".exs")


@dataclass(frozen=True)
class Code:
    """Finds the code of services."""

    world: World
    lore: Lore
    _texts: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    _named: dict[tuple[str, str], bool] = field(default_factory=dict, compare=False, repr=False)
    _pages: dict[tuple[str, str], bool] = field(default_factory=dict, compare=False, repr=False)

    def of(self, service: Service, files: Sequence[str]) -> Iterator[str]:
        """Those of `files` that a service runs: copied into its image, and neither tests nor a page for browsers."""
        build = service.said.build
        text = self.world.text(normpath(join(build.context, build.dockerfile))) if build else None
        if build is None or text is None:
            return
        sources, home = tuple(_sources(build, text)), _home(build)
        for path in among(files, home):
            if path.endswith(SERVERS) and any(_under(path, source) for source in sources):
                below = path if home == "." else path[len(home) + 1 :]
                if not self.lore.beside(below) and not self.for_browsers(dirname(path), build.context):
                    yield path

    def used(self, service: Service, literal: PortLiteral) -> bool:
        """Whether the address can be the one that is called: no variable that somebody sets stands in front of it."""
        if not literal.variables:
            return True
        unknown = any(file.required and file.path not in self.world for file in service.said.env_files)
        build = service.said.build
        text = self.world.text(normpath(join(build.context, build.dockerfile))) if build else None
        given = (name in service.environment or name in (text or "") for name in literal.variables)
        return not unknown and not any(given)

    def reads(self, service: Service, name: str) -> bool:
        """Whether the service's code mentions a variable that an env file gives to everybody."""
        build = service.said.build
        if build is None:
            return False
        if build.context not in self._texts:
            files = self.of(service, among(self.world.ordered, build.context))
            self._texts[build.context] = tuple(self.world.text(path) or "" for path in files)
        if (build.context, name) not in self._named:
            self._named[build.context, name] = any(name in text for text in self._texts[build.context])
        return self._named[build.context, name]

    def page(self, service: Service) -> bool:
        """Whether the service is a page for browsers, so that its addresses may be meant for them."""
        build = service.said.build
        return build is not None and self.for_browsers(_home(build), build.context)

    def for_browsers(self, folder: str, context: str) -> bool:
        """Whether the nearest package of a file is one for browsers."""
        if (folder, context) not in self._pages:
            self._pages[folder, context] = self._for_browsers(folder, context)
        return self._pages[folder, context]

    def _for_browsers(self, folder: str, context: str) -> bool:
        while True:
            text = self.world.text(normpath(join(folder or ".", "package.json")))
            if text is not None:
                return any(f'"{name}"' in text for name in self.lore.browser_packages)
            if folder in ("", ".", context):
                return False
            folder = dirname(folder)


def _home(build: Build) -> str:
    """Where the service's own files lie: its context, or the directory of a Dockerfile further down."""
    return normpath(join(build.context, dirname(build.dockerfile)))


@lru_cache(maxsize=256)
def _copied(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for match in COPIED.finditer(text):
        words = [word.strip("\"'[],") for word in match["words"].split()]
        if not any(word.startswith("--from") for word in words):
            found += [word for word in words if not word.startswith("--")][:-1]
    return tuple(found)


def _sources(build: Build, dockerfile: str) -> Iterator[str]:
    """The directories and files of the repository that are copied into the image."""
    for source in _copied(dockerfile):
        if "$" not in source:
            yield normpath(join(build.context, source.lstrip("/") or "."))


def _under(path: str, source: str) -> bool:
    if source == ".":
        return True
    plain = source.partition("*")[0].rstrip("/")
    return path == source or path.startswith(f"{plain}/") or ("*" in source and path.startswith(plain))
