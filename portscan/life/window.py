"""The time in which a service has two ports: the old one is published beside the new one, in the compose files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from portscan.detect.mappings import PIECE
from portscan.document.document import parse
from portscan.errors import UserError
from portscan.registry.editing import edited
from portscan.registry.editing.changes import Insert

if TYPE_CHECKING:
    from portscan.life.moves import Move
    from portscan.life.rewriting import Rewrite


def published_twice(move: Move, rewrites: Sequence[Rewrite], contents: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[str]]:
    """The compose files with the old port published beside the new one."""
    result, remarks = dict(contents), []
    for rewrite in (each for each in rewrites if each.move is move and _publishes(each)):
        path, owner = rewrite.literal.path, str(rewrite.literal.owner)
        ports = ("services", owner, "ports")
        items = _at(parse(result[path]).data(), ports)
        index = next((i for i, item in enumerate(items) if _is(item, move.port)), None)
        twin = None if index is None else _twin(items[index], move)
        if index is None or twin is None:
            remarks.append(f"{path}: publish {move.endpoint.port} beside {move.port} for `{owner}` by hand")
            continue
        try:
            result[path] = edited(path, result[path], [Insert(ports, index + 1, twin)])
        except UserError as error:
            remarks.append(f"{error.title}; publish {move.endpoint.port} there by hand")
    return result, remarks


def _publishes(rewrite: Rewrite) -> bool:
    literal = rewrite.literal
    if literal.port != rewrite.move.endpoint.port:
        return False  # the old port was not published there
    mapping = literal.side == "host" or ".ports" in f".{literal.name or ''}" or literal.kind == "mapping"
    return literal.owner is not None and mapping and literal.side != "container" and literal.language == "yaml"


def _at(data: Any, path: Sequence[str]) -> Sequence[Any]:
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    return data if isinstance(data, list) else ()


def _is(item: Any, port: int) -> bool:
    """Whether an entry of `ports` publishes a port."""
    if isinstance(item, dict):
        return re.search(rf"(?<!\d){port}(?!\d)", str(item.get("published", ""))) is not None
    return re.search(rf"(?<!\d){port}(?!\d)[^:]*:[^:]+$", str(item)) is not None


def _twin(item: Any, move: Move) -> str | None:
    """The short form of an entry that publishes the old port, at the same address; none for an entry that is not understood."""
    if isinstance(item, dict):
        address, inside, protocol = item.get("host_ip"), str(item.get("target", move.port)), item.get("protocol")
        front, back = f"{address}:" if address else "", f"/{protocol}" if protocol else ""
        return f"{front}{move.endpoint.port}:{inside}{back}"
    pieces = [piece.group() for piece in PIECE.finditer(str(item)) if piece.group()]
    if len(pieces) not in (2, 3):
        return None
    *address, _, inside = pieces
    return ":".join((*address, str(move.endpoint.port), inside))
