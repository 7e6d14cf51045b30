"""What is to become of a registry's values, whatever they look like in the file."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, TypeAlias

from portscan.document.nodes import Path
from portscan.records import dataclass

# Dictionaries, lists, text, whole numbers, booleans and None.
Value: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Put:
    """A key of a mapping, or an item of a list, is to hold `value`; a key that is not there yet is added."""

    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Insert:
    """The list at `path` is to have `value` in front of what is item `index` now; its length adds it at the end."""

    path: Path
    index: int
    value: Value


@dataclass(frozen=True, slots=True)
class Remove:
    """The key of a mapping, or the item of a list, at `path` is to be gone."""

    path: Path


Change: TypeAlias = Put | Insert | Remove


def intended(data: Value, change: Change) -> Value:
    """The values as they are to be; `data` itself stays as it is."""
    result = deepcopy(data)
    if isinstance(change, Insert):
        _at(result, change.path).insert(change.index, change.value)
        return result
    holder, last = _at(result, change.path[:-1]), change.path[-1]
    if isinstance(change, Put):
        holder[last] = change.value
    else:
        del holder[last]
    return result


def _at(data: Value, path: Path) -> Value:
    for part in path:
        data = data[part]
    return data
