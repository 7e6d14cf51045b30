"""A new service: what is given, what is asked for, and the port that is found for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from portscan.errors import UserError
from portscan.expressions import compiled
from portscan.judge.wellknown import directory
from portscan.life import fields
from portscan.life.allocation import Market, Passed, Wanted, none_free
from portscan.records import dataclass
from portscan.registry.model import variable_name
from portscan.registry.room import line, room

if TYPE_CHECKING:
    from portscan.life.asking import Asker
    from portscan.registry.model import Range, Registry, Service

NAME = compiled(r"[A-Za-z][A-Za-z0-9._-]*")
NOT_GIVEN = "(none)"


@dataclass(frozen=True, slots=True)
class Opening:
    """A service about to be registered: its entry, the ports that were passed over for it, and the range its stack is to get."""

    entry: Mapping[str, Any]
    passed: tuple[Passed, ...] = ()
    span: Range | None = None


def check_stack(registry: Registry, name: str, near: int | None = None) -> None:
    """A `UserError` for a stack that there is not, in a registry that has ranges; one without takes any."""
    known = tuple(dict.fromkeys((*registry.by_stack, *registry.named_stacks)))
    if name in known or not registry.ranges:
        return
    close = get_close_matches(name, known, 1, 0.6)
    there = f"Did you mean `{close[0]}`?" if close else f"There {'are' if len(known) > 1 else 'is'} {', '.join(known)}."
    new = f"A new one is a line under `ranges` of {registry.path}: {line(registry, name, near)}."
    raise UserError(f"the registry has no stack `{name}`", f"{there} {new}")


def lacking(registry: Registry, stack: str, near: int | None) -> Range | None:
    """The range that a stack is to get, where others have one."""
    return room(registry, stack, near) if registry.ranges and stack not in registry.by_stack else None


def port_for(market: Market, wanted: Wanted, given: int | None) -> tuple[int, tuple[Passed, ...]]:
    """The port that is given, or the next free one of the stack's range."""
    registry = market.registry
    if given is not None:
        why = market.obstacle(given, wanted)
        return given, (Passed(given, why),) if why else ()
    span = registry.by_stack.get(wanted.stack) or room(registry, wanted.stack)
    found, passed = market.next_free(span, wanted)
    if found is None:
        raise none_free(span, passed, "Widen the range, or give --port.")
    return found, passed


def proposed(name: str, registry: Registry, values: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry would hold if nobody said otherwise: as its neighbours in the stack have it, and as its name tells."""
    words = name.lower().split("-")
    kind = next((known for known in directory().services if known.name in words or any(i in words for i in known.images)), None)
    stack = values.get("stack")
    peers = [service for service in registry.services if service.stack == stack]
    usual = {
        "protocol": kind.protocol if kind else _most(peers, "protocol"),
        "owner": _most(peers, "owner"),
        "container": _most(peers, "container"),
        "network": _most([peer for peer in peers if peer.networks], "networks"),
    }
    if isinstance(usual["network"], tuple):
        usual["network"] = usual["network"][0]
    return {key: held for key, held in {**usual, **values}.items() if held is not None}


def _most(services: list[Service], key: str) -> Any:
    counts = Counter(getattr(service, key) for service in services)
    return counts.most_common(1)[0][0] if counts else None


def name_problem(registry: Registry, name: str) -> str | None:
    """Why a new service cannot be called so; none when it can."""
    if not NAME.fullmatch(name):
        return "Begin with a letter, then letters, digits, hyphens, underscores and dots."
    if "." in name:
        return "A dot stands between a service and one of its ports; begin with the service."
    if name in registry.by_name:
        return f"There is a service `{name}` already."
    taken = registry.by_variable.get(variable_name(name))
    return f"Its variable {variable_name(name)} is that of `{taken.service}` already." if taken else None


def asked(ask: Asker, registry: Registry, market: Market, name: str | None, port: int | None, values: dict[str, Any]) -> Opening:
    """Everything that is not given, asked for one after the other, each with a default."""
    name = name or ask.text("Name of the service", check=lambda text: name_problem(registry, text))
    if "stack" not in values:
        options = registry.stacks
        values["stack"] = ask.choice("Stack", options) if options else ask.text("Stack", check=_something)
    usual = proposed(name, registry, values)
    if "protocol" not in values:
        values["protocol"] = ask.text("Protocol", usual.get("protocol", "http"), _something)
    wanted = Wanted(name, values["stack"], values["protocol"])
    chosen, passed = _asked_port(ask, market, wanted, port)
    return Opening({"name": name, **_asked_rest(ask, registry, values, usual, chosen)}, passed)


def _asked_port(ask: Asker, market: Market, wanted: Wanted, port: int | None) -> tuple[int, tuple[Passed, ...]]:
    if port is not None:
        return port_for(market, wanted, port)
    found, passed = port_for(market, wanted, None)

    def problem(text: str) -> str | None:
        if not text.isdecimal() or not 1 <= int(text) <= 65535:
            return "Write a number from 1 to 65535."
        why = None if int(text) == found else market.obstacle(int(text), wanted)
        return f"{text} {why}." if why else None

    return int(ask.text("Port", str(found), problem)), passed


def _asked_rest(ask: Asker, registry: Registry, values: dict[str, Any], usual: Mapping[str, Any], port: int) -> dict[str, Any]:
    answers: dict[str, Any] = {"stack": values["stack"], "port": port}
    if "container" not in values:
        values["container"] = ask.yes("Does it run in a container?", default=usual.get("container") is not False)
    for key, question, default, check in _questions(registry, values, usual, port):
        if key not in values:
            answer = ask.text(question, default, check)
            values[key] = fields.value(fields.field(key), int(answer) if key == "container_port" and answer else answer)
    return {**answers, **values}


def _questions(
    registry: Registry, values: Mapping[str, Any], usual: Mapping[str, Any], port: int
) -> tuple[tuple[str, str, str, Any], ...]:
    """Key, question, default and check of what is asked for last."""
    inside = (("container_port", "Port in the container", str(port), _number),) if values["container"] else ()
    return (
        *inside,
        ("owner", "Owner (the team that answers for it)", str(usual.get("owner", "")), None),
        ("description", "Description", "", None),
        ("network", "Network of the compose files", str(usual.get("network", "")), None),
        ("depends_on", "Services it needs (with commas between)", "", lambda text: _unknown(registry, text)),
        ("healthcheck", "Path of its health check, such as /health", "", _path),
    )


def checks(registry: Registry) -> Mapping[str, Any]:
    """What an answer must be like, by key, where not any text will do."""
    return {
        "stack": lambda text: None if text in registry.stacks or not registry.stacks else f"There is no stack `{text}`.",
        "container_port": _number,
        "depends_on": lambda text: _unknown(registry, text),
        "healthcheck": _path,
    }


def _something(text: str) -> str | None:
    return None if text else "An answer is needed."


def _number(text: str) -> str | None:
    return None if not text or (text.isdecimal() and 1 <= int(text) <= 65535) else "Write a number from 1 to 65535."


def _path(text: str) -> str | None:
    return None if not text or text.startswith("/") else "Begin with a slash, or leave it empty."


def _unknown(registry: Registry, text: str) -> str | None:
    unknown = [name for name in (part.strip() for part in text.split(",")) if name and name not in registry.by_name]
    return f"There is no service `{unknown[0]}`." if unknown else None
