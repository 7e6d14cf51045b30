"""What the declarations of the configuration say to others: to editors as a JSON Schema, to people as what is in force."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any

from portscan.config import Config, label
from portscan.config.tables import Key, keys, schema
from portscan.records import fields
from portscan.tuples import NamedTuple

DRAFT = "https://json-schema.org/draft/2020-12/schema"


class Setting(NamedTuple):
    """A key that is in force, with its value as the file would hold it, and where that comes from."""

    key: Key
    value: Any
    source: str


def full_schema() -> dict[str, Any]:
    """The JSON Schema of `portscan.toml`, with what each generator may be told."""
    found = schema(Config)
    for key in keys(Config):
        if key.name not in ("generate", "registry") and not isinstance(key.default, type(None)):
            found["properties"][key.name]["default"] = plain(key, key.default)
    found["properties"]["generate"] |= {"properties": dict(_generators()), "additionalProperties": False}
    heading = {"$schema": DRAFT, "title": "portscan", "description": "portscan.toml, or [tool.portscan] in pyproject.toml."}
    return {**heading, **found}


def _generators() -> Iterator[tuple[str, dict[str, Any]]]:
    """The settings of each generator: a table, or a list of them."""
    from portscan.generators import NAMES, generator

    for name in NAMES:
        module = generator(name)
        table = schema(module.Settings)
        yield name, {"description": module.HELP, "if": {"type": "array"}, "then": {"items": table}, "else": table}


def in_force(config: Config, overridden: Mapping[str, Any]) -> tuple[Setting, ...]:
    """Every key with its value. `overridden` holds those that the command line gives, by name."""
    place = label(config.file) if config.file else ""
    return tuple(_setting(config, key, place, overridden) for key in keys(Config))


def _setting(config: Config, key: Key, place: str, overridden: Mapping[str, Any]) -> Setting:
    if key.name in overridden:
        return Setting(key, overridden[key.name], "command line")
    return Setting(key, plain(key, getattr(config, key.attribute)), place if key.name in config.given else "default")


def plain(key: Key, value: Any) -> Any:
    """A value as the file would hold it."""
    if key.name == "generate":
        return _named(value)
    if key.kind.schema.get("type") == "object":
        return dict(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        declared = {key.attribute: key for key in keys(type(value))}
        pairs = ((declared[f.name], getattr(value, f.name)) for f in fields(value))
        return {key.name: plain(key, each) for key, each in pairs if each != key.default}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _named(tables: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for name, table in tables:
        found.setdefault(name, []).append(table)
    return found


def as_toml(settings: Iterable[Setting]) -> str:
    """The settings as a file that says the same, each with a remark on its origin."""
    values = [(s.key.name, s.value, s.source) for s in settings]
    first = [(f"{name} = {written(value)}", source) for name, value, source in values if not _is_table(value)]
    width = min(max(len(line) for line, _ in first), 60)
    lines = [f"{line.ljust(width)}  # {source}" for line, source in first]
    for name, value, source in values:
        if _is_table(value):
            lines += _tables(name, value, source)
    return "".join(f"{_inert(line)}\n" for line in lines)


def _inert(line: str) -> str:
    """A line in which nothing moves a cursor or turns the direction, in the form in which TOML writes such characters."""
    return "".join(each if each.isprintable() else f"\\U{ord(each):08X}" for each in line)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _tables(name: str, value: Any, source: str) -> Iterator[str]:
    """A table, or several of one name, or a table of those."""
    if isinstance(value, dict) and any(map(_is_table, value.values())):
        for inner, tables in value.items():
            yield from _tables(f"{name}.{inner}", tables, source)
        return
    head = f"[{name}]" if isinstance(value, dict) else f"[[{name}]]"
    for table in [value] if isinstance(value, dict) else value:
        yield from ("", f"{head}  # {source}", *(f"{key} = {written(each)}" for key, each in table.items()))


def written(value: Any) -> str:
    """A value in TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)} = {written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", r"\u007f") if isinstance(value, (str, bool)) else str(value)
