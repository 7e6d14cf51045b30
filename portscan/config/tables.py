"""How a table of the configuration is declared: a dataclass whose fields are its keys. Reading it and its schema follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from portscan.config.kinds import TEXT, Kind, wrong
from portscan.errors import UserError
from portscan.records import MISSING, field, fields
from portscan.tuples import NamedTuple

T = TypeVar("T")


class Key(NamedTuple):
    """A key of the configuration: its name there and in Python, what it may hold, and what it is for."""

    name: str
    attribute: str
    kind: Kind
    default: Any
    description: str

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is MISSING


def key(kind: Kind, description: str, *, default: Any = MISSING, name: str | None = None) -> Any:
    """A field of a table that is a key of the configuration; without a default it must be given."""
    return field(default=default, metadata={"kind": kind, "description": description, "name": name})


def keys(table: type[Any]) -> tuple[Key, ...]:
    """The keys that `table` declares, in the order of their declaration."""
    return tuple(
        Key(f.metadata["name"] or f.name.replace("_", "-"), f.name, f.metadata["kind"], f.default, f.metadata["description"])
        for f in fields(table)
        if f.metadata
    )


def tables(table: type[Any]) -> Kind:
    """Any number of `table`, written as `[[name]]`."""

    def read(value: object, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise wrong(where, "a list of tables", value)
        return tuple(read_table(table, each, f"{where}[{i}]") for i, each in enumerate(value, 1))

    return Kind("list of tables", {"type": "array", "items": schema(table)}, read)


def text_or(table: type[Any]) -> Kind:
    """A text, or a `table` in place of it."""

    def read(value: object, where: str) -> Any:
        return read_table(table, value, where) if isinstance(value, Mapping) else TEXT.read(value, where)

    return Kind("text, or a table", {"if": {"type": "object"}, "then": schema(table), "else": TEXT.schema}, read)


def schema(table: type[Any]) -> dict[str, Any]:
    """What `table` may hold, as a JSON Schema."""
    properties = {key.name: {**key.kind.schema, "description": key.description} for key in keys(table)}
    required = [key.name for key in keys(table) if key.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def read_table(table: type[T], values: object, where: str, **more: object) -> T:
    """Make a `table` of `values`; each of them must be a key, and hold what the key is declared to hold."""
    if not isinstance(values, Mapping):
        raise wrong(where, "a table", values)
    known = {key.name: key for key in keys(table)}
    for name in values:
        if name not in known:
            raise _unknown(name, tuple(known), where)
    for each in known.values():
        if each.required and each.name not in values:
            raise UserError(f"{where}: `{each.name}` is missing", each.description)
    read = {known[name].attribute: known[name].kind.read(value, f"{where}: {name}") for name, value in values.items()}
    return table(**read, **more)


def _unknown(name: str, known: tuple[str, ...], where: str) -> UserError:
    from difflib import get_close_matches

    close = get_close_matches(name.replace("_", "-"), known, 1, 0.6)
    hint = f"Did you mean `{close[0]}`?" if close else f"The keys are {', '.join(known)}."
    return UserError(f"{where}: `{name}` is not a key", hint)
