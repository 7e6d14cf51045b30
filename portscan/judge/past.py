"""What tells of the past is right about the past: change logs, decisions, archives, earlier versions, reports with a date.

Names are those of wide convention. A migration of a database has a date as well, and runs: only what is read counts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from portscan.expressions import compiled
from portscan.model import PortLiteral

# Documents, by the beginnings of their names or the folders they are in.
LOGS: Final = ("changelog", "changes", "history", r"release[-_ ]?notes", "postmortem", r"post-mortem")
RECORDS: Final = ("adr", "adrs", "decisions", "postmortems", "retrospectives")
# Folders of what is kept, whatever it is.
KEPT: Final = ("archive", "archives", "archived", "_archive", "versioned_docs", "versioned_sidebars", "snapshots")
# Ends of what is written to be read, and a date in a name.
READ: Final = ("md", "mdx", "rst", "adoc", "txt", "html", "json", "csv", "log", "pdf")
DATE: Final = r"20\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])"

DOCUMENT: Final = compiled(rf"(?i)(^|/)(?:(?:{'|'.join(LOGS)})[^/]*$|(?:{'|'.join(RECORDS)})/)")
NUMBER: Final = compiled(r"\d+")
STORED: Final = compiled(rf"(?i)(^|/)(?:(?:{'|'.join(KEPT)})/|(?:[^/]*(?<!\d))?{DATE}(?!\d)[^/]*\.(?:{'|'.join(READ)})$)")


@lru_cache(maxsize=8)  # a file is asked about for each of its numbers
def past(path: str, *, document: bool) -> bool:
    """Whether a file tells of the past; a program may be called `history`, a `document` of that name is one."""
    return STORED.search(path) is not None or (document and DOCUMENT.search(path) is not None)


def tells_of_the_past(literal: PortLiteral) -> bool:
    """Whether a number stands in what says how things were."""
    return past(literal.path, document=literal.context == "doc")


def named_after(literal: PortLiteral) -> bool:
    """Whether a file is named after the very number: `kill-port-3200.sh` is about 3200, whosever that is."""
    return str(literal.port) in NUMBER.findall(literal.path.rpartition("/")[2])
