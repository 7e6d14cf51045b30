"""The registry as it was read before: checking it takes longer than most scans. One with errors is read anew each time."""

from __future__ import annotations

from datetime import date
from typing import Any

from portscan.cache import kept
from portscan.model import Location
from portscan.records import fields
from portscan.registry import model
from portscan.registry.model import Registry

CLASSES = {
    kind.__name__: kind
    for kind in (
        *(model.Range, model.Endpoint, model.Previous, model.Healthcheck, model.Governance, model.Service, model.Registry),
        Location,
    )
}
DATE, PLAIN = "date", ""


def recalled(path_label: str, data: bytes) -> Registry | None:
    """The registry that these bytes are known to hold; None when they are not known."""
    content = kept.loaded(_file(path_label, data))
    if content is None:
        return None
    registry = _made(content)
    return registry if isinstance(registry, Registry) else None


def remember(path_label: str, data: bytes, registry: Registry) -> None:
    """Keep a registry without errors."""
    kept.store(_file(path_label, data), _plain(registry))


def _file(path_label: str, data: bytes) -> Any:
    return kept.kept_file("registry", kept.code_stamp(), path_label, data)


def _plain(value: Any) -> Any:
    """A value of the registry as tuples that begin with the name of their class."""
    if isinstance(value, date):
        return (DATE, value.toordinal())
    if hasattr(value, "__dataclass_fields__"):
        return (type(value).__name__, *(_plain(getattr(value, each.name)) for each in fields(value) if each.init))
    if isinstance(value, tuple):
        return (type(value).__name__ if type(value).__name__ in CLASSES else PLAIN, *map(_plain, value))
    return value


def _made(content: Any) -> Any:
    if not isinstance(content, tuple):
        return content
    kind, *values = content
    if kind == DATE:
        return date.fromordinal(values[0])
    made = tuple(map(_made, values))
    return CLASSES[kind](*made) if kind else made
