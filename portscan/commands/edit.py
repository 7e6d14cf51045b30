"""`portscan edit`: what the registry says of a service, changed by flags or at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from portscan.errors import UserError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

    from portscan.terminal import Streams
    from portscan.workspace import Workspace

NAME: Final = "edit"
TOPIC: Final = "decide"
HELP: Final = "change what the registry says of a service; not its port"
DONE: Final = 0


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the service, a flag for each key of its entry, and how to go about it."""
    from portscan.life.fields import add_flags, add_ways

    parser.add_argument("service", metavar="SERVICE", help="the service, or SERVICE.PORT-NAME, a further port of it")
    add_flags(parser)
    parser.add_argument("--unset", action="append", default=[], metavar="KEY", help="take a key out (may be repeated)")
    add_ways(parser)


def run(args: Namespace, streams: Streams) -> int:
    """Change the entry, if anything about it changes."""
    from portscan.life import registrar
    from portscan.life.fields import given, refuse_of_service
    from portscan.life.moves import endpoint_of, label_of, refuse_outside
    from portscan.records import replace
    from portscan.registry import acts
    from portscan.workspace import open_workspace

    work = open_workspace(args, streams)
    endpoint = endpoint_of(work.registry, args.service)
    label = label_of(endpoint)
    name = endpoint.service
    data = registrar.values(work)
    entry = acts.entry_of(data, name)
    held = entry if endpoint.name is None else entry["ports"][endpoint.name]
    values = given(args)
    gone = [_optional(key, held, label) for key in args.unset]
    if endpoint.name is not None:
        refuse_of_service(values, name)
    if "stack" in values and endpoint.name is None:
        moved = replace(work.registry.by_name[name], stack=values["stack"])
        refuse_outside(work.registry, moved, endpoint.port, f"{name} --stack {values['stack']}")
    if not values and not gone:
        values, gone = _asked(held, work, whole=endpoint.name is None)
    changes = tuple(acts.amended(data, name, _filled(held, values), gone, endpoint.name))
    if not changes:
        streams.out.write(f"`{label}` is so already.\n")
        return DONE
    draft = registrar.drafted(work, changes)
    done = f"`{label}` was changed; see {draft.path}:{draft.registry.by_name[name].location.line}."
    registrar.conclude(work, draft, args, streams, done)
    return DONE


def _optional(key: str, entry: Mapping[str, Any], label: str) -> str:
    if key in ("name", "port", "stack"):
        raise UserError(f"`{key}` cannot be taken out of an entry", "An entry needs a name, a stack and a port.")
    if key not in entry:
        raise UserError(f"`{label}` has no `{key}`", f"It has {', '.join(entry)}.")
    return key


def _filled(entry: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values to put; a health check keeps the status that it expects."""
    merged = dict(values)
    if merged.get("healthcheck") and "healthcheck" in entry:
        merged["healthcheck"] = {**entry["healthcheck"], **merged["healthcheck"]}
    return {key: held for key, held in merged.items() if held not in ("", [], {})}


def _asked(entry: Mapping[str, Any], work: Workspace, *, whole: bool) -> tuple[dict[str, Any], list[str]]:
    """Every key, asked for with what it holds now; an empty answer takes it out."""
    from portscan.life.asking import asker
    from portscan.life.fields import FIELDS, OF_PORTS, value
    from portscan.life.opening import checks

    ask = asker("portscan edit SERVICE --owner TEAM and the like")
    answers: dict[str, Any] = {}
    for field in (each for each in FIELDS if whole or each.key in OF_PORTS):
        held = entry.get(field.key)
        if field.truth:
            answers[field.key] = ask.yes(f"{field.key}: {field.help}?", default=held is not False)
            continue
        shown = ", ".join(held) if isinstance(held, list) else held["endpoint"] if isinstance(held, dict) else str(held or "")
        answer = ask.text(f"{field.key}: {field.help}", shown, checks(work.registry).get(field.key))
        answers[field.key] = value(field, int(answer) if field.number and answer else answer)
    gone = [key for key, held in answers.items() if key in entry and held in ("", [], {})]
    kept = {key: held for key, held in answers.items() if held not in ("", [], {})}
    if "container" not in entry and kept.get("container"):
        kept.pop("container")
    return kept, gone
