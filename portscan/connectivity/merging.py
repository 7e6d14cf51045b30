"""Two files that speak of one service: what the later one says goes on top of the earlier, key by key as Compose does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Final

from portscan.connectivity.model import Attached, Build, Mapped, Part
from portscan.records import fields, replace


def merged(parts: tuple[Part, ...]) -> Part:
    """The parts of a service, the earliest first, as one. The place of the service is that in the last file."""
    return reduce(_over, parts)


def _over(base: Part, over: Part) -> Part:
    said: dict[str, Any] = {}
    for name, merge in MERGED.items():
        below = None if name in over.reset | over.wholly else getattr(base, name)
        above = None if name in over.reset else getattr(over, name)
        said[name] = merge(below, above) if below is not None and above is not None else _either(name, below, above)
    return replace(over, reset=frozenset(), wholly=frozenset(), extends=None, **said)


def _either(name: str, below: Any, above: Any) -> Any:
    found = above if above is not None else below
    return found if found is not None else EMPTY[name]


def _last(below: Any, above: Any) -> Any:
    del below
    return above


def _all(below: tuple[Any, ...], above: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*below, *above)))


def _keys(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    return {**below, **above}


def _texts(below: tuple[Any, ...], above: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values that count once, whatever they are written like."""
    return tuple({value.text: value for value in (*below, *above)}.values())


def _ports(below: tuple[Mapped, ...], above: tuple[Mapped, ...]) -> tuple[Mapped, ...]:
    """The same mapping in two files is one."""
    found = {(port.address, port.published, port.target, port.protocol): port for port in (*below, *above)}
    return tuple(found.values())


def _networks(below: Mapping[str, Attached], above: Mapping[str, Attached]) -> dict[str, Attached]:
    found = dict(below)
    for key, how in above.items():
        already = found[key].aliases if key in found else ()
        found[key] = replace(how, aliases=_all(already, how.aliases))
    return found


def _build(below: Build, above: Build) -> Build:
    context = above.context if above.context != "." else below.context
    dockerfile = above.dockerfile if above.dockerfile != "Dockerfile" else below.dockerfile
    return Build(context, dockerfile, {**below.arguments, **above.arguments})


# How each field of a service is merged; the last file decides where nothing else is said.
MERGED: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "image": _last,
    "build": _build,
    "container_name": _last,
    "hostname": _last,
    "network_mode": _last,
    "networks": _networks,
    "ports": _ports,
    "expose": _texts,
    "environment": _keys,
    "env_files": _all,
    "depends_on": _keys,
    "links": _texts,
    "external_links": _texts,
    "extra_hosts": _keys,
    "profiles": _all,
    "command": _last,
    "entrypoint": _last,
    "healthcheck": _last,
    "mounts": _keys,
    "labels": _keys,
    "sections": _keys,
}
EMPTY: Final[Mapping[str, Any]] = {
    field.name: field.default if not callable(field.default_factory) else field.default_factory()
    for field in fields(Part)
    if field.name in MERGED
}
