"""`portscan completion`: what a shell needs to complete the commands and their options."""

from __future__ import annotations

from argparse import ArgumentParser
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from portscan.terminal import deliver

if TYPE_CHECKING:
    from argparse import Namespace

    from portscan.commands import Command
    from portscan.terminal import Streams

NAME: Final = "completion"
TOPIC: Final = "set up"
HELP: Final = "write the completion script of a shell"
SHELLS: Final = ("bash", "zsh", "fish")
FILES: Final = frozenset(("FILE", "PATH"))
EXAMPLES: Final = """
bash   eval "$(portscan completion bash)"                in ~/.bashrc
zsh    portscan completion zsh > DIR/_portscan           with DIR in $fpath
fish   portscan completion fish > ~/.config/fish/completions/portscan.fish
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the shell."""
    parser.description = f"{HELP}\n{EXAMPLES}".rstrip()
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=f"one of {', '.join(SHELLS)}")
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")


def run(args: Namespace, streams: Streams) -> int:
    """Write the script. It is made of the parsers of all commands, so it knows what they know."""
    shtab = import_module("shtab")  # loaded by nobody else
    script = shtab.complete(_everything(shtab), shell=args.shell)
    # Where no command begins so, it may be a path for the default one.
    deliver(script.replace("complete -o bashdefault", "complete -o bashdefault -o default"), streams, args.output)
    return 0


def _everything(shtab: Any) -> ArgumentParser:
    """One parser for the whole command line: the options of the default command may stand without its name."""
    from portscan.commands import COMMANDS, DEFAULT, command
    from portscan.console.parsers import add_globals

    parser = ArgumentParser(prog="portscan")
    add_globals(parser)
    _add_options(parser, command(DEFAULT))
    commands = parser.add_subparsers(dest="command")
    for name in COMMANDS:
        module = command(name)
        below = commands.add_parser(name, help=module.HELP)
        module.add_arguments(below)
        add_globals(below)
        _complete_files(below, shtab)
    _complete_files(parser, shtab)
    return parser


def _add_options(parser: ArgumentParser, module: Command) -> None:
    """The options of a command, without its other arguments, which would hide the commands."""
    own = ArgumentParser(add_help=False)
    module.add_arguments(own)
    for action in own._actions:
        if action.option_strings:
            parser._add_action(action)


def _complete_files(parser: ArgumentParser, shtab: Any) -> None:
    """Tell which arguments are files."""
    for action in parser._actions:
        if action.metavar in FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
