"""`portscan doctor`: the registry against what listens on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from portscan.terminal import printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from portscan.life.diagnosis import Case
    from portscan.life.listeners import Listener, Machine
    from portscan.terminal import Streams
    from portscan.workspace import Workspace

NAME: Final = "doctor"
TOPIC: Final = "review and watch"
HELP: Final = "show who listens on this machine, and which ports are free"
WELL, ILL = 0, 1
WORDS: Final = {"listens": "listens", "stranger": "STRANGER", "unsure": "held", "silent": "silent"}
PAUSE: Final = 0.2


def add_arguments(parser: ArgumentParser) -> None:
    """Declare what to look at, or whom to wait for."""
    parser.add_argument("--range", metavar="STACK", help="only the free and the held ports of a stack's range")
    parser.add_argument("--wait", metavar="SERVICE", help="wait until the service can be reached")
    parser.add_argument("--timeout", type=float, default=60.0, metavar="SECONDS", help="how long to wait (default: 60)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to report (default: text)")


def run(args: Namespace, streams: Streams) -> int:
    """Look, and tell; the status says whether a stranger sits on a registered port."""
    from portscan.life.diagnosis import cases, strangers
    from portscan.life.listeners import machine
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams)
    if args.wait:
        return _wait(args, work, streams)
    seen = machine()
    for line in seen.unseen:
        streams.err.write(printable(line) + "\n")
    if args.range:
        return _range(args, work, seen, streams)
    found, others = tuple(cases(work.registry, seen, work.base)), strangers(work.registry, seen)
    if args.format == "json":
        _json(streams, {"ports": [_case(each) for each in found], "unregistered": [_listener(each) for each in others]})
    else:
        streams.out.write("".join(f"{printable(line)}\n" for line in _lines(found, others, args.verbose)))
    return ILL if any(each.state == "stranger" for each in found) else WELL


def _lines(found: tuple[Case, ...], others: tuple[Listener, ...], verbose: bool) -> list[str]:
    shown = [each for each in found if verbose or each.state != "silent"]
    lines = [f"{each.endpoint.port:<6}{WORDS[each.state]:<10}{_name(each):<28}{_told(each)}".rstrip() for each in shown]
    silent = len(found) - len(shown)
    lines += [f"{silent} registered ports are silent; -v lists them."] if silent else []
    lines += [f"{each.port:<6}{'UNKNOWN':<10}{'(not registered)':<28}{each.told}" for each in others]
    return lines


def _name(case: Case) -> str:
    further = f".{case.endpoint.name}" if case.endpoint.name else ""
    return f"{case.endpoint.service}{further}"


def _told(case: Case) -> str:
    return f"{case.listener.told}{f'; {case.why}' if case.why else ''}" if case.listener else ""


def _range(args: Namespace, work: Workspace, seen: Machine, streams: Streams) -> int:
    from portscan.life.diagnosis import free
    from portscan.life.fields import known

    span = work.registry.by_stack[known(work.registry.by_stack, args.range, "stack with a range")]
    ports, held = free(work.registry, seen, span)
    if args.format == "json":
        _json(streams, {"range": str(span), "free": list(ports), "held": [_listener(each) for each in held]})
        return WELL
    streams.out.write(f"{len(ports)} of {len(span)} ports of {span} are free: {_runs(ports)}\n")
    streams.out.write("".join(printable(f"{each.port:<6}{each.told}") + "\n" for each in held))
    return WELL


def _runs(ports: tuple[int, ...]) -> str:
    """Ports with those in a row as one."""
    runs: list[list[int]] = []
    for port in ports:
        if runs and runs[-1][1] == port - 1:
            runs[-1][1] = port
        else:
            runs.append([port, port])
    return ", ".join(f"{first}-{last}" if first != last else str(first) for first, last in runs)


def _wait(args: Namespace, work: Workspace, streams: Streams) -> int:
    from time import monotonic, sleep

    from portscan.life.moves import endpoint_of
    from portscan.life.sockets import reachable

    endpoint = endpoint_of(work.registry, args.wait)
    host = work.registry.by_name[endpoint.service].host or "localhost"
    end = monotonic() + args.timeout
    while not reachable(host, endpoint.port):
        if monotonic() >= end:
            streams.err.write(printable(f"`{args.wait}` does not answer at {host}:{endpoint.port}.") + "\n")
            return ILL
        sleep(PAUSE)
    streams.out.write(printable(f"`{args.wait}` answers at {host}:{endpoint.port}.") + "\n")
    return WELL


def _case(case: Case) -> dict[str, Any]:
    endpoint = case.endpoint
    held = _listener(case.listener) if case.listener else None
    named = {"service": endpoint.service, "name": endpoint.name, "port": endpoint.port, "state": case.state}
    return {**named, "why": case.why, "listener": held}


def _listener(listener: Listener) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(listener), "since": listener.since.isoformat() if listener.since else None}


def _json(streams: Streams, data: dict[str, Any]) -> None:
    import json

    streams.out.write(json.dumps({"version": 1, **data}, indent=2) + "\n")
