"""Lists, ranges, flags and command lines as values: what of a text is a port by the shape of all of it."""

from __future__ import annotations

import re

from portscan.expressions import compiled
from portscan.sites import ITEM, Items, Value
from portscan.text import Text

LEADING = compiled(r"[\"']?(\d{2,5})(?![\w.:/-])")
ITEM_OF_LIST = r"(?:\d{2,5}|\$\{\w+:-\d{2,5}\}|\$\w+|\$\{\w+\})"
LIST = compiled(rf"[\[({{\s\"']*{ITEM_OF_LIST}(?:[\s,;|]+{ITEM_OF_LIST})+[\])}}\s\"']*")
RANGE = compiled(r"[\"']?(\d{2,5})-(\d{2,5})[\"']?")
NUMBER = compiled(r"(?<![\w{-])\d{2,5}(?!\w)")
ASSIGNED = compiled(r"([A-Za-z_]\w*)=(?=.*\d)", re.DOTALL)
FLAG = compiled(r"--?(?=[A-Za-z])")
LONG_FLAG = compiled(r"--?([A-Za-z][\w.-]+)(=|$)")


def listed(text: str) -> list[tuple[int, int]]:
    """Where the ports of a range or a list are; else the port that the text begins with."""
    between = RANGE.fullmatch(text)
    if between:
        return [between.span(1), between.span(2)]
    if LIST.fullmatch(text):
        return [number.span() for number in NUMBER.finditer(text)]
    leading = LEADING.match(text)
    return [leading.span(1)] if leading else []


def flagged(value: Value, before: str) -> Value:
    """What is handed to a flag goes by the flag's name: `--endpoint minio:9000`, `--host=db:5432`."""
    attached = LONG_FLAG.match(value.text.value)
    if attached and attached[2]:
        return value._replace(text=value.text.part(attached.end(), len(value.text.value)), names=(attached[1],))
    ahead = LONG_FLAG.fullmatch(before)
    return value._replace(names=(ahead[1],)) if ahead and not ahead[2] else value


def command_words(words: tuple[Text, ...], role: str) -> tuple[Text, ...]:
    """The words of a command line in a list: Docker marks some by `CMD` or `CMD-SHELL`, arguments have no program."""
    first = words[0].value
    if first == "CMD":
        return words[1:]
    if first == "CMD-SHELL":
        return (Text("sh"), Text("-c"), *words[1:])
    return (Text("arguments"), *words) if role == "arguments" else words


def element(text: Text, site: Items) -> Value:
    """An element of a list; `NAME=value` is a value called NAME."""
    names = (*site.names, ITEM)
    assigned = ASSIGNED.match(text.value)
    if assigned:
        names, text = (*names, assigned[1]), text.part(assigned.end(), len(text.value))
    return Value(text, "string", names, context=site.context, owner=site.owner, dialect=site.dialect)
