"""Who calls whom: the addresses that reach the process in a container, with the evidence that they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from portscan.connectivity.addresses import Address
from portscan.connectivity.code import SERVERS, Code
from portscan.connectivity.lore import Lore, called
from portscan.connectivity.model import Service
from portscan.connectivity.system import Member, System
from portscan.connectivity.traced import Spot
from portscan.expressions import compiled
from portscan.model import PortLiteral
from portscan.records import dataclass, field

CONFIGURATION = (
    ".conf",
    ".cfg",
    ".cnf",
    ".ini",
    ".yml",
    ".yaml",
    ".toml",
    ".json",
    ".properties",
    ".template",
    ".tmpl",
    "Caddyfile",
    ".env",
)
HOST_BEFORE = compiled(r"(?<![\w.-])([A-Za-z][\w.-]*):\Z")


Wanted = Callable[[Member, Address], bool]


def _every(_member: Member, _address: Address) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Call:
    """A container that is told an address. `how` says in a few words where from, `literal` what the scan found there.

    `own` is a call of a proxy to the very service that speaks of it, `settled` one by a configuration that nothing but
    the process in the container reads.
    """

    caller: Member
    address: Address
    how: str
    settled: bool = False
    own: bool = False
    literal: PortLiteral | None = field(default=None, compare=False)

    @property
    def place(self) -> Spot | None:
        """Where to point at: the port."""
        return self.address.port_at


@dataclass(frozen=True)
class Calls:
    """Finds the calls of a system. `literals` gives those of a file, `files` are those that may be read for them."""

    system: System
    lore: Lore
    literals: Callable[[str], tuple[PortLiteral, ...]]
    files: tuple[str, ...]
    _found: dict[str, tuple[tuple[PortLiteral, Address], ...]] = field(default_factory=dict, compare=False, repr=False)

    def all(self, wanted: Wanted = _every) -> Iterator[Call]:
        """Every call of every container; of those by addresses that are not `wanted`, none."""
        for member in self.system.members:
            for each in member.service.told:
                if wanted(member, each.address):
                    yield Call(member, each.address, each.how, each.settled, each.own)
            elsewhere = (*self._mounted(member), *self._code(member))
            yield from (call for call in elsewhere if wanted(member, call.address))

    def _mounted(self, member: Member) -> Iterator[Call]:
        """The configuration that is mounted into a container, read by the scan like any other file."""
        image = member.service.said.image
        reads = image is not None and called(image.text) in self.lore.readers
        for mounted in member.service.said.mounts.values():
            for path in self._below(mounted.source, reads):
                if path.endswith(CONFIGURATION):
                    how = f"in `{path.rpartition('/')[2]}`, which is mounted into it"
                    yield from (Call(member, each, how, True, literal=one) for one, each in self._addresses(path))

    def _code(self, member: Member) -> Iterator[Call]:
        for path in self._built(member.service):
            for literal, address in self._addresses(path):
                if self._code_of.used(member.service, literal):
                    yield Call(
                        member, address, f"in `{path.rpartition('/')[2]}`, which is built into its image", False, literal=literal
                    )

    def _built(self, service: Service) -> tuple[str, ...]:
        """The code that is built into the image of a service: many services have the same."""
        build = service.said.build
        if build is None:
            return ()
        key = ("built", build.context, build.dockerfile)
        return self.system.kept(key, lambda: tuple(self._code_of.of(service, self._served)))

    @cached_property
    def _code_of(self) -> Code:
        return Code(self.system.world, self.lore)

    @cached_property
    def _served(self) -> tuple[str, ...]:
        """What of the files may be a server's."""
        return tuple(path for path in self.files if path.endswith(SERVERS))

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset(self.files)

    def _below(self, source: str, reads: bool) -> Iterable[str]:
        """A file that is mounted by itself; those of a directory where the image is one that reads its configuration."""
        if source in self._all:
            return (source,)
        return (path for path in self.files if reads and path.startswith(f"{source}/"))

    def _addresses(self, path: str) -> tuple[tuple[PortLiteral, Address], ...]:
        """The addresses in a file, which several containers may read."""
        if path not in self._found:
            self._found[path] = tuple(self._addressed(path))
        return self._found[path]

    def _addressed(self, path: str) -> Iterator[tuple[PortLiteral, Address]]:
        found = self.literals(path)
        source = self.system.world.source(path) if found else None
        for literal in found if source else ():
            if literal.context == "code" and source is not None:
                start, end = source.character(literal.span.start), source.character(literal.span.end)
                host, at = _host(source.text, start, literal)
                if host:
                    here = Spot(path, at, at + len(host)) if at >= 0 else None
                    scheme, name = _scheme(source.text, at), literal.name or ""
                    yield literal, Address(host.lower().strip("[]"), literal.port, here, Spot(path, start, end), scheme, name)


def _host(text: str, start: int, literal: PortLiteral) -> tuple[str, int]:
    """The host beside a literal, and where it is written; -1 where it is not in front of it."""
    if literal.host:
        found = text.rfind(literal.host, max(0, start - len(literal.host) - 4), start)
        return (text[found : found + len(literal.host)] if found >= 0 else literal.host), found
    before = HOST_BEFORE.search(text, max(0, start - 100), start) if literal.kind == "url" else None
    return (before[1], before.start(1)) if before else ("", -1)


def _scheme(text: str, at: int) -> str:
    before = text[max(0, at - 80) : max(at, 0)]
    head, sign, rest = before.rpartition("://")
    if not sign or any(blank in rest for blank in " \t\n/"):
        return ""
    return head[len(head.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-")) :].lower()
