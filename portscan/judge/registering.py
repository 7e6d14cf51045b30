"""What to do about a port that the registry does not know: what registers it, as far as the place says whose it is."""

from __future__ import annotations

from portscan.evidence.hosts import LOOPBACK, bare_host, in_cluster
from portscan.evidence.outsiders import Outsider
from portscan.expressions import compiled
from portscan.judge.wellknown import directory
from portscan.records import dataclass
from portscan.registry.model import Endpoint, Registry, Service, variable_name
from portscan.resolve import Resolved

NAME = compiled(r"[A-Za-z][A-Za-z0-9._-]*")  # as the schema of the registry has it
STACK = "STACK"
UNPRIVILEGED = 1024  # the first port that anybody may listen on
ITSELF = LOOPBACK - {"host.docker.internal", "host.containers.internal"}


@dataclass(frozen=True, slots=True)
class Registering:
    """Knows by the registry what is missing in it for one literal after the other."""

    registry: Registry

    def service(self, resolved: Resolved) -> Service | None:
        """The service that is said to have the port, if the registry knows it."""
        if resolved.host is not None:
            return self.registry.by_name[resolved.host.service]
        if resolved.outsider is not None:
            return resolved.outsider.service
        return resolved.owner if own(resolved) else None

    def remedy(self, resolved: Resolved) -> str:
        """What to write into the registry, or in place of the number."""
        service, outsider = self.service(resolved), resolved.outsider
        if service is not None:
            inside = f" or, if its container listens on it, as `container_port` of `{service.name}`" if resolved.host else ""
            return f"List it under `ports` of `{service.name}` with {further(service, resolved)}{inside}"
        protocol = _protocol(resolved)
        if protocol:
            return f"{resolved.literal.port} is where {protocol} is expected of anybody: put it into `allow` of the configuration"
        return f"Register its service with {self._command(resolved)}{_unless(outsider) if outsider else ''}"

    def instead(self, resolved: Resolved, outsider: Outsider) -> str:
        """What to do about a variable that seems to be somebody else's."""
        if outsider.service is not None:
            command = further(outsider.service, resolved, taken=bool(outsider.holders))
            return f"list this one under `ports` of `{outsider.service.name}` with {command}"
        return f"register its service with {self._taken(resolved, outsider)}"

    def _command(self, resolved: Resolved) -> str:
        """The command, and what has to be done before where it does not work as it stands."""
        port, outsider = resolved.literal.port, resolved.outsider
        name, variable = self._name(resolved), outsider.variable if outsider else None
        if _among_containers(resolved):
            stack = self._likely(resolved, self.registry.named_stacks) or self._with_room(port)
            return _new(name, stack, f"--unpublished --container-port {port}", variable)
        if outsider is not None and outsider.holders:
            return self._taken(resolved, outsider)
        stack = self._with_room(port)
        if stack is not None or not self.registry.ranges:
            return _new(name, stack or self._likely(resolved, self.registry.named_stacks), f"--port {port}", variable)
        return f"{_new(name, None, f'--port {port}', variable)} once a range of {self.registry.path} has that number"

    def _taken(self, resolved: Resolved, outsider: Outsider) -> str:
        """The command where another service has the number, to which it is left: the next free one is taken."""
        return _new(self._name(resolved), self._likely(resolved, self.registry.stacks), "", outsider.variable)

    def _name(self, resolved: Resolved) -> str:
        """What to call the service, a word to be replaced where nothing says it or the name is taken."""
        literal, outsider = resolved.literal, resolved.outsider
        listens = literal.side is not None or resolved.place.partner is not None or literal.host is None
        entry = literal.owner if resolved.owner is None and listens else None  # who calls a host is not who is called
        said = outsider.name if outsider is not None else entry
        taken = said in self.registry.by_name or (said and variable_name(said) in self.registry.by_variable)
        return said if said and NAME.fullmatch(said) and not taken else "NAME"

    def _with_room(self, port: int) -> str | None:
        """The stack in whose range a number is that nothing keeps for itself."""
        kept = any(port in span for span in self.registry.reserved)
        return next((each.name for each in self.registry.ranges if port in each and not kept), None)

    def _likely(self, resolved: Resolved, stacks: tuple[str, ...]) -> str | None:
        """Of some stacks that of whoever owns the file, that of who has the number, or the only one there is."""
        holders = resolved.outsider.holders if resolved.outsider else ()
        near = (resolved.owner, *(self.registry.by_name[each.service] for each in holders))
        fitting = (each.stack for each in near if each is not None and each.stack in stacks)
        return next(fitting, stacks[0] if len(stacks) == 1 else None)


def own(resolved: Resolved) -> bool:
    """Whether a Compose entry of a service speaks of the container itself: a further port of that service."""
    literal, service = resolved.literal, resolved.owner
    if service is None or literal.owner is None or literal.owner.lower() not in service.hosts:
        return False
    return literal.side is None and literal.host is not None and bare_host(literal.host) in ITSELF


def _protocol(resolved: Resolved) -> str:
    """The protocol whose port this is all over the world, where nothing says that it is a service of ours that has it."""
    literal = resolved.literal
    known = directory().by_port.get(literal.port) if literal.port < UNPRIVILEGED else None
    told = resolved.outsider is not None or literal.side is not None or literal.owner is not None
    return "" if known is None or told else known.name


def _among_containers(resolved: Resolved) -> bool:
    """Whether the number stands behind a name that only the network of the containers knows."""
    host, outsider = bare_host(resolved.literal.host), resolved.outsider
    called = outsider is not None and outsider.variable is None
    return called and ("." not in host or bool(in_cluster(host)))


def _new(name: str, stack: str | None, port: str, variable: str | None) -> str:
    """The command that registers a service; a word in capitals stands for what only its reader knows."""
    env = f"--env {variable}" if variable else ""
    return f"`{' '.join(filter(None, ('portscan new', name, f'--stack {stack or STACK}', port, env)))}`"


def further(service: Service, resolved: Resolved, *, taken: bool = False) -> str:
    """The command that gives a service one more port, the next free one where the number is `taken`.

    What others call by its name is in the network of the containers, where nothing is taken.
    """
    host, port = resolved.literal.host, resolved.literal.port
    called = host is not None and "." not in bare_host(host)
    inside = resolved.literal.side == "container" or own(resolved) or called
    where = (
        f"--unpublished --container-port {port}"
        if inside and service.container is not False
        else ""
        if taken
        else f"--port {port}"
    )
    return f"`{f'portscan new {service.name}.NAME {where}'.strip()}`"


def _unless(outsider: Outsider) -> str:
    """What to do where somebody who has the number is meant after all."""
    if len(outsider.holders) != 1:
        return ""
    holder: Endpoint = outsider.holders[0]
    if outsider.variable is None:
        return f", or list `{outsider.name}` under `aliases` of `{holder.service}` if that is what it means"
    return f", or read {holder.variable} if `{holder.service}` is meant"
