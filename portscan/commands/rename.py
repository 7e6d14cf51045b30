"""`portscan rename`: a service gets another name, and everything that goes by the old one still finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from portscan.errors import UserError
from portscan.terminal import printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator, Mapping

    from portscan.edit import NewFile
    from portscan.life.registrar import Draft
    from portscan.pipeline.surveys import Survey
    from portscan.registry.model import Service
    from portscan.terminal import Streams
    from portscan.workspace import Workspace

    Table = tuple[str, Mapping[str, Any]]

NAME: Final = "rename"
TOPIC: Final = "decide"
HELP: Final = "give a service another name; its variable stays or goes along"
DONE: Final = 0
MOST: Final = 5


def add_arguments(parser: ArgumentParser) -> None:
    """Declare both names, and how to go about it."""
    from portscan.life.fields import add_ways

    parser.add_argument("old", metavar="OLD", help="the service; its further ports keep their names")
    parser.add_argument("new", metavar="NEW", help="its new name")
    parser.add_argument("--rename-variable", action="store_true", help="rename its variable, too, in every file that reads it")
    parser.add_argument("--force", action="store_true", help="also where findings come of it")
    add_ways(parser)


def run(args: Namespace, streams: Streams) -> int:
    """Rename in the registry, in pins, and, if wanted, in whatever reads the variable."""
    from portscan.life import registrar
    from portscan.life.baselined import baseline_beside
    from portscan.life.fields import known
    from portscan.life.opening import NAME as FORM
    from portscan.life.usage import surveyed
    from portscan.records import replace
    from portscan.registry import acts
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams)
    service = work.registry.by_name[known(work.registry.by_name, args.old, "service")]
    if not FORM.fullmatch(args.new) or args.new in work.registry.by_name:
        why = "There is such a service already." if args.new in work.registry.by_name else "Begin with a letter; no spaces."
        raise UserError(f"`{args.new}` cannot be the new name", why)
    data = registrar.values(work)
    before = surveyed(work)
    entry = acts.entry_of(data, service.name)
    kept = _kept(work, before, service, args.new, entry) if not args.rename_variable else _keyed(before, service, entry)
    draft = registrar.drafted(work, acts.renamed(data, service.name, args.new, kept))
    others = _others(work, draft, service, args)
    names = {service.name: args.new}
    pins = tuple(replace(pin, service=names.get(pin.service, pin.service)) for pin in work.config.pins)
    generate = tuple(_generators(work.config.generate, service.name, args.new))
    then = replace(work, config=replace(work.config, pins=pins, generate=generate))
    if not args.force:
        _refuse_findings(then, before, draft, (draft.file, *others), streams)
    others = (*others, *baseline_beside(then, draft.registry, (draft.file, *others), before, names))
    variable = draft.registry.by_name[args.new].variable
    done = f"`{service.name}` is called `{args.new}` now; its port is read from {variable}."
    registrar.conclude(then, draft, args, streams, done, others)
    return DONE


def _generators(tables: Iterable[Table], old: str, new: str) -> Iterator[Table]:
    """What is generated, with the gateway by its new name."""
    for name, table in tables:
        yield name, {**table, "gateway": new} if table.get("gateway") == old else table


def _kept(work: Workspace, before: Survey, service: Service, new: str, entry: Any) -> dict[str, Any]:
    """What no longer follows from the name, and is in use: its variables, and its key in the compose files."""
    from portscan.life.usage import mentioned
    from portscan.registry.model import variable_name

    kept = _keyed(before, service, entry)
    if "env" not in entry and service.variable != variable_name(new) and mentioned(work, service.variable):
        kept["env"] = service.variable
    further = {name: dict(port) for name, port in entry.get("ports", {}).items()}
    for endpoint in service.endpoints[1:]:
        if "env" not in further[str(endpoint.name)] and mentioned(work, endpoint.variable):
            further[str(endpoint.name)]["env"] = endpoint.variable
    return {**kept, "ports": further} if further != entry.get("ports", {}) else kept


def _keyed(before: Survey, service: Service, entry: Any) -> dict[str, Any]:
    """Its key in the compose files, where they have one by its old name."""
    owners = {judged.literal.owner for judged in before.judged}
    return {"compose_service": service.name} if "compose_service" not in entry and service.name in owners else {}


def _others(work: Workspace, draft: Draft, service: Service, args: Namespace) -> tuple[NewFile, ...]:
    from portscan.life.usage import reworded

    renamed = draft.registry.by_name[args.new]
    pairs = zip(service.endpoints, renamed.endpoints, strict=True)
    words = {old.variable: new.variable for old, new in pairs if old.variable != new.variable}
    return tuple(reworded(work, words if args.rename_variable else {}, {service.name: args.new}))


def _refuse_findings(then: Workspace, before: Survey, draft: Draft, files: tuple[NewFile, ...], streams: Streams) -> None:
    """Nothing may be wrong afterwards that was in order before."""
    from portscan.life.usage import gist, resurveyed

    instead = {file.path: file.after for file in files if file.after is not None}
    more = sorted(gist(resurveyed(then, draft.registry, {**before.sources, **instead})) - gist(before))
    for path, line, code in more[:MOST]:
        streams.err.write(printable(f"{path}:{line}: would be {code}") + "\n")
    if more:
        hint = "Nothing was changed. Give --rename-variable, or --force."
        raise UserError(f"{len(more)} places would no longer follow the registry", hint)
