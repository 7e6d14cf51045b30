"""The command line: which command, with which arguments, and how its end is told as an exit status."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from errno import EBADF, EDQUOT, EFBIG, EIO, ENAMETOOLONG, ENOENT, ENOSPC
from typing import TYPE_CHECKING, TextIO

from portscan.commands import COMMANDS, DEFAULT, TOPICS, command
from portscan.errors import UserError
from portscan.terminal import open_streams, printable

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from portscan.commands import Command
    from portscan.console.parsers import Parser
    from portscan.gate.question import Question


CLEAN, UNABLE, BUG, INTERRUPTED = 0, 2, 3, 130
BROKEN_PIPE = 141  # what a shell says of a program that SIGPIPE ended: not 0, since nobody saw all of the report
LONGEST_PATH = 60  # characters of a name that is too long
OUTPUT_ERRORS = frozenset({ENOSPC, EDQUOT, EFBIG, EIO, EBADF})
NO_ROOM = "failed to map segment"  # says the loader of a library that the memory has no room for

VALUED = ("--registry", "--config", "--color")
SWITCHES = ("--quiet", "--verbose", "--version", "--help")
SHORT_SWITCHES = frozenset("qvh")


def main(argv: Sequence[str] | None = None, question: Question | None = None) -> int:
    """Run portscan with `argv`, or the arguments of this process, and answer with the exit status.

    What is answered to a `question` of the gate is written down for the next time.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _told(arguments, question)
    except BrokenPipeError:
        _abandon(sys.stdout, sys.stderr)
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED


def run(arguments: Sequence[str], question: Question | None = None) -> int:
    """Find the command, parse its arguments and run it. Failures are exceptions."""
    name, rest = split(arguments)
    if name is None:
        if _asks_for_help(rest):
            _overview().print_help()
            return CLEAN
        _reject_misspelt(rest)
    module = command(name or DEFAULT)
    args = _parsed(module, rest, question)
    args.question = question
    streams = open_streams(args.color, "quiet" if args.quiet else "verbose" if args.verbose else "usual")
    _finish_writing(streams.err)
    return module.run(args, streams)


def _parsed(module: Command, arguments: Sequence[str], question: Question | None) -> Namespace:
    if question is not None:
        from portscan.console.quick import quickly

        known = quickly(question)
        if known is not None:
            return known
    from portscan.console.parsers import command_parser

    return command_parser(module).parse_intermixed_args(_undashed(arguments))


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
    from portscan.console.parsers import did_you_mean

    hint = did_you_mean(arguments[0], COMMANDS)
    if hint:
        raise UserError(f"{arguments[0]}: neither a command nor a file", hint)


def _overview() -> Parser:
    from portscan.console.parsers import add_globals, parser_of

    modules = [command(name) for name in COMMANDS]
    widest = max(map(len, COMMANDS)) + 2
    topics = (
        (topic, "\n".join(f"  {module.NAME:<{widest}}{module.HELP}" for module in modules if topic == module.TOPIC))
        for topic in TOPICS
    )
    lines = "\n\n".join(f"{topic}:\n{listed}" for topic, listed in topics)
    parser = parser_of("portscan", f"One registry decides every port of a repository.\n\n{lines}")
    add_globals(parser)
    parser.usage = "portscan [COMMAND] [PATHS…] [options]"
    parser.epilog = f"Without a command it is `{DEFAULT}`. Options: see `portscan COMMAND --help`."
    return parser


def _told(arguments: Sequence[str], question: Question | None) -> int:
    """Run, and tell the user of any failure."""
    try:
        open_streams()  # the help text, too, is UTF-8
        status = _ended(arguments, question)
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()  # a full disk shows here rather than when the interpreter is half gone
    except UserError as error:
        return _complain(error)
    except BrokenPipeError:
        raise
    except Exception as error:
        if _was_interrupted(error):
            return INTERRUPTED
        known = _known(error)
        return _complain(known) if known else _confess(error, arguments)
    return status


def _known(error: Exception) -> UserError | None:
    """What to say of a failure that can meet any command, wherever it is."""
    if isinstance(error, MemoryError) or (isinstance(error, ImportError) and NO_ROOM in str(error)):
        return UserError("there is not enough memory", "Allow portscan more, or leave out the largest files with `exclude`.")
    if not isinstance(error, OSError):
        return None
    if error.filename is not None:
        return _refused(error)
    if error.errno in OUTPUT_ERRORS:
        _abandon(sys.stdout)
        return UserError(f"the output cannot be written: {(error.strerror or '').lower()}", "Make room, or write elsewhere.")
    gone = error.errno == ENOENT
    return UserError("the current directory is gone", "Change to one that is there.") if gone else None


def _refused(error: OSError) -> UserError | None:
    """What to say where the system would not have a path."""
    path = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else str(error.filename)
    if isinstance(error, PermissionError):
        return UserError(f"{path}: permission denied", "Look at its rights.")
    too_long = error.errno == ENAMETOOLONG
    return UserError(f"{path[:LONGEST_PATH]}…: the name is too long", "Mend it where it is written.") if too_long else None


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether an interrupt lies behind it: Python before 3.12 makes a `RuntimeError` of one in `__set_name__`."""
    return error is not None and (isinstance(error, KeyboardInterrupt) or _was_interrupted(error.__cause__))


def _ended(arguments: Sequence[str], question: Question | None) -> int:
    try:
        return run(arguments, question)
    except SystemExit as end:  # argparse, after --help and --version
        return end.code if isinstance(end.code, int) else CLEAN


def _complain(error: UserError) -> int:
    from portscan.secrets import hidden

    title, hint = error.title.rstrip("."), error.hint
    _say(hidden(f"portscan: {printable(title)}.{' ' if hint else ''}{printable(hint)}\n"))
    return UNABLE


def _confess(error: Exception, arguments: Sequence[str]) -> int:
    from portscan.console import bug

    _say(bug.report(error, arguments))
    return BUG


def _say(text: str) -> None:
    """Tell people. Where standard error takes nothing, the exit status still speaks."""
    try:
        err = open_streams().err
        err.write(text)
        err.flush()
    except (OSError, ValueError):
        _abandon(sys.stderr)


def _finish_writing(err: TextIO) -> None:
    """A run that was killed while it wrote files is finished first, so that no command sees half of its work."""
    from pathlib import Path

    from portscan.files import repository_root
    from portscan.journal import finish

    with suppress(FileNotFoundError):  # the current directory is gone
        said = finish(repository_root(Path.cwd()))
        if said:
            err.write(f"portscan: {printable(said)}\n")


def _abandon(*streams: TextIO) -> None:
    """Let what is still buffered go nowhere, or the interpreter would stumble over it at its end."""
    for stream in streams:
        with suppress(OSError, ValueError, AttributeError):  # replaced by a caller, or closed
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
