"""The commands, one module each: what lies here is a command. Only the module of the command that runs is ever loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, cast, get_args

from portscan.members import members, module_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.terminal import Streams

# What a command is for: the headings under which the help lists them, in this order.
Topic: TypeAlias = Literal["find and fix", "set up", "decide", "generate and show", "review and watch"]
TOPICS: tuple[Topic, ...] = get_args(Topic)
COMMANDS: tuple[str, ...] = members(__path__)
DEFAULT = "scan"


class Command(Protocol):
    """What a command module offers. `run` answers with the exit status."""

    NAME: str
    TOPIC: Topic
    HELP: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command's own arguments."""

    def run(self, args: Namespace, streams: Streams) -> int:
        """Carry out the command; `args` also holds the global options."""


def command(name: str) -> Command:
    """The module of the command `name`, loaded now."""
    from importlib import import_module

    return cast("Command", import_module(module_of(__name__, name)))
