"""Comments and documents, line by line: text that people read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from portscan.model import Context
from portscan.sites import Site, Value
from portscan.text import Text

if TYPE_CHECKING:
    from portscan.languages import Language

LINE = re.compile(r"[^\r\n]*\d[^\r\n]*")


def lines(text: Text) -> Iterator[Text]:
    """The lines of `text` that hold a digit."""
    for match in LINE.finditer(text.value):
        yield text.part(match.start(), match.end())


def comments_of(texts: Iterable[Text], language: Language) -> Iterator[Site]:
    """The comments `texts` of a file as prose; in a document they are part of it."""
    context: Context = "doc" if language.context == "doc" else "comment"
    for text in texts:
        for line in lines(text):
            yield Value(line, "prose", context=context)
