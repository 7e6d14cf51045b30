"""Text of others in Markdown: nothing in it can become a link, a mention, an image, a heading or HTML.

What a file, a host or a service is called is anybody's choice, and the comment stands in a pull request under our name.
"""

from __future__ import annotations

import re

from portscan.expressions import compiled
from portscan.terminal import printable

# A run without blanks, but for those between backticks.
TOKEN = compiled(r"(?:`[^`]+`|\S)+")
QUOTED = compiled(r"([\"'(]*)`([^`]+)`([\"')]*[.,;:?]*)")
# What means nothing to Markdown, GitHub or GitLab: letters, perhaps with hyphens between them, or a number.
PLAIN = compiled(r"[\"'(]*(?:(?:[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d{1,6}(?:,\d{3})*)[\"')]*|\)[\"')]*)?[.,;:?]*")


def code(text: str) -> str:
    """The text as a code span, in which nothing has a meaning; line ends and control characters are escaped."""
    shown = printable(text) or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    space = " " if {shown[0], shown[-1]} & {"`", " "} else ""
    return f"{fence}{space}{shown}{space}{fence}"


def prose(text: str) -> str:
    """A sentence: what it has between backticks, and every word that might have a meaning, as code spans."""
    return " ".join(_shown(token[0]) for token in TOKEN.finditer(printable(text)))


def _shown(token: str) -> str:
    if PLAIN.fullmatch(token):
        return token
    quoted = QUOTED.fullmatch(token)
    return f"{quoted[1]}{code(quoted[2])}{quoted[3]}" if quoted else code(token)
