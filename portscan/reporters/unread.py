"""What was not read, for people: what could not be is named, what nobody wants to be is counted by its reason."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from portscan.passed_over import DELIBERATE
from portscan.reporters.words import count, wrapped
from portscan.terminal import cells, paint, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portscan.model import Skipped
    from portscan.terminal import Streams

BINARY = "binary file"
NAMED = 3  # files that are named for each reason not to read them


def unread_block(skipped: Sequence[Skipped], streams: Streams) -> str:
    """The files that could not be read, by reason, the commonest first; with `-v` also texts that are passed over."""
    every = streams.detail == "verbose"
    told = [one for one in skipped if one.reason != BINARY] if every else broken(skipped)
    if not told:
        return ""
    reasons = Counter(one.reason for one in told).most_common()
    wide = max(cells(printable(reason)) for reason, _ in reasons)
    lines = [paint(f"{count(len(told), 'path')} {'not read' if every else 'could not be read'}", "bold", streams.color)]
    for reason, number in reasons:
        start = f"  {_padded(printable(reason), wide)}  {number:>{len(f'{len(told):,}')},}  "
        lines += wrapped(start, _names([one.path for one in told if one.reason == reason], every), streams.width)
    return "".join(f"{line}\n" for line in lines)


def passed_over_line(skipped: Sequence[Skipped], streams: Streams) -> str:
    """How many files are passed over, in a sentence; empty where there are none. With `-v` binary files are told by kind."""
    verbose = streams.detail == "verbose"
    said = passed_over(skipped, _kinds(skipped) if verbose else "")
    return (
        "".join(f"{line}\n" for line in wrapped("", f"{said}{'' if verbose else '; -v says more'}.", streams.width))
        if said
        else ""
    )


def read_in_part(skipped: Sequence[Skipped], command: str) -> str:
    """A line for each file that a command did not follow to its end, for those without a report."""
    return "".join(f"portscan {command}: {printable(one.path)} is {printable(one.reason)}.\n" for one in skipped)


def broken(skipped: Sequence[Skipped]) -> tuple[Skipped, ...]:
    """The files that somebody may want to be read."""
    return tuple(one for one in skipped if one.reason not in DELIBERATE)


def passed_over(skipped: Sequence[Skipped], kinds: str = "") -> str:
    """How many files nobody wants to be read, by their reason, the binary ones also by `kinds`; empty where there are none."""
    reasons = Counter(one.reason for one in skipped if one.reason in DELIBERATE)
    more = {BINARY: f": {kinds}"} if kinds else {}
    what = ", ".join(f"{reason} ({number:,}{more.get(reason, '')})" for reason, number in reasons.most_common())
    return f"{count(reasons.total(), 'path')} passed over: {what}" if reasons else ""


def _kinds(skipped: Sequence[Skipped]) -> str:
    """`png 12, ico 3`: what kinds of binary files there are. Their names are nobody's business: none of them holds a port."""
    names = (one.path.rpartition("/")[2] for one in skipped if one.reason == BINARY)
    kinds = Counter(name.rpartition(".")[2].lower() if "." in name else "others" for name in names)
    return ", ".join(f"{printable(kind)} {number:,}" for kind, number in kinds.most_common())


def _names(paths: Sequence[str], every: bool) -> str:
    most = len(paths) if every else NAMED
    named = ", ".join(map(printable, paths[:most]))
    return f"{named} and {len(paths) - most:,} more" if len(paths) > most else named


def _padded(text: str, wide: int) -> str:
    return text + " " * (wide - cells(text))
