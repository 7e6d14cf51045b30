"""The commands, one module each. Only the module of the command that runs is ever loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.terminal import Streams

# In the order of the help text. A module is called what its command is called, with `_` for `-`.
COMMANDS: tuple[str, ...] = (
    "scan",
    "inventory",
    "graph",
    "init",
    "validate",
    "sync",
    "new",
    "edit",
    "rename",
    "remove",
    "migrate",
    "diff",
    "notify",
    "panel",
    "report",
    "explain",
    "registry",
    "config",
    "completion",
    "audit",
    "doctor",
    "who",
)
DEFAULT = "scan"


class Command(Protocol):
    """What a command module offers. `run` answers with the exit status."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command's own arguments."""

    def run(self, args: Namespace, streams: Streams) -> int:
        """Carry out the command; `args` also holds the global options."""


def command(name: str) -> Command:
    """The module of the command `name`, loaded now."""
    from importlib import import_module

    return cast("Command", import_module(f"portscan.commands.{name.replace('-', '_')}"))
