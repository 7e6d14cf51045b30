"""The command line: which command, with which arguments, and how its end is told as an exit status."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, HelpFormatter, RawDescriptionHelpFormatter
from contextlib import suppress
from errno import EBADF, EDQUOT, EFBIG, EIO, ENOSPC
from typing import TYPE_CHECKING, NoReturn, TextIO

from portscan import __version__
from portscan.commands import COMMANDS, DEFAULT, command
from portscan.errors import UserError
from portscan.terminal import open_streams, printable, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence


CLEAN, UNABLE, BUG, INTERRUPTED = 0, 2, 3, 130
BROKEN_PIPE = 141  # what a shell says of a program that SIGPIPE ended: not 0, since nobody saw all of the report
OUTPUT_ERRORS = frozenset({ENOSPC, EDQUOT, EFBIG, EIO, EBADF})

VALUED = ("--registry", "--config", "--color")
SWITCHES = ("--quiet", "--verbose", "--version", "--help")
SHORT_SWITCHES = frozenset("qvh")


class Parser(ArgumentParser):
    """An argument parser that complains in one line, and whose help begins with one."""

    def format_usage(self) -> str:
        """The usage, without the options, which the help explains below it."""
        if self.usage is not None:
            return super().format_usage()
        formatter = self._get_formatter()
        formatter.add_usage(None, self._get_positional_actions(), ())
        return f"{formatter.format_help().strip()} [options]\n"

    def error(self, message: str) -> NoReturn:
        """Give up on the arguments: what is wrong with them, and where to read how they should be."""
        hint = f"See `{self.prog} --help`."
        option = message.partition("unrecognized arguments: ")[2].partition(" ")[0].partition("=")[0]
        if option.startswith("--"):
            hint = _did_you_mean(option, tuple(self._option_string_actions)) or hint
        raise UserError(message, hint)


def main(argv: Sequence[str] | None = None) -> int:
    """Run portscan with `argv`, or the arguments of this process, and answer with the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _told(arguments)
    except BrokenPipeError:
        _abandon_output()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED


def run(arguments: Sequence[str]) -> int:
    """Find the command, parse its arguments and run it. Failures are exceptions."""
    name, rest = split(arguments)
    if name is None:
        if _asks_for_help(rest):
            _overview().print_help()
            return CLEAN
        _reject_misspelt(rest)
    module = command(name or DEFAULT)
    parser = _parser(f"portscan {module.NAME}", module.HELP)
    module.add_arguments(parser)
    args = parser.parse_intermixed_args(_undashed(rest))
    streams = open_streams(args.color)
    _finish_writing(streams.err)
    return module.run(args, streams)


def split(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """The command that is named, None for the default one, and the other arguments.

    The command is the first argument that is neither a global option nor the value of one.
    """
    i = 0
    while i < len(arguments) and _is_global(arguments[i]):
        i += 2 if arguments[i] in VALUED else 1
    if i < len(arguments) and arguments[i] in COMMANDS:
        return arguments[i], [*arguments[:i], *arguments[i + 1 :]]
    return None, list(arguments)


def _is_global(argument: str) -> bool:
    if argument.startswith("--"):
        return argument in SWITCHES or argument.partition("=")[0] in VALUED
    return argument[:1] == "-" and argument != "-" and SHORT_SWITCHES.issuperset(argument[1:])


def _undashed(arguments: Sequence[str]) -> list[str]:
    """The arguments without `--`: argparse allows options among the paths, or knows `--`, but not both.

    What follows it are paths, and `-odd` is the same path as `./-odd`.
    """
    if "--" not in arguments:
        return list(arguments)
    end = arguments.index("--")
    return [*arguments[:end], *(f"./{path}" if path.startswith("-") else path for path in arguments[end + 1 :])]


def _asks_for_help(arguments: Sequence[str]) -> bool:
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "-h" in options or "--help" in options


def _reject_misspelt(arguments: Sequence[str]) -> None:
    """`portscan inventroy` is no wish to scan a file of that name, unless there is one."""
    if not arguments or not arguments[0].isalpha() or os.path.lexists(arguments[0]):
        return
    hint = _did_you_mean(arguments[0], COMMANDS)
    if hint:
        raise UserError(f"{arguments[0]}: neither a command nor a file", hint)


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, known, 1, 0.7)
    return f"Did you mean `{close[0]}`?" if close else ""


def _parser(prog: str, description: str) -> Parser:
    parser = Parser(prog=prog, description=description, formatter_class=_formatter, allow_abbrev=False)
    shared = parser.add_argument_group("global options")
    shared.add_argument("--registry", metavar="FILE", help="the registry (default: config/ports/registry.yaml)")
    shared.add_argument("--config", metavar="FILE", help="the configuration (default: portscan.toml or pyproject.toml)")
    shared.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="when to use colours")
    shared.add_argument("-q", "--quiet", action="store_true", help="a line for each finding, and nothing else")
    shared.add_argument("-v", "--verbose", action="store_true", help="every finding in full, every path that was not read")
    shared.add_argument("--version", action="version", version=f"portscan {__version__}")
    return parser


def _formatter(prog: str) -> HelpFormatter:
    # With a width of its own it need not load `shutil` to find one, which it would do for every argument.
    return RawDescriptionHelpFormatter(prog, max_help_position=30, width=min(width_of(sys.stdout) - 2, 100))


def _overview() -> Parser:
    modules = [command(name) for name in COMMANDS]
    lines = "\n".join(f"  {module.NAME:<11}{module.HELP}" for module in modules)
    parser = _parser("portscan", f"One registry decides every port of a repository.\n\ncommands:\n{lines}")
    parser.usage = "portscan [COMMAND] [PATHS…] [options]"
    parser.epilog = f"Without a command, portscan runs `{DEFAULT}`. See `portscan COMMAND --help` for its options."
    return parser


def _told(arguments: Sequence[str]) -> int:
    """Run, and tell the user of any failure."""
    try:
        open_streams()  # the help text, too, is UTF-8
        status = run(arguments)
        if sys.stdout:
            sys.stdout.flush()  # a full disk shows here rather than when the interpreter is half gone
    except SystemExit as end:  # argparse, after --help and --version
        return end.code if isinstance(end.code, int) else CLEAN
    except UserError as error:
        return _complain(error)
    except BrokenPipeError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in OUTPUT_ERRORS:
            _abandon_output()
            return _complain(UserError(f"the output cannot be written: {(error.strerror or '').lower()}"))
        return _confess(error, arguments)
    return status


def _complain(error: UserError) -> int:
    title, hint = error.title.rstrip("."), error.hint
    open_streams().err.write(f"portscan: {printable(title)}.{' ' if hint else ''}{printable(hint)}\n")
    return UNABLE


def _confess(error: Exception, arguments: Sequence[str]) -> int:
    from portscan import bug

    open_streams().err.write(bug.report(error, arguments))
    return BUG


def _finish_writing(err: TextIO) -> None:
    """A run that was killed while it wrote files is finished first, so that no command sees half of its work."""
    from pathlib import Path

    from portscan.files import repository_root
    from portscan.journal import finish

    with suppress(FileNotFoundError):  # the current directory is gone
        said = finish(repository_root(Path.cwd()))
        err.write(f"portscan: {printable(said)}\n" if said else "")


def _abandon_output() -> None:
    """Let what is still buffered go nowhere, or the interpreter would stumble over it at its end."""
    with suppress(OSError, ValueError, AttributeError):  # replaced by a caller, or closed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
