"""Comments and documents, line by line: text that people read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from portscan.expressions import compiled
from portscan.model import Context
from portscan.sites import Lines, Site
from portscan.text import Text

if TYPE_CHECKING:
    from portscan.languages import Language

DIGITS = compiled("[0-9][0-9]")
# A number is handed to a function, or stands in for what is not there; or a line gives it to a name, as settings do.
CALLED = r"\((?<=[\w$]\()\(?[^()\n]{0,80}?(?<![\w.])[\"'`]?:?\d{2,5}[\"'`]?\s*[,)]"
FALLBACK = r"(?:\|\||\?\?)\s*[\"'`]?\d{2,5}(?!\w)"
STATEMENT = r"=\s*[\"'`]?\d{2,5}[\"'`]?\s*;"
CODE = compiled(f"{CALLED}|{FALLBACK}|{STATEMENT}")
SETTING = compiled(r"(?:\A|\n)[^\w\n]{0,9}[A-Za-z_][\w.-]*(?:[ \t]*=[ \t]*|[ \t]+)\d{2,5}[ \t;]*(?=\n|\Z)")
# By the reader that makes something of a line alone: what in a comment may be code.
COMMENTED = {"code": CODE, "javascript": CODE, "dockerfile": SETTING, "directives": SETTING}


def lines(text: Text) -> Iterator[Text]:
    """The lines of `text` that hold two digits in a row, as every port does that is not told by its place alone."""
    reached = 0
    for match in DIGITS.finditer(text.value):
        if match.start() < reached:
            continue
        start = text.value.rfind("\n", 0, match.start()) + 1
        end = text.value.find("\n", match.end())
        reached = end if end >= 0 else len(text.value)
        yield text.part(start, reached - text.value.endswith("\r", start, reached))


def comments_of(texts: Iterable[Text], language: Language) -> Iterator[Site]:
    """The comments `texts` of a file as prose; in a document they are part of it."""
    context: Context = "doc" if language.context == "doc" else "comment"
    coded = COMMENTED.get(language.fallback or language.reader)
    for lined in prose(texts, context):
        yield lined
        if coded is not None and any(coded.search(text.value) for text in lined.texts):
            from portscan.languages.commented import commented  # what few comments need

            yield from commented(lined, coded, language)


def prose(texts: Iterable[Text], context: Context) -> Iterator[Lines]:
    """Those of `texts` that may hold a port, as lines that people read."""
    telling = tuple(text for text in texts if DIGITS.search(text.value))
    if telling:
        yield Lines(telling, context)
