"""What the options of a scan say together: where they contradict each other, and what they change in the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portscan.errors import UserError
from portscan.records import replace

if TYPE_CHECKING:
    from argparse import Namespace

    from portscan.config import Config


def refuse_contradictions(args: Namespace) -> None:
    """A `UserError` for options that contradict each other."""
    from portscan.baseline import options as baseline_options

    if (args.paths == ["-"]) != (args.stdin_filename is not None):
        raise UserError("standard input needs a name", "Write: portscan scan --stdin-filename NAME -")
    if args.stdin_filename is not None and (args.hook or args.changed or args.changed_lines):
        raise UserError("a text from standard input is scanned whole", "Leave out --hook and --changed.")
    if args.changed == "":  # a variable of CI that is not set: neither everything nor nothing is meant
        raise UserError("--changed names no revision: its value is empty", "Name one, or leave the value out for HEAD.")
    if args.show_fixes and (args.diff or not (args.fix or args.unsafe_fixes or args.pin)):
        raise UserError("--show-fixes goes with --fix", "Add --fix; or use --diff, which writes nothing.")
    if args.show_fixes and args.format != "text":
        raise UserError("--show-fixes is for people", "Leave out --format, or use --diff.")
    if args.hook and (args.changed or args.changed_lines):
        raise UserError("--hook is told what has changed", "Leave out --changed.")
    baseline_options.check(args)


def adjusted(config: Config, args: Namespace) -> Config:
    """The configuration with what the command line says instead of it or on top of it."""
    return replace(
        config,
        select=codes(args.select) or config.select,
        ignore=(*config.ignore, *codes(args.ignore)),
        strict=config.strict or args.strict,
        inline_ignores=config.inline_ignores and not args.no_inline_ignores,
    )


def codes(given: str | None) -> tuple[str, ...]:
    """The codes in a list of them, or their beginnings; a `UserError` for what is none."""
    codes = tuple(code.strip().upper() for code in (given or "").split(",") if code.strip())
    if not codes:
        return ()
    from portscan.findings import catalogue, no_code

    known = catalogue()
    for code in codes:
        if not any(name.startswith(code) for name in known):
            raise no_code(code, known)
    return codes
