"""`portscan new`: the next free port for a service, and its entry in the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from portscan.errors import UserError
from portscan.terminal import printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.life.allocation import Passed
    from portscan.life.opening import Opening
    from portscan.life.registrar import Draft
    from portscan.registry.model import Service
    from portscan.terminal import Streams
    from portscan.workspace import Workspace

NAME: Final = "new"
TOPIC: Final = "decide"
HELP: Final = "allocate the next free port of a stack, and register the service"
DONE: Final = 0
MOST_TOLD: Final = 12
NEEDED: Final = "portscan new NAME --stack STACK"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the name, a flag for each key of an entry, and how to go about it."""
    from portscan.life.fields import add_flags, add_ways, port

    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="the service (asked for at a terminal), or SERVICE.PORT-NAME, a further port of one",
    )
    parser.add_argument("--port", type=port, metavar="PORT", help="this port, in place of the next free one")
    add_flags(parser)
    parser.add_argument("--unpublished", action="store_true", help="take no port of the host: only containers reach it")
    parser.add_argument(
        "--yes", action="store_true", help="ask nothing: what is not given is as in the rest of the stack, or left out"
    )
    add_ways(parser)


def run(args: Namespace, streams: Streams) -> int:
    """Find the port, make the entry, and write it."""
    from portscan.life import registrar
    from portscan.life.asking import asker
    from portscan.registry import acts
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams, empty=True)
    if args.name and "." in args.name and args.name not in work.registry.by_name:
        return _further(args, work, streams)
    ask = None if args.yes or args.unpublished or (args.name and args.stack) else asker(NEEDED)
    opening = _opened(args, work, ask)
    _tell_passed(opening.passed, args, streams, registered=args.port in work.registry.by_port)
    ranged = acts.ranged(opening.span) if opening.span else ()
    draft = registrar.drafted(work, (*ranged, *acts.added(registrar.values(work), opening.entry)))
    registrar.tell(streams, draft.worse, draft.after)
    files = (draft.file, *(registrar.sync(work, draft) if args.sync else ()))
    if args.dry_run or ask:
        registrar.show(streams, files)
    if args.dry_run or (ask and not ask.yes("Write this?")):
        return DONE
    if ask and work.config.generate and not args.sync and ask.yes("Bring the generated files up to date?"):
        files = (draft.file, *registrar.sync(work, draft))
    registrar.carry_out(work, files)
    _tell_done(opening, draft, work, synced=len(files) > 1, streams=streams)
    return DONE


def _further(args: Namespace, work: Workspace, streams: Streams) -> int:
    """A further port of a service that there is."""
    from portscan.life import registrar
    from portscan.life.allocation import market
    from portscan.life.fields import given
    from portscan.life.usage import written
    from portscan.life.widening import widened
    from portscan.registry import acts

    values = given(args)
    _check_unpublished(args, values)
    port = widened(market(work.registry, written(work)), args.name, args.port, values, unpublished=args.unpublished)
    _tell_passed(port.passed, args, streams, registered=args.port in work.registry.by_port)
    draft = registrar.drafted(work, acts.opened(registrar.values(work), port.service, port.name, port.entry))
    made = draft.registry.by_name[port.service].endpoint(port.name)
    assert made is not None
    number = f"{made.port}" if made.published else f"{made.port} in its container"
    done = f"`{port.label}` has port {number}, read from {made.variable}; see {draft.path}:{made.location.line}."
    registrar.conclude(work, draft, args, streams, done)
    return DONE


def _check_unpublished(args: Namespace, values: dict[str, Any]) -> None:
    if args.unpublished and (args.port or "container_port" not in values):
        raise UserError("--unpublished is for a port in a container", "Give it with --container-port, and leave out --port.")


def _opened(args: Namespace, work: Workspace, ask: Any) -> Opening:
    from portscan.life.allocation import Wanted, market
    from portscan.life.fields import filled, given
    from portscan.life.opening import Opening, asked, check_stack, lacking, name_problem, port_for, proposed
    from portscan.life.usage import written

    registry, values = work.registry, given(args)
    problem = name_problem(registry, args.name) if args.name else None
    if problem:
        raise UserError(f"`{args.name}` cannot be the name of a new service", problem)
    if "stack" in values:
        check_stack(registry, values["stack"], args.port)
    _check_unpublished(args, values)
    market_here = market(registry, written(work))
    if ask:
        opening = asked(ask, registry, market_here, args.name, args.port, values)
        return Opening(filled(opening.entry), opening.passed)
    if not args.name or "stack" not in values:
        raise UserError("a new service needs a name and a stack", f"Write {NEEDED}.")
    entry = proposed(args.name, registry, values)
    if args.unpublished:
        return Opening(filled({"name": args.name, "stack": entry["stack"], **entry, "container": True}))
    port, passed = port_for(market_here, Wanted(args.name, entry["stack"], entry.get("protocol", "http")), args.port)
    span = lacking(registry, entry["stack"], args.port)
    return Opening(filled({"name": args.name, "stack": entry["stack"], "port": port, **entry}), passed, span)


def _tell_passed(passed: tuple[Passed, ...], args: Namespace, streams: Streams, *, registered: bool) -> None:
    from portscan.life.allocation import told

    if not args.quiet:
        verb = "Mind:" if args.port else "Passed over:"
        for line in told(passed, MOST_TOLD if not args.verbose else len(passed)):
            streams.err.write(f"{verb} {printable(line)}\n")
        if args.container is not False and registered:
            streams.err.write(f"If only other containers reach it: --unpublished --container-port {args.port}.\n")


def _tell_done(opening: Opening, draft: Draft, work: Workspace, *, synced: bool, streams: Streams) -> None:
    from portscan.life import registrar

    service = draft.registry.by_name[opening.entry["name"]]
    place = f"{draft.path}:{service.location.line}"
    port = f"{service.port}" if service.main.published else f"{service.port} in its container"
    streams.out.write(printable(f"`{service.name}` has port {port}, read from {service.variable}; see {place}.") + "\n")
    if service.container is True and streams.detail != "quiet":
        _tell_compose(service, draft, work, streams)
    if opening.span:
        streams.err.write(printable(f"The stack `{service.stack}` had no range; it has {opening.span} now.") + "\n")
    registrar.remind(work, streams, synced=synced)


def _tell_compose(service: Service, draft: Draft, work: Workspace, streams: Streams) -> None:
    """What a Compose file has to say: an entry, where none has it yet."""
    from portscan.life.composing import entry
    from portscan.life.world import started

    fallback = f"${{{service.variable}:-{service.port}}}"
    said = f"Compose reads {service.variable} from its environment or `.env`, else the fallback: `{fallback}`."
    streams.err.write(printable(said) + "\n")
    name = service.compose_service or service.name
    there = started(work.root, work.config, name)
    if there:
        streams.err.write(printable(f"`{name}` is in {there} already: let it read the variable there.") + "\n")
        return
    streams.err.write("In a Compose file, below `services:` (without it, it is PS112):\n")
    streams.err.write("".join(f"{printable(line)}\n" for line in entry(draft.registry, service).splitlines()))
