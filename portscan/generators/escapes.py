"""How a value of the registry is written into a format, so that it stays a value whatever it holds.

Each function makes the text of one expression in a template. Names, owners and descriptions are written by people, and
must be no more than words in whatever is generated.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from unicodedata import category

from portscan.expressions import compiled
from portscan.generated import SIGN

LONGEST: Final = 300
# Characters of Unicode that reorder or hide others, and those that break lines where nobody looks for it.
UNSEEN: Final = frozenset(("Cc", "Cf", "Zl", "Zp", "Cs", "Co"))
MARKDOWN: Final = compiled(r"[\\`*_{}\[\]<>|~$&]|\A[#+=>-]")
NUMBERED: Final = compiled(r"\A(\d{1,9})([.)])")
ENTITIES: Final = compiled(r"[^\w .,:;/-]|_|:(?=\S)|\A[-\d]|\A[ei](?=xport|mport)")
JOINER: Final = "\u200d"  # keeps an emoji together, and nothing else


def line(text: str, longest: int = LONGEST) -> str:
    """Text on one line, without control characters and marks of direction, cut where nobody reads on."""
    seen = "".join(" " if _unseen(c) else c for c in text[: 2 * longest])
    joined = _unmarked(" ".join(seen.split()))
    return joined if len(joined) <= longest else f"{joined[: longest - 1].rstrip()}…"


def _unseen(character: str) -> bool:
    """Whether nobody sees it, or it is no character at all, which YAML refuses."""
    return (character != JOINER and category(character) in UNSEEN) or ord(character) & 0xFFFE == 0xFFFE


def comment(text: str) -> str:
    """Text for a comment of any of our formats: nothing in it can end the comment, or start a string."""
    return _unmarked(re.sub(r"[^\w .,:;/()+-]|--+|\*/", " ", line(text)).strip())


def _unmarked(text: str) -> str:
    """Text that is not taken for the end of a generated block, or the beginning of one."""
    return text.replace(SIGN, SIGN.removesuffix("("))


def markdown(text: str) -> str:
    """Text for Markdown, in or outside a table, wherever on a line."""
    return NUMBERED.sub(r"\1\\\2", MARKDOWN.sub(r"\\\g<0>", line(text)))


def entities(text: str) -> str:
    """Text for HTML and for MDX, where braces and angles begin code, and colons directives: an entity begins nothing."""
    return ENTITIES.sub(lambda match: f"&#{ord(match[0])};", line(text))


def label(text: str) -> str:
    """Text for a box of a Mermaid diagram, between double quotes."""
    return re.sub(r"[^\w .,:/+-]", " ", line(text)).strip()


def shell(text: str) -> str:
    """A word of a POSIX shell."""
    return shlex.quote(line(text))


def quoted(text: str) -> str:
    """A string in double quotes for Python, JavaScript, TypeScript, JSON and YAML.

    YAML knows no pairs of surrogates, as JSON writes what is beyond 16 bits in ASCII: characters stand as they are.
    """
    return json.dumps(line(text), ensure_ascii=False)


def value(text: str) -> str:
    """The value of an env file: what every reader takes as it is. Whatever else there is must not get here."""
    return re.sub(r"[^A-Za-z0-9_.:/%@~+-]", "", text)


ESCAPES: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "line": line,
        "comment": comment,
        "markdown": markdown,
        "entities": entities,
        "label": label,
        "shell": shell,
        "quoted": quoted,
        "value": value,
    }
)
