"""All projects of a repository at once, beside the registry: who shares a network with whom, and under which names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from portscan.connectivity.model import Project, Service
from portscan.connectivity.world import World
from portscan.records import dataclass, field
from portscan.registry.model import Registry
from portscan.registry.model import Service as Registered

SHARED = ("service:", "container:")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A service in a project."""

    project: Project
    service: Service

    @property
    def name(self) -> str:
        """Its key in the compose file."""
        return self.service.name

    @property
    def key(self) -> tuple[str, tuple[str, ...], str]:
        """What tells members apart."""
        return self.project.name, self.project.files, self.name

    @property
    def container(self) -> str:
        """The container's name, if it is given one."""
        return self.service.said.container_name.text if self.service.said.container_name else ""

    @property
    def identity(self) -> tuple[str, str]:
        """What tells containers apart: two projects of one name with one service start the same container."""
        return ("", self.container) if self.container else (self.project.name, self.name)

    @property
    def source(self) -> tuple[str, str]:
        """Where it is written: the same entry may be a part of several projects."""
        return self.service.said.path, self.name

    @property
    def on_host(self) -> bool:
        """Whether it uses the network of the machine."""
        return self.service.mode == "host"


@dataclass(frozen=True)
class System:
    """The projects of a repository, and its registry if it has one."""

    world: World
    projects: tuple[Project, ...]
    registry: Registry
    _memory: dict[tuple[Any, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, what: str, member: Member, find: Callable[[Member], V]) -> V:
        """What `find` finds of a member: looked for once, since calls by the thousand ask for it."""
        return self.kept((what, *member.key), lambda: find(member))

    def kept(self, key: tuple[Any, ...], find: Callable[[], V]) -> V:
        """The same for anything that a key tells from all others."""
        if key not in self._memory:
            self._memory[key] = find()
        found: V = self._memory[key]
        return found

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Every service of every project."""
        return tuple(Member(project, service) for project in self.projects for service in project.services.values())

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Member, ...]]:
        """Who answers to a name in any network, or would if it were in it."""
        found: dict[str, list[Member]] = {}
        for member in self.members:
            for name in self.names(member):
                found.setdefault(name, []).append(member)
        return {name: tuple(those) for name, those in found.items()}

    def networks(self, member: Member) -> frozenset[str]:
        """The networks that a container is in, its own or those of the container whose network it uses."""
        return self.once("networks", member, self._networks)

    def _networks(self, member: Member) -> frozenset[str]:
        keeper = self.keeper(member)
        return frozenset(keeper.project.network_names(keeper.service)) if keeper else frozenset()

    def keeper(self, member: Member) -> Member | None:
        """Whose network stack a container uses: its own but for `network_mode: service:x`; None where nobody knows."""
        kind, _, name = member.service.mode.partition(":")
        if kind == "service":
            service = member.project.services.get(name)
            return Member(member.project, service) if service and not service.mode.startswith(SHARED) else None
        if kind == "container":
            return self._by_container.get(name)
        return member

    @cached_property
    def _by_container(self) -> Mapping[str, Member]:
        """The first service whose container has a name."""
        return {member.container: member for member in reversed(self.members)}

    @cached_property
    def _sharing(self) -> Mapping[tuple[str, str], Sequence[Member]]:
        """The containers that use the network stack of another one, by where that is written."""
        found: dict[tuple[str, str], list[Member]] = {}
        for member in self.members:
            keeper = self.keeper(member) if member.service.mode.startswith(SHARED) else None
            if keeper is not None:
                found.setdefault(keeper.source, []).append(member)
        return found

    def together(self, member: Member) -> tuple[Member, ...]:
        """The containers that share one network stack, this one included: each reaches the others at localhost."""
        return self.once("together", member, self._together)

    def _together(self, member: Member) -> tuple[Member, ...]:
        keeper = self.keeper(member)
        if keeper is None:
            return (member,)
        return (keeper, *self._sharing.get(keeper.source, ()))

    def names(self, member: Member) -> Iterator[str]:
        """The names that a container has in its networks."""
        said = member.service.said
        names = [member.name, member.container, said.hostname.text if said.hostname else ""]
        names += [alias for how in member.service.networks.values() for alias in how.aliases]
        return (name for name in dict.fromkeys(each.lower() for each in names) if name)

    def reached(self, caller: Member, name: str) -> tuple[Member, ...]:
        """Who answers when a container calls a name."""
        said = caller.service.said
        for link in (*said.links, *said.external_links):
            target, _, alias = link.text.partition(":")
            if name in (alias.lower(), target.lower()):
                return tuple(each for each in self.by_name.get(target.lower(), ()) if each.project is caller.project)
        mine = self.networks(caller)
        return self.kept(("reached", id(caller.project), mine, name), lambda: self._answering(caller.project, mine, name))

    def _answering(self, project: Project, mine: frozenset[str], name: str) -> tuple[Member, ...]:
        """Who answers to a name in some networks, those of the project first."""
        found = tuple(each for each in self.by_name.get(name, ()) if mine & self.networks(each))
        near = tuple(each for each in found if each.project is project)
        return near or found

    def shared(self, one: Member, other: Member) -> tuple[str, ...]:
        """The networks that two containers share."""
        return tuple(sorted(self.networks(one) & self.networks(other)))

    @cached_property
    def _entries(self) -> Mapping[str, tuple[Registered, ...]]:
        """The services of the registry by the names under which a compose file may list them."""
        found: dict[str, list[Registered]] = {}
        for service in self.registry.services:
            for name in service.hosts:
                found.setdefault(name, []).append(service)
        return {name: tuple(those) for name, those in found.items()}

    def registered(self, member: Member) -> Registered | None:
        """The entry of the registry that a compose service is, by its key, its container's name, or what it publishes."""
        return self.once("registered", member, self._registered)

    def _registered(self, member: Member) -> Registered | None:
        for name in (member.name, member.container):
            those = self._entries.get(name.lower(), ())
            best = [each for each in those if name.lower() in (each.name, each.compose_service)] or list(those)
            if len(best) == 1:
                return best[0]
        fitting = self.fitting(member)
        alone = next(iter(fitting.values())) if len(fitting) == 1 else None
        return alone or fitting.get(member.name.lower())

    def fitting(self, member: Member) -> Mapping[str, Registered]:
        """The entries of the registry that go by a compose service's key or container and publish what it does."""
        ports = {port.fixed for port in member.service.ports if port.fixed is not None}
        published = {endpoint.service for port in ports for endpoint in self.registry.by_port.get(port, ())}
        known = (each for name in (member.name, member.container) for each in self._entries.get(name.lower(), ()))
        return {each.name.lower(): each for each in known if each.name in published}

    def of_entry(self, service: Registered) -> tuple[Member, ...]:
        """The compose services that an entry of the registry is about."""
        return self._by_entry.get(service.name, ())

    @cached_property
    def _by_entry(self) -> Mapping[str, tuple[Member, ...]]:
        found: dict[str, tuple[Member, ...]] = {}
        for member in self.members:
            entry = self.registered(member)
            if entry is not None:
                found[entry.name] = (*found.get(entry.name, ()), member)
        return found
