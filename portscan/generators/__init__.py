"""The generators: what `portscan sync` makes of the registry. Each is a module in `kinds`, and what lies there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from portscan.generators import kinds
from portscan.members import members, module_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portscan.generators.model import Artefact, Context

NAMES: tuple[str, ...] = members(kinds.__path__)
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
    return cast("Generator", import_module(module_of(kinds.__name__, name)))
