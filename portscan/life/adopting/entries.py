"""From what was found to entries that a registry may hold: names told apart, conflicts settled for now and marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portscan.life.adopting.found import Fact, Found, named
from portscan.life.adopting.stacks import identity
from portscan.records import dataclass, field
from portscan.registry.editing.settled import CLAIMED, DOUBLED, READ, TAKEN
from portscan.registry.model import variable_name


@dataclass(slots=True)
class Entry:
    """An entry in the making: its values with where they come from, and what a person has to decide about it."""

    name: str
    found: Found
    values: dict[str, Fact]
    marks: list[str] = field(default_factory=list)

    @property
    def transport(self) -> str:
        """UDP where the protocol says so."""
        protocol = str(self.values["protocol"].value) if "protocol" in self.values else ""
        return "udp" if protocol.endswith("udp") else "tcp"

    @property
    def ports(self) -> Mapping[str, Any]:
        """The further ports."""
        ports: Mapping[str, Any] = self.values["ports"].value if "ports" in self.values else {}
        return ports


def entries(found: Sequence[Found], stacks: Mapping[str, str]) -> list[Entry]:
    """The entries in the order of their ports."""
    names = _names(found)
    made = [_entry(each, names, stacks) for each in sorted(found, key=lambda each: (each.port, each.folder, each.key))]
    _settle_ports(made)
    _settle_variables(made)
    _settle_paths(made)
    return made


def _names(found: Sequence[Found]) -> dict[str, str]:
    """A name for each service: its key; with its folder where others have the same; with a number where that is not enough."""
    names: dict[str, str] = {}
    used: dict[str, str] = {}
    keys = [variable_name(named(each.key)) for each in found]
    for each in found:
        name = named(each.key)
        if keys.count(variable_name(name)) > 1:
            name = named(f"{_whereabouts(each, name)}-{name}")
        count = 2
        base = name
        while variable_name(name) in used:
            name, count = f"{base}-{count}", count + 1
        used[variable_name(name)] = name
        names[identity(each)] = name
    return names


def _whereabouts(each: Found, name: str) -> str:
    """The folder that tells a service from others of its name: that of its Compose file, or the first above its own files."""
    started = "container" in each.facts and each.facts["container"].value is True
    place = each.folder if started else (*each.folders, each.folder)[0]
    return next((part for part in reversed(place.split("/")) if started or named(part).lower() != name.lower()), "")


def _entry(each: Found, names: Mapping[str, str], stacks: Mapping[str, str]) -> Entry:
    name = names[identity(each)]
    values = {"stack": Fact(stacks[identity(each)], ""), **each.facts}
    if "depends_on" in values:
        local = {key.rpartition(" ")[2]: known for key, known in names.items() if _folder(key) == each.folder}
        needs = [local[key] for key in each.needs if key in local and local[key] != name]
        values["depends_on"] = Fact(needs, values["depends_on"].source)
        if not needs:
            del values["depends_on"]
    if name != each.key and "container" in values and values["container"].value is True:
        values["compose_service"] = Fact(each.key, each.place)
    return Entry(name, each, values, list(each.marks))


def _folder(key: str) -> str:
    return key.rpartition(" ")[0].rpartition(":")[0].rpartition("/")[0]


def _settle_ports(made: list[Entry]) -> None:
    """Two services with one port cannot run together: the second stands in for the first, until a person decides."""
    holders: dict[tuple[str, int], Entry] = {}
    groups: dict[str, Entry] = {}
    for entry in (each for each in made if each.found.published):
        leader = holders.get((entry.transport, entry.found.port))
        if leader is not None:
            leader = groups.get(leader.name, leader)
            entry.values["alternative_to"] = Fact(leader.name, "")
            entry.marks.append(f"{DOUBLED.format(leader.name, entry.found.port)} ({leader.found.place}). Move one of them")
            groups[entry.name] = leader
        holders.setdefault((entry.transport, entry.found.port), entry)
    mains = dict(holders)
    for entry in made:
        _settle_further(entry, mains, groups)


def _settle_further(entry: Entry, holders: dict[tuple[str, int], Entry], groups: Mapping[str, Entry]) -> None:
    kept = {}
    for name, port in entry.ports.items():
        if "port" not in port:
            kept[name] = port
            continue
        key = ("udp" if port.get("protocol") == "udp" else "tcp", port["port"])
        holder = holders.get(key)
        if holder is None or (groups.get(holder.name, holder) is groups.get(entry.name, entry) and holder is not entry):
            holders.setdefault(key, entry)
            kept[name] = port
        else:
            whose = TAKEN if holder is not entry else TAKEN.replace("`{}`", "itself")
            entry.marks.append(f"{whose.format(port['port'], holder.name)} ({holder.found.place})")
    if "ports" in entry.values:
        entry.values["ports"] = Fact(kept, entry.values["ports"].source)
        if not kept:
            del entry.values["ports"]


def _settle_variables(made: list[Entry]) -> None:
    """One variable for one port: whoever comes second goes by its own name."""
    holders: dict[str, Entry] = {}
    own = {variable_name(entry.name): entry for entry in made if "env" not in entry.values}
    for entry in made:
        for values in _variables(entry):
            variable = values.get("env")
            holder = holders.setdefault(str(variable), entry) if variable else entry
            if variable and (holder is not entry or own.get(variable, entry) is not entry):
                other = holder if holder is not entry else own[variable]
                entry.marks.append(READ.format(variable, other.name))
                del values["env"]
    for entry in made:
        env = entry.values.get("env")
        if env is not None and env.value is None:
            del entry.values["env"]


def _settle_paths(made: list[Entry]) -> None:
    """Files that several claim are nobody's until a person decides; what stands in for another leaves them to that one."""
    claims: dict[str, list[Entry]] = {}
    for entry in made:
        for glob in entry.values["paths"].value if "paths" in entry.values else ():
            claims.setdefault(glob, []).append(entry)
    for glob, claiming in claims.items():
        leaders = {_leader(entry) for entry in claiming}
        for entry in claiming:
            if len(leaders) > 1:
                others = ", ".join(f"`{other.name}`" for other in claiming if other is not entry)
                entry.marks.append(CLAIMED.format(glob, others))
            if len(leaders) > 1 or (len(claiming) > 1 and entry.name not in leaders):
                _without_path(entry, glob)


def _leader(entry: Entry) -> str:
    return str(entry.values["alternative_to"].value) if "alternative_to" in entry.values else entry.name


def _without_path(entry: Entry, glob: str) -> None:
    fact = entry.values["paths"]
    kept = [each for each in fact.value if each != glob]
    entry.values["paths"] = Fact(kept, fact.source)
    if not kept:
        del entry.values["paths"]


def _variables(entry: Entry) -> Iterator[dict[str, Any]]:
    """What holds a variable: the entry, and each of its further ports."""
    if "env" in entry.values:
        held = {"env": entry.values["env"].value}
        yield held
        if "env" not in held:
            entry.values["env"] = Fact(None, "")
    yield from entry.ports.values()
