"""How arguments are parsed, and how the help about them fits a screen."""

from __future__ import annotations

import sys
from argparse import SUPPRESS, ArgumentParser, HelpFormatter, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING, Any, NoReturn

from portscan import __version__
from portscan.errors import UserError
from portscan.terminal import width_of

if TYPE_CHECKING:
    from argparse import Action
    from collections.abc import Sequence

    from portscan.commands import Command

WIDEST = 100
GLOBALS = "--registry, --config, --color, -q, -v: see `portscan -h`."


class Parser(ArgumentParser):
    """An argument parser that complains in one line."""

    def error(self, message: str) -> NoReturn:
        """Give up on the arguments: what is wrong with them, and where to read how they should be."""
        hint = f"See `{self.prog} --help`."
        option = message.partition("unrecognized arguments: ")[2].partition(" ")[0].partition("=")[0]
        if option.startswith("--"):
            hint = did_you_mean(option, tuple(self._option_string_actions)) or hint
        raise UserError(message, hint)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Write help and version. argparse itself takes a full disk for nothing to worry about."""
        stream = file or sys.stdout
        if stream and message:
            stream.write(message)


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A question after the known word that is most like `word`; empty when none is."""
    from difflib import get_close_matches

    close = get_close_matches(word, known, 1, 0.7)
    return f"Did you mean `{close[0]}`?" if close else ""


def command_parser(module: Command) -> Parser:
    """The parser of a command: its own arguments, and the global ones, which its help only mentions."""
    parser = parser_of(f"portscan {module.NAME}", module.HELP)
    module.add_arguments(parser)
    add_globals(parser, hidden=True)
    parser.usage = " ".join((parser.prog, "[options]", *map(_placeholder, parser._get_positional_actions())))
    parser.epilog = GLOBALS
    return parser


def parser_of(prog: str, description: str) -> Parser:
    """A parser without arguments."""
    return Parser(prog=prog, description=description, formatter_class=_formatter, allow_abbrev=False)


def add_globals(parser: ArgumentParser, *, hidden: bool = False) -> None:
    """Let the parser know the global options."""

    def help_of(text: str) -> str:
        return SUPPRESS if hidden else text

    shared = parser.add_argument_group("global options")
    shared.add_argument("--registry", metavar="FILE", help=help_of("the registry (default: config/ports/registry.yaml)"))
    shared.add_argument("--config", metavar="FILE", help=help_of("use this configuration, and look for no other"))
    shared.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        metavar="WHEN",
        help=help_of("auto, always or never use colours"),
    )
    shared.add_argument("-q", "--quiet", action="store_true", help=help_of("a line for each finding, and nothing else"))
    shared.add_argument("-v", "--verbose", action="store_true", help=help_of("every finding in full, and what was not read"))
    shared.add_argument("--version", action="version", version=f"portscan {__version__}", help=help_of("say which version it is"))


def _placeholder(action: Action) -> str:
    name = str(action.metavar or action.dest)
    return {"*": f"[{name}…]", "?": f"[{name}]", "+": f"{name}…"}.get(str(action.nargs), name)


def _formatter(prog: str) -> HelpFormatter:
    # With a width of its own it need not load `shutil` to find one, which it would do for every argument.
    return RawDescriptionHelpFormatter(prog, max_help_position=26, width=min(width_of(sys.stdout) - 2, WIDEST))
