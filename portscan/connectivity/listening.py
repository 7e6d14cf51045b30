"""On which ports a container listens, as far as anything tells, and whether it is known to listen on no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import join, normpath

from portscan.connectivity.addresses import in_value
from portscan.connectivity.lore import Image, Lore
from portscan.connectivity.model import Mapped, Part, Service
from portscan.connectivity.system import Member, System
from portscan.expressions import compiled
from portscan.records import dataclass
from portscan.registry.model import Service as Registered

EXPOSED = compiled(r"^[ \t]*EXPOSE[ \t]+(?P<ports>[^\n]+)", re.IGNORECASE | re.MULTILINE)
ADDRESSED = compiled(r":\d")
NUMBER = compiled(r"\d{2,5}")
PORT_NAME = compiled(r"(?:^|_)(?:PORTS?|LISTEN|BIND|ADDR|ADDRESS)(?:_|$)|PORT$")
GENERIC = frozenset(("PORT", "HTTP_PORT", "SERVER_PORT", "APP_PORT", "LISTEN_PORT"))
FLAG = compiled(r"-{1,2}(?=[\w.-]*\Z)[\w.-]*(?:port|listen|addr|bind|entrypoints)[\w.-]*|-p", re.IGNORECASE)


@dataclass(frozen=True)
class Listening:
    """What the containers of a system listen on."""

    system: System
    lore: Lore

    def certain(self, member: Member) -> frozenset[int]:
        """The ports that are written down as the container's own: mapped, exposed, registered, or its image's."""
        return self.system.once("certain", member, self._certain)

    def _certain(self, member: Member) -> frozenset[int]:
        said = member.service.said
        ports = {port.target for port in said.ports} | {n for value in said.expose for n in _numbers(value.text)}
        image = self.image(member.service)
        entry = self.system.registered(member)
        declared = set(_declared(entry, said.ports)) if entry and entry.container is not False else set()
        return frozenset(ports | set(image.ports if image else ()) | declared | set(self._exposed(member.service)))

    def possible(self, member: Member) -> frozenset[int]:
        """Every port that anything hints at: those, what its command and environment speak of, and its own health check."""
        return self.system.once("possible", member, self._possible)

    def _possible(self, member: Member) -> frozenset[int]:
        those = self.system.together(member)
        return frozenset().union(*(self.certain(each) | set(self._hinted(each)) for each in those))

    def anywhere(self, members: tuple[Member, ...]) -> frozenset[int]:
        """What is possible for any of several."""
        return self.system.kept(("anywhere", members), lambda: frozenset().union(*map(self.possible, members)))

    def closed(self, member: Member) -> bool:
        """Whether the container is known to listen on nothing but its certain ports.

        That is so for an image that is known in full and that nothing is told to, and for a service whose ports the
        registry and the compose file list alike.
        """
        if len(self.system.together(member)) > 1:
            return False
        image = self.image(member.service)
        if image is not None and image.closed:
            return not any(setting in told for setting in image.settings for told in _told(member.service))
        entry = self.system.registered(member)
        mapped = {port.target for port in member.service.ports}
        if entry is None or not all(endpoint.published for endpoint in entry.endpoints):
            return False  # who gives a port to no one on the host need not give them all
        return bool(mapped) and mapped == set(_declared(entry, member.service.ports))

    def image(self, service: Service) -> Image | None:
        """What is known of the service's image."""
        return self.lore.image(service.said.image.text) if service.said.image and not service.said.build else None

    def _hinted(self, member: Member) -> Iterator[int]:
        """What its variables, its command and its health check speak of, and which is not known to be another's."""
        environment = member.service.environment
        paired = {each.address.port_name for each in member.service.told}
        for name, value in environment.items():
            speaks = value is not None and PORT_NAME.search(name.upper()) and name not in paired
            if value is not None and speaks and "://" not in value.text and not self._of_another(member, name):
                yield from _numbers(value.text)
        yield from _commanded(member.service.said)

    def _of_another(self, member: Member, name: str) -> bool:
        """Whether a variable carries the port of another service, or comes from a file that is given to several."""
        endpoint, entry = self.system.registry.by_variable.get(name), self.system.registered(member)
        if endpoint is not None:
            return entry is None or endpoint.service != entry.name
        return name not in member.service.said.environment and name.upper() not in GENERIC

    def _exposed(self, service: Service) -> Iterator[int]:
        """What the Dockerfile of its image exposes."""
        build = service.said.build
        text = self.system.world.text(normpath(join(build.context, build.dockerfile))) if build else None
        for match in EXPOSED.finditer(text or ""):
            yield from _numbers(match["ports"])


def _declared(entry: Registered, mapped: Iterable[Mapped]) -> Iterator[int]:
    """The container ports of the registry. Where it gives only the published one, the compose file knows better."""
    targets = {port.fixed: port.target for port in mapped}
    for endpoint in entry.endpoints:
        said = not endpoint.published or endpoint.container_port != endpoint.port
        if said or targets.get(endpoint.port, endpoint.port) == endpoint.port:
            yield endpoint.container_port


def _told(service: Service) -> Iterator[str]:
    """What the process of an image is told: its command, the names of its variables, what is mounted for it."""
    said = service.said
    yield from (word.text for word in (*(said.command or ()), *(said.entrypoint or ())))
    yield from service.environment
    yield from (mounted.target for mounted in said.mounts.values())


def _commanded(said: Part) -> Iterator[int]:
    """What the command and the health check speak of."""
    words = [word.text for word in (*(said.entrypoint or ()), *(said.command or ()))]
    for index, word in enumerate(words):
        option, sign, given = word.partition("=")
        if "://" in word:
            continue  # whom it calls, not where it listens
        if FLAG.fullmatch(option):
            yield from _numbers(given if sign else " ".join(words[index + 1 : index + 2]))
        elif len(word.split()) > 1 or ADDRESSED.search(word):
            yield from _numbers(word)
    for value in said.healthcheck or ():
        yield from (each.port for each in in_value(value))
        yield from _numbers(value.text)


def _numbers(text: str) -> Iterator[int]:
    for digits in NUMBER.findall(text):
        yield int(digits)
