"""The arguments of a question that the gate knows, without the parser: loading and filling it takes a hook longer than its files.

It is held by tests against the parser, which has the last word on everything that is not this plain.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from argparse import Namespace

    from portscan.gate.question import Question

COLORS = ("auto", "always", "never")
ALIASES = {"-q": "--quiet", "-v": "--verbose", "--no-cache": "--cache"}
VALUED = ("registry", "config", "color", "select", "ignore", "format", "jobs")
UNASKED: dict[str, Any] = {
    **dict.fromkeys(("fix", "unsafe_fixes", "pin", "diff", "show_fixes", "no_inline_ignores", "strict", "exit_zero"), False),
    **dict.fromkeys(("no_baseline", "write_baseline", "shrink_baseline", "changed_lines", "hook", "statistics"), False),
    **dict.fromkeys(("no_fingerprints", "quiet", "verbose"), False),
    **dict.fromkeys(("select", "ignore", "output", "jobs", "baseline", "changed", "stdin_filename", "registry", "config")),
    "format": "text",
    "color": "auto",
    "cache": True,
}


def quickly(question: Question) -> Namespace | None:
    """The arguments as the parser would have them; nothing where it might refuse some."""
    found = {**UNASKED, "paths": [f"./{path}" if path.startswith("-") else path for path in question.paths]}
    options = iter(question.options)
    for option in options:
        name = ALIASES.get(option, option)[2:].replace("-", "_")
        value = next(options) if name in VALUED else name != "cache"
        if not _accepted(name, value):
            return None
        found[name] = int(value) if name == "jobs" else value
    return cast("Namespace", SimpleNamespace(**found))


def _accepted(name: str, value: str | bool) -> bool:
    """Whether the parser takes a value, also one that another replaces later."""
    if name == "color":
        return value in COLORS
    return name != "jobs" or _is_number(str(value))


def _is_number(text: str) -> bool:
    """Whether a number of processes is one beyond doubt."""
    return text.isascii() and text.isdigit() and len(text) < 4 and int(text) > 0
