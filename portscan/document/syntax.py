"""What the YAML parser complains about, in words that say what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from portscan.document.text import DocumentError, quoted
from portscan.expressions import compiled
from portscan.tuples import NamedTuple
from portscan.yaml_parser import parser


class Words(NamedTuple):
    """What is wrong, and what to do."""

    message: str
    advice: str


_INDENT: Final = "Give it the same indentation as its neighbours."
# Both of ruamel.yaml's parsers, the one in C and the one in Python, are met here: they word the same problem differently.
_WORDS: Final = tuple(
    (compiled(pattern), words)
    for pattern, words in (
        (
            r"mapping values are not allowed",
            Words("A `key: value` cannot stand here.", f"{_INDENT} If the value itself holds a colon, put it in quotes."),
        ),
        (
            r"expected ',' or",
            Words(
                "A list or mapping in brackets is not closed, or a comma is missing.", "Close it with the bracket that opened it."
            ),
        ),
        (
            r"unexpected end of stream|document separator",
            Words("A quote is opened here and never closed.", "Add the closing quote."),
        ),
        (r"<block end>|expected key|expected '-'|block collection", Words("This line does not fit the lines above it.", _INDENT)),
        (r"entries are not allowed", Words("A list's `- ` cannot stand here.", f"Put the item on a line of its own. {_INDENT}")),
        (
            r"chomping|comment or",
            Words("Text stands behind a `|` or `>`.", "Put the text on the next line, or all of it in quotes."),
        ),
        (
            r"node content|non-alphabetical|alphabetic or numeric",
            Words("A value is missing here, or begins with a sign that means something else.", "Put it in quotes."),
        ),
        (r"expected ':'", Words("A key stands here without its colon.", "Write `key: value`.")),
        (
            r"escape",
            Words("A backslash in double quotes begins an escape, and this one does not exist.", "Use single quotes."),
        ),
        (r"[Tt]ag|<anchor>|expected '>'", Words("A tag or anchor cannot be read here.", "Put the value in quotes.")),
        (r"document start", Words("A second document starts here.", "Keep one document in the file.")),
        (r"version|directive|expected digit", Words("The `%` line at the top is not understood.", "Delete it.")),
    )
)
# The parser notices these only later; what is to blame stands where it began to read.
_BEGAN_EARLIER: Final = compiled(r"unexpected end of stream|expected ':'")


def events(text: str, *, patient: bool = False) -> Iterator[Any]:
    """The parser's events for `text`; a `DocumentError` where it gives up. The `patient` parser is the one in Python."""
    quick = None if patient else parser()
    from ruamel.yaml.error import YAMLError

    try:
        yield from _purely(text) if quick is None else iter(quick(text).get_event, None)
    except YAMLError as error:
        raise explain(error, text) from None
    except IndexError:
        raise DocumentError("A `%` line stands where none can stand.", "Delete it.") from None
    except (ValueError, OverflowError):
        # The parser in Python lets impossible character escapes through to chr().
        raise DocumentError("An escape in double quotes stands for no character.", "Use single quotes.") from None


def _purely(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML

    yield from YAML(typ="safe", pure=True).parse(text)


def explain(error: Exception, text: str) -> DocumentError:
    """The parser's `error` as one at the characters that are to blame."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return _unprintable(text)
    problem = str(getattr(error, "problem", "") or "")
    if _BEGAN_EARLIER.search(problem):
        mark = getattr(error, "context_mark", None) or mark
    words = _wording(problem, text[mark.index : mark.index + 1])
    # One parser marks the backslash, the other what stands behind it.
    start = text.rfind("\\", 0, mark.index + 1) if "escape" in problem else mark.index
    return DocumentError(*words, max(start, 0))


def _wording(problem: str, sign: str) -> Words:
    if sign == "\t" and re.search(r"token|tab", problem):
        return Words("A tab stands in the indentation.", "YAML is indented with spaces: replace the tab.")
    if "start any token" in problem:
        return Words(f"A value cannot begin with {quoted(sign)}.", "Put the value in quotes.")
    plain = problem[:1].lower() + problem[1:]
    other = Words(f"This is not YAML: {plain}.", "Mend that place.")
    return next((words for pattern, words in _WORDS if pattern.search(problem)), other)


def _unprintable(text: str) -> DocumentError:
    # The two parsers count this offset differently (characters, bytes): look for the character instead.
    found = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff", text)
    if found is None:
        return DocumentError("The file holds a character that YAML does not allow.", "Delete it.")
    return DocumentError(f"The character U+{ord(found[0]):04X} cannot be part of YAML.", "Delete it.", found.start(), found.end())
