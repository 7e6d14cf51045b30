"""How long the longest chain of a Python file is: `a.b(c)[d] + e`, where each link holds all that stands in front of it.

libcst takes time with the cube of that length, and gives up on chains of some five hundred links.
"""

from __future__ import annotations

import re
from functools import lru_cache

from portscan.expressions import compiled
from portscan.languages.python_parts import TRIPLE, endless_quotes, plain_strings
from portscan.languages.tokens import matches

# A chain may go on over the ends of lines, but over no comma: a stretch without one is where to look.
STRETCH = compiled(r"(?:\A|[,;])[^,;]{400}")
REST = (
    r"\#[^\r\n]*|\d[\w.]*|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<apart>[,;])|(?P<end>[\r\n])"
    r"|(?P<mark>[.+\-*/%@&|^~:<>])|(?P<word>\w+)"
)
LINKS = frozenset(("and", "or", "not", "if", "else", "lambda", "await", "for"))


@lru_cache(maxsize=8)
def _tokens(barred: str) -> re.Pattern[str]:
    triple = TRIPLE.replace("?P<open>", "")
    return re.compile(f"(?P<string>{triple}|{plain_strings(barred)})|{endless_quotes(barred)}|{REST}", re.DOTALL)


def longest_chain(source: str) -> int:
    """The number of links of the longest chain, roughly; 0 where none can be long."""
    if not STRETCH.search(source):
        return 0
    longest, counts = 0, [0]
    for token in matches(_tokens, source):
        kind, value = token.lastgroup, token.group()
        if kind == "open":
            counts.append(0)
        elif kind == "apart" or (kind == "end" and len(counts) == 1):
            counts[-1] = 0
        elif kind == "close":
            if len(counts) > 1:
                counts.pop()
            counts[-1] += 1
        elif kind == "mark" or (kind == "word" and value in LINKS) or kind == "string":
            counts[-1] += 1
        longest = max(longest, counts[-1])
    return longest
