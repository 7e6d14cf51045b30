"""The whole proposal: everything that was found, put together and proven to be a registry that is in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from portscan.errors import UserError
from portscan.judge.wellknown import directory
from portscan.life.adopting import code, compose, owners, stacks
from portscan.life.adopting.entries import Entry, entries
from portscan.life.adopting.found import Fact, Found
from portscan.life.adopting.listeners import LOWEST
from portscan.life.adopting.testimony import witnesses
from portscan.life.adopting.writing import written
from portscan.life.world import world
from portscan.records import dataclass, replace

if TYPE_CHECKING:
    from portscan.config import Config
    from portscan.connectivity.world import World
    from portscan.model import Skipped
    from portscan.pipeline.inventories import Inventory
    from portscan.registry.model import Registry


@dataclass(frozen=True, slots=True)
class Proposal:
    """The text of a registry, what it means, how many conflicts wait in it for a person, and ports of programs that it lacks.

    `unfollowed` are the files of which only a part was read.
    """

    text: str
    registry: Registry
    conflicts: int
    stacks: tuple[str, ...]
    left: tuple[int, ...] = ()
    unfollowed: tuple[Skipped, ...] = ()


def proposed(root: Path, config: Config, label: str, today: date, owner: str = "") -> Proposal:
    """A registry of what is used below `root`; `owner` answers for whatever nobody else does."""
    from portscan.pipeline.inventories import literals

    there = world(root, config)
    found, inner = compose.found(there, compose.files(there.paths))
    inventory = literals(root, (), config)
    heard = witnesses(code.of_programs(inventory.literals), inventory.sources, (*found, *inner.values()))
    found = tuple(_read(heard.hear(each) if each.names else each, inventory) for each in found)
    inner = {where: heard.hear(each) for where, each in inner.items()}
    found = (*found, *(_joined(each, inner) for each in _in_code(inventory, found, inner, there.called)))
    found = (*found, *_unmapped(inner, found, inventory))
    if not found:
        begin = f"Write `version: 1` and `services: []` into {label}"
        hint = f"{begin}, and let `portscan new NAME --stack STACK --port PORT` add each service."
        raise UserError("nothing here publishes a port or listens on one", hint)
    found = _owned(root, there, found, owner)
    of, ranges = stacks.proposed(found)
    made = entries(found, of)
    listed = {(each.folder, each.key) for each in found}
    text = written(made, ranges, [key for folder, key in inner if (folder, key) not in listed], today)
    registry = _proven(text, label)
    names = tuple(dict.fromkeys(of.values()))
    return Proposal(text, registry, _conflicts(made), names, _left(registry, inventory), there.budget.unfollowed())


def _left(registry: Registry, inventory: Inventory) -> tuple[int, ...]:
    """The ports in programs that no service has. What everybody expects at a port is most likely somebody else's there."""
    known = {port for service in registry.services for each in service.endpoints for port in (each.port, each.container_port)}
    found = {each.port for each in code.of_programs(inventory.literals) if each.port >= LOWEST}
    return tuple(sorted(found - known - directory().by_port.keys()))


def _unmapped(inner: Mapping[tuple[str, str], Found], known: Sequence[Found], inventory: Inventory) -> Iterator[Found]:
    """The services that map no port and are not known yet: by what is said of them, else by what runs in their image."""
    seen = {(each.folder, each.key) for each in known}
    for each in (each for where, each in inner.items() if where not in seen):
        if each.port:
            yield _read(each, inventory)
        elif each.usual:
            facts = {**each.facts, "container_port": each.usual}
            yield _read(replace(each, port=each.usual.value, facts=facts), inventory)
        elif "ports" in each.facts:  # nothing but a debugger's is known
            yield _promoted(each)


def _promoted(each: Found) -> Found:
    """A service of which only further ports are known, with the first of them as its own."""
    (_, first), *others = each.facts["ports"].value.items()
    facts = {key: fact for key, fact in each.facts.items() if key != "ports"}
    source = each.facts["ports"].source
    facts |= {key: Fact(value, source) for key, value in first.items()}
    facts |= {"ports": Fact(dict(others), source)} if others else {}
    return replace(each, port=first.get("port", first["container_port"]), facts=facts, published="port" in first)


def _joined(each: Found, inner: Mapping[tuple[str, str], Found]) -> Found:
    """A service that a variable told of, with what a compose file says of the one that it belongs to."""
    same = [said for (_, key), said in inner.items() if key == each.key] if "env" in each.facts else []
    said = inner.get((each.folder, each.key)) or (same[0] if len(same) == 1 else None)
    if said is None:
        return each
    facts = {**said.facts, **each.facts}
    if not said.published:
        facts["container_port"] = facts.pop("port")
    other = [
        fact for key in ("port", "container_port") if (fact := said.facts.get(key)) and fact.value != each.port and not said.marks
    ]
    marks = (f"CONFLICT: it is said to listen on {fact.value} as well ({fact.source})" for fact in other)
    return replace(said, port=each.port, facts=facts, marks=(*said.marks, *marks))


def _conflicts(made: Iterable[Entry]) -> int:
    return sum(len(entry.marks) for entry in made)


def _in_code(inventory: Inventory, known: Sequence[Found], inner: Mapping[tuple[str, str], Found], top: str) -> tuple[Found, ...]:
    numbers: set[int] = set()
    variables: set[str] = set()
    for each in (*known, *inner.values()):
        ports = each.facts["ports"].value.values() if "ports" in each.facts else ()
        numbers |= {each.port} if each.port else set()
        numbers |= {*(port[key] for port in ports for key in ("port", "container_port") if key in port)}
        numbers |= {each.facts["container_port"].value} if "container_port" in each.facts else set()
        variables |= {each.facts["env"].value} if "env" in each.facts else set()
        variables |= {port["env"] for port in ports if "env" in port}
    owned = {folder for each in (*known, *inner.values()) for folder in each.folders}
    return tuple(code.found(inventory.literals, numbers, variables, inventory.sources, {key for _, key in inner}, top, owned))


def _read(each: Found, inventory: Inventory) -> Found:
    """A service with the variable that its port in the container is read from, where no mapping has told it."""
    variable = None if each.published or "env" in each.facts else code.variable_of(each, inventory.literals)
    return replace(each, facts={**each.facts, "env": variable}) if variable else each


def _owned(root: Path, there: World, found: Sequence[Found], otherwise: str) -> tuple[Found, ...]:
    rules = owners.rules(there.text)
    seen: dict[str, Fact | None] = {}
    result = []
    for each in found:
        owner = owners.owner(root, (*each.folders, each.file), rules, seen) or (Fact(otherwise, "") if otherwise else None)
        result.append(replace(each, facts={**each.facts, "owner": owner}) if owner else each)
    return tuple(result)


def _proven(text: str, label: str) -> Registry:
    """The registry that the text is; it has no error, or the proposal is a bug."""
    from portscan.findings import catalogue
    from portscan.registry.checks import check
    from portscan.registry.loader import load

    loaded = load(label, text.encode("utf-8"))
    assert loaded.registry is not None, [finding.message for finding in loaded.findings]
    errors = [finding for finding in check(loaded.registry, catalogue()) if finding.severity == "error"]
    assert not errors, [finding.message for finding in errors]
    return loaded.registry
