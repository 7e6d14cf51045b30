"""What a key of the configuration may hold: how it is checked, and how its JSON Schema says the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from portscan.errors import UserError
from portscan.model import HIGHEST_PORT, LOWEST_PORT, Severity
from portscan.tuples import NamedTuple

Reader = Callable[[object, str], Any]
VARIABLE_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
CODE_START = r"PS\d{0,3}"
LEVELS: tuple[Severity, ...] = ("error", "warning", "note")


class Kind(NamedTuple):
    """A kind of value. `read` is handed the value and the words for its place, and answers with what Python holds."""

    title: str
    schema: Mapping[str, Any]
    read: Reader


def wrong(where: str, wanted: str, value: object) -> UserError:
    """The error for a value that is not what its key holds."""
    return UserError(f"{where} must be {wanted}, not {_shown(value)}", "Mend the configuration.")


def listed(kind: Kind) -> Kind:
    """A list of values of one kind."""

    def read(value: object, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise wrong(where, f"a list, each item {kind.title}", value)
        return tuple(kind.read(each, where) for each in value)

    return Kind(f"list, each item {kind.title}", {"type": "array", "items": kind.schema}, read)


def choice(*words: str) -> Kind:
    """One of a few words."""
    title = f"one of {', '.join(words)}"

    def read(value: object, where: str) -> str:
        if value not in words:
            raise wrong(where, title, value)
        return str(value)

    return Kind(title, {"type": "string", "enum": list(words)}, read)


def _matching(pattern: str, title: str) -> Kind:
    def read(value: object, where: str) -> str:
        if not isinstance(value, str) or "\0" in value or not re.fullmatch(pattern, value):
            raise wrong(where, title, value)
        return value

    return Kind(title, {"type": "string", "pattern": f"^{pattern}$"}, read)


def _port(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not LOWEST_PORT <= value <= HIGHEST_PORT:
        raise wrong(where, PORT.title, value)
    return value


def _switch(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise wrong(where, SWITCH.title, value)
    return value


def _glob(value: object, where: str) -> str:
    from portscan.passed_over import matcher

    text = str(TEXT.read(value, where))
    matcher((text,))
    return text


def _named_tables(value: object, where: str) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """The tables with their names, in order; what they may hold is known to those whom the names belong to."""
    if not isinstance(value, Mapping):
        raise wrong(where, NAMED_TABLES.title, value)
    several = [(name, tables if isinstance(tables, list) else [tables]) for name, tables in value.items()]
    for name, tables in several:
        for table in tables:
            if not isinstance(table, Mapping):
                raise wrong(f"{where}.{name}", "a table, or a list of tables", table)
    return tuple((name, table) for name, tables in several for table in tables)


def _table(value: object, where: str) -> tuple[tuple[str, Any], ...]:
    """The pairs of a table of plain values."""
    if not isinstance(value, Mapping):
        raise wrong(where, TABLE.title, value)
    for name, each in value.items():
        for item in each if isinstance(each, list) else [each]:
            if not isinstance(item, (str, int, float)):
                raise wrong(f"{where}.{name}", "text, a number, true, false, or a list of those", item)
    return tuple(value.items())


def _severities(value: object, where: str) -> tuple[tuple[str, Severity], ...]:
    """The severity of each code, the most particular beginnings first."""
    if not isinstance(value, Mapping):
        raise wrong(where, SEVERITIES.title, value)
    for code, severity in value.items():
        CODE.read(code, f"a key of {where}")
        if severity not in LEVELS:
            raise wrong(f"{where}.{code}", f"one of {', '.join(LEVELS)}", severity)
    return tuple(sorted(value.items(), key=lambda item: (-len(item[0]), item[0])))


def _texts(value: object, where: str) -> tuple[tuple[str, str], ...]:
    """The entries of a table of texts, in order."""
    if not isinstance(value, Mapping):
        raise wrong(where, TEXTS.title, value)
    return tuple((name, TEXT.read(text, f"{where}.{name}")) for name, text in value.items())


def _shown(value: object) -> str:
    if isinstance(value, (Mapping, list)):
        return "a table" if isinstance(value, Mapping) else "a list"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)


TEXT = _matching(r"[^\S\n]*\S.*", "text")
REVISION = _matching(r"[A-Za-z0-9_][^\s~^:?*\[\\]*", "a branch, a tag or a commit")
VARIABLE = _matching(VARIABLE_NAME, "the name of a variable")
LABEL = _matching(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", "a name of letters, digits, hyphens, underscores and dots, 40 at most")
HOST = _matching(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*", "the name or the address of a host")
PLACE = _matching(r"([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?", "a host with its port")
CODE = _matching(CODE_START, "a code such as PS001, or its beginning")
PORT = Kind("a port, 1 to 65535", {"type": "integer", "minimum": LOWEST_PORT, "maximum": HIGHEST_PORT}, _port)
SWITCH = Kind("true or false", {"type": "boolean"}, _switch)
GLOB = Kind("a path pattern", {"type": "string"}, _glob)
SEVERITIES = Kind(
    "a severity for each code, or beginning of codes",
    {
        "type": "object",
        "propertyNames": {"pattern": f"^{CODE_START}$"},
        "additionalProperties": {"type": "string", "enum": list(LEVELS)},
    },
    _severities,
)
TEXTS = Kind("a table of texts", {"type": "object", "additionalProperties": TEXT.schema}, _texts)
PLAIN = ("string", "number", "boolean")
TABLE = Kind(
    "a table of plain values",
    {"type": "object", "additionalProperties": {"type": [*PLAIN, "array"], "items": {"type": list(PLAIN)}}},
    _table,
)
NAMED_TABLES = Kind(
    "tables with names",
    {"type": "object", "additionalProperties": {"type": ["object", "array"], "items": {"type": "object"}}},
    _named_tables,
)
