"""How problems of a document are worded: what is meant, what it is, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from portscan.document.nodes import Mapping, Path, Scalar
from portscan.document.text import quoted

if TYPE_CHECKING:
    from portscan.document.document import Document

_WANTED: Final = {
    "object": "a mapping",
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
}
_TRUTHS: Final = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_SIMILAR: Final = 0.7
_SHORTEST: Final = 3
# Comparing words is slow: among more than these nobody is told what was probably meant.
_MOST_COMPARED: Final = 500
_MOST_LISTED: Final = 30


class Rank(IntEnum):
    """Which of several problems of one place tells most: the lower, the more."""

    UNKNOWN = 0
    TYPE = 1
    VALUE = 2
    MISSING = 3
    OTHER = 4


def subject(document: Document, path: Path, *, start: bool = False) -> str:
    """What stands at `path`: "`port` of `dashboard`", "item 2 of `depends_on` of `api`", "the file" at the top."""
    text = _described(document, path)
    return text[:1].upper() + text[1:] if start else text


def holder(document: Document, path: Path) -> str:
    """The end of a sentence that says where a key stands; nothing at the top of the file."""
    return f" in {_described(document, path)}" if path else ""


def _described(document: Document, path: Path) -> str:
    """Names an entry of a list by its own name, and keys below it by their dotted path."""
    if not path:
        return "the file"
    last = max((index for index, part in enumerate(path) if isinstance(part, int)), default=None)
    if last is None:
        return _dotted(path)
    keys, name = path[last + 1 :], _name(document, path[: last + 1])
    if name is None:
        name = f"item {int(path[last]) + 1} of {_described(document, path[:last])}"
    return f"{_dotted(keys)} of {name}" if keys else name


def _dotted(keys: Path) -> str:
    return quoted(".".join(map(str, keys)))


def _name(document: Document, path: Path) -> str | None:
    node = document.node(path)
    entry = node.entries.get("name") if isinstance(node, Mapping) else None
    return quoted(entry.value.text) if entry and isinstance(entry.value, Scalar) and entry.value.text else None


def mistyped(value: Any, written: str | None, wanted: Sequence[str]) -> tuple[str, str]:
    """The end of a sentence and the advice for a value of the wrong type."""
    expected = " or ".join(_WANTED[name] for name in wanted if name != "null")
    if value is None:
        return "has no value.", f"Write {expected}."
    return f"must be {expected}, not {_given(value, written)}.", _advice(value, written, wanted) or f"Write {expected}."


def _given(value: Any, written: str | None) -> str:
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    prefix = "the text " if isinstance(value, str) else ""
    return f"{prefix}{quoted(written if written is not None else value)}"


def _advice(value: Any, written: str | None, wanted: Sequence[str]) -> str:
    if "integer" in wanted and isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,5}\s*", value):
        return f"Drop the quotes: write {int(value)}."
    if "boolean" in wanted and isinstance(value, str):
        return f"Write {_TRUTHS.get(value.lower(), 'true or false')}, without quotes."
    if "string" in wanted and isinstance(value, (bool, int, float)):
        return f'Put it in quotes: "{quoted(written)[1:-1]}".'
    if "array" in wanted and not isinstance(value, dict):
        return f"Write a list: [{quoted(written)[1:-1]}]."
    return ""


def closest(key: str, known: Sequence[str]) -> str | None:
    """The known word that `key` was probably meant to be; case, hyphens and underscores do not count."""
    if len(known) > _MOST_COMPARED:
        return None
    from difflib import get_close_matches  # most documents need no such advice

    folded, begun = {_folded(word): word for word in known}, _folded(key)
    match = get_close_matches(begun, folded, 1, _SIMILAR)
    if not match and len(begun) >= _SHORTEST:
        match = [word for word in folded if word.startswith(begun)]
    return folded[match[0]] if match else None


def meant(key: str, known: Sequence[str]) -> str:
    """Advice on an unknown word: the likely one, or all there are."""
    likely = closest(key, known)
    if likely:
        return f"Did you mean {quoted(likely)}?"
    listed = ", ".join((*known[:_MOST_LISTED], *(["…"] if len(known) > _MOST_LISTED else [])))
    return f"Known here: {listed}." if known else ""


def _folded(word: str) -> str:
    return re.sub(r"[-_ ]", "", word).lower()
