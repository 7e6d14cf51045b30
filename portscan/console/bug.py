"""What is shown when portscan itself is at fault: short enough to paste, and without the user's directories."""

from __future__ import annotations

import platform
import shlex
import sys
from traceback import FrameSummary, extract_tb
from typing import TYPE_CHECKING

from portscan import __version__
from portscan.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

FRAMES = 6


def report(error: Exception, arguments: Sequence[str]) -> str:
    """The report on an exception that nobody expected."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    lines = [
        "portscan: this is a bug in portscan. Please report it with these lines:",
        f"  portscan {__version__}, {python}, {sys.platform}",
        f"  command: {shlex.join(['portscan', *arguments])}",
        f"  {type(error).__name__}: {str(error)[:300]}",
        *(f"    {_place(frame)}" for frame in extract_tb(error.__traceback__)[-FRAMES:]),
    ]
    return "".join(f"{printable(line)}\n" for line in lines)


def _place(frame: FrameSummary) -> str:
    """The last two parts of the path say which module it is; the others only whose machine."""
    tail = "/".join(frame.filename.replace("\\", "/").rsplit("/", 2)[-2:])
    return f"{tail}:{frame.lineno} in {frame.name}"
