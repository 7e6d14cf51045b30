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
        found[name] = next(options) if name in VALUED else name != "cache"
    if found["color"] not in COLORS or not _number(found):
        return None
    return cast("Namespace", SimpleNamespace(**found))


def _number(found: dict[str, Any]) -> bool:
    """Whether the number of processes is one, which it is from now on."""
    jobs = found["jobs"]
    if jobs is None:
        return True
    if not (jobs.isascii() and jobs.isdigit() and 0 < len(jobs) < 4 and int(jobs)):
        return False
    found["jobs"] = int(jobs)
    return True
