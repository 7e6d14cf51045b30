"""Programs that say by themselves at which port they listen: calls, commands and settings of `rules/services/listeners.yaml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from portscan.document.document import parse
from portscan.expressions import compiled
from portscan.judge.wellknown import directory
from portscan.life.adopting.found import Fact, Found, named
from portscan.life.adopting.publishing import BY_NUMBER, PORT_NAME
from portscan.model import PortLiteral
from portscan.records import dataclass
from portscan.resources import folder

SHELF = ("services", "listeners.yaml")
GENERIC = frozenset(("PORT", "HTTP_PORT", "SERVER_PORT", "APP_PORT", "LISTEN_PORT"))  # of whichever process reads them
COMMAND = compiled(r"[^\n\"';&|]*$")  # the part of a command line that leads up to its end
SCHEME = compiled(r"(https?)://[^/\s]*$")
REACH = 400  # bytes that are looked at in front of a number
LOWEST = 1024  # below it there are examples and privileges, but no development


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to say where a program listens; see the file for what each part is for."""

    file: re.Pattern[str]
    rules: frozenset[str]
    names: re.Pattern[str] | None
    before: re.Pattern[str] | None
    container: bool | None

    def heard(self, literal: PortLiteral, before: str) -> Heard | None:
        """What is said there; none where nothing is said in this way."""
        place = self.file.search(literal.path)
        if place is None or (self.rules and literal.rule not in self.rules):
            return None
        name = self.names.fullmatch(literal.name or "") if self.names else None
        if (self.names and name is None) or (self.before and not self.before.search(before)):
            return None
        scheme = SCHEME.search(before)
        told = {key: held for key, held in (name.groupdict() if name else {}).items() if held}
        spoken = "https" if "secure" in told else scheme[1] if scheme else ""
        tool = "" if self.names else directory().tool(_command(before))
        return Heard(self, literal, literal.path[: place.start()], tool, spoken, told.get("port", ""))


@dataclass(frozen=True, slots=True)
class Heard:
    """A number at which something listens: in which folder, started by which tool, what it speaks, what the port is called."""

    rule: Rule
    literal: PortLiteral
    folder: str
    tool: str
    scheme: str
    name: str

    @property
    def place(self) -> str:
        """The file with the line."""
        return f"{self.literal.path}:{self.literal.location.line}"

    @property
    def homes(self) -> frozenset[str]:
        """The folders that may be said to be the application's: `tool` and `tool/src`."""
        return frozenset((self.folder, self.literal.path.rpartition("/")[0]))


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """The shelf, read once."""
    data = parse((folder("rules") / SHELF[0] / SHELF[1]).read_bytes()).data()
    return tuple(_rule(entry) for entry in data["listeners"])


def _rule(entry: Mapping[str, Any]) -> Rule:
    names = re.compile(entry["names"]) if "names" in entry else None
    before = re.compile(f"(?:{entry['before']})$") if "before" in entry else None
    return Rule(re.compile(entry["file"]), frozenset(entry.get("rules", ())), names, before, entry.get("container"))


def heard(literals: Iterable[PortLiteral], sources: Mapping[str, bytes]) -> Iterator[Heard]:
    """Every number at which a program says that it listens, where no variable but a generic one may say otherwise."""
    for literal in literals:
        if GENERIC.issuperset(literal.variables):
            before = _before(literal, sources)
            yield from _first(each.heard(literal, before) for each in rules())


def _first(found: Iterable[Heard | None]) -> Iterator[Heard]:
    first = next((each for each in found if each is not None), None)
    if first is not None:
        yield first


def found(
    code: Iterable[PortLiteral], taken: Collection[int], sources: Mapping[str, bytes], top: str, owned: Collection[str]
) -> Iterator[Found]:
    """A service for each folder, and for each tool in it, in which something listens on a number that is not taken.

    In folders that are `owned` by a service already, it is that service that listens, and only tools are others. `top` is the
    name of the folder in which all lie.
    """
    groups: dict[tuple[str, str], list[Heard]] = {}
    for each in heard(code, sources):
        if each.literal.port not in taken and each.literal.port >= LOWEST and (each.tool or each.homes.isdisjoint(owned)):
            groups.setdefault((each.folder, each.tool), []).append(each)
    called: set[int] = set()
    for (where, tool), group in sorted(groups.items(), key=lambda item: not item[0][0]):  # what lies at the top is known least
        told = [each for each in group if each.rule.names] or group[:1]
        main, *further = sorted(told, key=lambda each: (each.scheme == "https", rules().index(each.rule)))
        if not main.rule.names and main.literal.port in called:
            continue  # one call shows that something listens there, and not how often
        called.add(main.literal.port)
        name = "-".join(filter(None, (where.rpartition("/")[2] or top, tool)))
        yield Found(named(name.replace(".", "-").lower()), main.place, main.literal.port, _facts(main, further, where))


def _facts(main: Heard, further: Sequence[Heard], where: str) -> dict[str, Fact]:
    facts = {"port": Fact(main.literal.port, main.place), "protocol": Fact("http", "a guess")}
    if main.scheme:
        facts["protocol"] = Fact(main.scheme, main.place)
    if main.rule.container is not None:
        facts["container"] = Fact(main.rule.container, main.place)
    if where and not main.tool:  # the files are those of the application that the tool shows
        facts["paths"] = Fact([f"{where}/**"], main.place)
    ports = _further(further, main.literal.port)
    return {**facts, "ports": Fact(ports, further[0].place)} if ports else facts


def _further(others: Iterable[Heard], main: int) -> dict[str, dict[str, Any]]:
    """The other ports, called by what is spoken there where that is not plain HTTP, else as the settings call them."""
    found: dict[str, dict[str, Any]] = {}
    for each in others:
        port = each.literal.port
        if port != main and all(port != other["port"] for other in found.values()):
            secure = "https" if each.scheme == "https" else ""
            names = (secure, re.sub(r"[^a-z0-9-]+", "-", each.name.lower()), f"{BY_NUMBER}{port}")
            name = next(name for name in names if PORT_NAME.fullmatch(name) and name not in found)
            found[name] = {"port": port, **({"protocol": each.scheme} if each.scheme else {})}
    return found


def _before(literal: PortLiteral, sources: Mapping[str, bytes]) -> str:
    """What stands before a number."""
    start = literal.span.start
    return sources.get(literal.path, b"")[max(0, start - REACH) : start].decode("utf-8", "replace")


def _command(before: str) -> str:
    """The command that a number is handed to, up to the number."""
    match = COMMAND.search(before)
    return match[0] if match else ""
