"""The generators, one module each: what `portscan sync` makes of the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portscan.generators.model import Artefact, Context

# In the order in which they are run and listed. A module is called what its generator is called, with `_` for `-`.
NAMES: tuple[str, ...] = (
    "compose",
    "docs",
    "env",
    "index",
    "modules",
    "health",
    "prometheus-targets",
    "prometheus-scrape",
    "prometheus-alerts",
    "blackbox",
    "grafana",
    "adr",
    "codeowners",
    "checklist",
    "onboarding",
)
# Those that run where the configuration says nothing of generating.
DEFAULTS: tuple[str, ...] = ("docs", "env", "index")


class Generator(Protocol):
    """What a generator module offers. `Settings` is a frozen dataclass of configuration keys, all with defaults."""

    NAME: str
    HELP: str
    Settings: type[Any]

    def render(self, context: Context[Any]) -> Iterable[Artefact]:
        """The files and blocks, as they should be. The same context gives the same bytes."""


def generator(name: str) -> Generator:
    """The module of the generator `name`, loaded now."""
    from importlib import import_module

    if name not in NAMES:
        raise KeyError(name)
    return cast("Generator", import_module(f"portscan.generators.{name.replace('-', '_')}"))
