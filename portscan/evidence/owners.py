"""Whose entry of a compose file, and whose files, a literal stands in."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from posixpath import join, normpath

from portscan.evidence import of_number
from portscan.model import PortLiteral
from portscan.passed_over import matcher
from portscan.records import dataclass, field
from portscan.registry.model import Registry, Service


@dataclass(frozen=True)
class Owners:
    """The owners by the registry. `prefix` leads from the top of the repository to where the paths of literals begin."""

    registry: Registry
    prefix: str = ""
    _known: dict[str, tuple[Service, ...]] = field(default_factory=dict, compare=False)

    def of_file(self, literal: PortLiteral) -> Service | None:
        """The service whose `paths` own the file; of several it is the one that has the number."""
        return of_number(self._owning(literal.path), literal.port)

    def of_entry(self, literal: PortLiteral) -> Service | None:
        """The service whose compose entry the literal is in; services of several files may have the same key."""
        if literal.owner is None:
            return None
        sharing = self._by_key.get(literal.owner.lower(), ())
        return of_number(sharing, literal.port) or (self._publishing(sharing, literal) if literal.side == "host" else None)

    def _publishing(self, sharing: tuple[Service, ...], literal: PortLiteral) -> Service | None:
        """Of services with one key the one that publishes the number; of several the one whose own name the key is."""
        published = {endpoint.service for endpoint in self.registry.by_port.get(literal.port, ())}
        having = [service for service in sharing if service.name in published]
        found = [service for service in having if service.name.lower() == (literal.owner or "").lower()] or having
        return found[0] if len(found) == 1 else None

    @cached_property
    def _by_key(self) -> dict[str, tuple[Service, ...]]:
        """The services by their keys in compose files: as the registry says or as they are called, else an alias."""
        found: dict[str, tuple[Service, ...]] = {}
        for service in self.registry.services:
            key = (service.compose_service or service.name).lower()
            found[key] = (*found.get(key, ()), service)
        for service in self.registry.services:
            for alias in (service.name, *service.aliases):
                found.setdefault(alias.lower(), (service,))
        return found

    def _owning(self, path: str) -> tuple[Service, ...]:
        """The services that own a file: those with the most particular of the globs that match."""
        if path not in self._known:
            seen = normpath(join(self.prefix, path))
            fitting = [(particular, service) for particular, matches, service in self._globs if matches(seen)]
            most = max((particular for particular, _ in fitting), default=0)
            self._known[path] = tuple(dict.fromkeys(service for particular, service in fitting if particular == most))
        return self._known[path]

    @cached_property
    def _globs(self) -> tuple[tuple[int, Callable[[str], bool], Service], ...]:
        pairs = ((pattern, service) for service in self.registry.services for pattern in service.paths)
        found = ((pattern.removeprefix("./").lstrip("/"), service) for pattern, service in pairs)
        return tuple((len(re.split(r"[*?\[]", glob)[0]), matcher([f"/{glob}"]), service) for glob, service in found)
