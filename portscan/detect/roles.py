"""What stands at a place that the rules know: a port, a mapping, an address, a list of ports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from portscan.detect.hits import Hit, port_of
from portscan.detect.mappings import parse, several
from portscan.expressions import compiled
from portscan.model import Kind

PORT = compiled(r"\s*[\"']?:?(\d{1,5})(?:/\w+)?[\"']?\s*")
ADDRESS = compiled(r"(?:^|[\s:,\]])[\"']?(\d{1,5})(?=/|$|[\s,\"'])")
HOST = r"(?P<host>\w[\w.-]*|\[[\da-fA-F:.]+\])"  # whose the port behind it is; a template says nothing of that
UPSTREAM = compiled(rf"(?:{HOST}|[^\s/=]*):(\d{{1,5}})(?:/\S*)?")
FORWARD = compiled(rf"(?:[\w.*\[\]-]+:)?(\d{{1,5}})(?::(?:{HOST}|[^:]+):(\d{{1,5}}))?")
PUBLISH = compiled(r"[\"']?(?:[\d.]+:)?(?:\d{2,5}|\$\{?\w+\}?):\d{2,5}(?:/\w+)?[\"']?")


def _plain(pattern: re.Pattern[str], whole: bool) -> Callable[[str, str], Iterator[Hit]]:
    """A reader of the groups of `pattern`, which must match the whole text or is sought all over it."""
    named = pattern.groupindex.get("host")

    def read(text: str, rule: str) -> Iterator[Hit]:
        match = pattern.fullmatch(text)
        for found in ([match] if match else []) if whole else pattern.finditer(text):
            for group in range(1, pattern.groups + 1):
                port = port_of(found[group] or "") if group != named else None
                if port is not None:
                    yield Hit(found.start(group), found.end(group), port, "named", rule, _host(found, group))

    return read


def _host(found: re.Match[str], group: int) -> str | None:
    """The host that stands in front of a port, if the pattern has one."""
    said = found.groupdict().get("host")
    return said if said and found.end("host") + 1 == found.start(group) else None


def _address_or_mapping(text: str, rule: str) -> Iterator[Hit]:
    return parse(text, rule) if PUBLISH.fullmatch(text) else READERS["address"](text, rule)


def _nothing(_text: str, _rule: str) -> Iterator[Hit]:
    return iter(())


READERS: Mapping[str, Callable[[str, str], Iterator[Hit]]] = {  # by the `ROLES` of the knowledge
    "port": _plain(PORT, whole=True),
    "address": _plain(ADDRESS, whole=False),
    "upstream": _plain(UPSTREAM, whole=True),
    "forward": _plain(FORWARD, whole=True),
    "mapping": parse,
    "list": several,
    "address-or-mapping": _address_or_mapping,
    "text": _nothing,
    "none": _nothing,
}
ROLES = frozenset(READERS)


def by_role(text: str, role: str, rule: str, kind: str) -> Iterator[Hit]:
    """The ports of a text that has `role`, by the rule `rule`, as literals of kind `kind`."""
    chosen: Any = kind
    known: Kind = chosen
    return (hit._replace(kind=known) for hit in READERS[role](text, rule))
