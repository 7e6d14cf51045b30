"""What just reads itself: `env('X', '3103')` in the value that a variable of a justfile gets."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from portscan.expressions import compiled
from portscan.spelling import Change, Spelled

# A text in one line; what has several, is run, or is filled in or expanded by just, is left to a person.
TEXT: Final = compiled(r"(?P<other>[xf]['\"]|'''|\"\"\"|`)|'[^'\n]*'|\"(?:\\.|[^\"\\\n])*\"")
VALUE: Final = compiled(r"(?:export[ \t]+)?(?P<name>[A-Za-z_][\w-]*)[ \t]*:=")
CONSTANT: Final = compiled(r"(?m)^(?:set\s|import\b|mod\s|\[)[^\n]*")
WORD: Final = compiled(r"[\w-]+")
LONGEST: Final = 10_000  # characters of a value that is taken apart
OLD: Final = "env_var_or_default"  # what `env` was called before it took a fallback


def bind_value(text: str, first: int, last: int, start: int, end: int, variable: str) -> Spelled | None:
    """Bind the digits `start:end` in the statement `first:last`, if that gives a variable a value; None where it does not.

    What a setting, a module or an attribute is made of must be a constant.
    """
    match = VALUE.match(text, first, last)
    if match is None or last - first > LONGEST or match["name"] in _constants(text):
        return None
    found = (each for each in TEXT.finditer(text, match.end(), last) if each["other"] or each.end() > end)
    holder = next(found, None)
    if holder is None or holder["other"] or holder.start() >= start or "\\" in holder.group():
        return None
    return Spelled(
        (Change(*holder.span(), _spelled(holder.group(), start - holder.start(), end - holder.start(), variable, text)),)
    )


@lru_cache(maxsize=4)
def _constants(text: str) -> frozenset[str]:
    """The words in settings and the like."""
    return frozenset(word for line in CONSTANT.findall(text) for word in WORD.findall(line))


@lru_cache(maxsize=4)
def _look_up(text: str) -> str:
    """The function that reads a variable: by its old name, where a file calls it so."""
    return OLD if OLD in text else "env"


def _spelled(written: str, start: int, end: int, variable: str, text: str) -> str:
    """A text taken apart, in brackets where there is more than the digits."""
    quote = written[0]
    value = f"{_look_up(text)}({quote}{variable}{quote}, {quote}{written[start:end]}{quote})"
    before = f"{written[:start]}{quote} + " if start > 1 else ""
    after = f" + {quote}{written[end:]}" if end < len(written) - 1 else ""
    return f"({before}{value}{after})" if before or after else value
