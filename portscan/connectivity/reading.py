"""From the text of a Compose file to what it says of each service, with variables replaced and nothing merged yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from posixpath import isabs, join, normpath
from typing import Any, Final, TypeVar

from portscan.connectivity import ports
from portscan.connectivity.bounds import RANGES, Budget
from portscan.connectivity.interpolation import Lookup, within
from portscan.connectivity.model import Attached, Build, EnvFile, Mapped, Mounted, Part
from portscan.connectivity.traced import Spot, Traced, aligned
from portscan.connectivity.values import shown
from portscan.connectivity.words import words
from portscan.document import nodes
from portscan.document.nodes import Entry, Node, Scalar, Sequence
from portscan.records import dataclass, field

V = TypeVar("V")
RESET, OVERRIDE = "!reset", "!override"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the nodes of one file. Relative paths in it begin at `directory`; `missing` collects variables nobody sets.

    What it reads is within `budget`.
    """

    path: str
    text: str
    directory: str
    lookup: Lookup
    budget: Budget
    missing: set[str] = field(default_factory=set, compare=False)

    def part(self, key: Scalar, node: nodes.Mapping) -> Part:
        """What the file says of the service at `key`."""
        said: dict[str, Any] = {}
        for name, entry in node.entries.items():
            read = FIELDS.get(name)
            if read is not None:
                field_name, reader = read
                said[field_name] = reader(self, entry.value)
        tagged = {name: entry.value.tag for name, entry in node.entries.items() if entry.value.tag in (RESET, OVERRIDE)}
        return Part(
            key.text,
            self.path,
            self.spot(key),
            self.spot(node),
            sections={name: self.spot(entry.key) for name, entry in node.entries.items()},
            reset=frozenset(FIELDS[name][0] for name, tag in tagged.items() if tag == RESET and name in FIELDS),
            wholly=frozenset(FIELDS[name][0] for name, tag in tagged.items() if tag == OVERRIDE and name in FIELDS),
            **said,
        )

    def spot(self, node: Node) -> Spot:
        """Where a node is written."""
        return Spot(self.path, node.start, node.end)

    def value(self, node: Node) -> Traced:
        """A single value with its variables replaced; empty for a list or a mapping."""
        if not isinstance(node, Scalar):
            return Traced((), self.spot(node))
        written = aligned(shown(node), self.text, self.spot(node))
        if "$" not in node.text:
            return written
        found = within(self.budget, self.path, written, self.lookup)
        self.missing.update(found.missing)
        return found.value

    def items(self, node: Node) -> tuple[Traced, ...]:
        """The values of a list; a single value is a list of one."""
        if isinstance(node, Sequence):
            return tuple(self.value(item) for item in node.items)
        return (self.value(node),) if isinstance(node, Scalar) and shown(node) else ()

    def strings(self, node: Node) -> tuple[str, ...]:
        """The texts of a list."""
        return tuple(value.text for value in self.items(node))

    def resolved(self, path: str) -> str:
        """A path as the repository knows it."""
        return path if isabs(path) or path.startswith("~") else normpath(join(self.directory, path))

    def pairs(self, node: Node, mark: str = "=") -> dict[str, Traced | None]:
        """`KEY: value` and `- KEY=value` alike; None for a key without a value."""
        if isinstance(node, nodes.Mapping):
            return {key: self._given(entry) for key, entry in node.entries.items()}
        found: dict[str, Traced | None] = {}
        for value in self.items(node):
            key, sign, rest = value.text.partition(mark)
            found[key] = value.part(len(key) + len(sign), len(value.text)) if sign else None
            del rest
        return found

    def _given(self, entry: Entry) -> Traced | None:
        if isinstance(entry.value, Scalar) and entry.value.value is None:
            return None
        return self.value(entry.value)


def _networks(reader: Reader, node: Node) -> dict[str, Attached]:
    if isinstance(node, nodes.Mapping):
        return {key: Attached(_aliases(reader, entry.value), reader.spot(entry.key)) for key, entry in node.entries.items()}
    return {value.text: Attached((), value.spot) for value in reader.items(node)}


def _aliases(reader: Reader, node: Node) -> tuple[str, ...]:
    entry = node.entries.get("aliases") if isinstance(node, nodes.Mapping) else None
    return reader.strings(entry.value) if entry else ()


def _ports(reader: Reader, node: Node) -> tuple[Mapped, ...]:
    return tuple(_each_port(reader, node)) if isinstance(node, Sequence) else ()


def _each_port(reader: Reader, node: Sequence) -> Iterator[Mapped]:
    for item in node.items:
        if isinstance(item, nodes.Mapping):
            fields = {key: reader.value(entry.value) for key, entry in item.entries.items()}
            yield from ports.long(fields, reader.spot(item))
        else:
            value = reader.value(item)
            if reader.budget.allows(RANGES, ports.width(value), reader.path):
                yield from ports.short(value)


def _env_files(reader: Reader, node: Node) -> tuple[EnvFile, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    return tuple(_env_file(reader, item) for item in items)


def _env_file(reader: Reader, node: Node) -> EnvFile:
    if not isinstance(node, nodes.Mapping):
        return EnvFile(reader.resolved(reader.value(node).text))
    said = {key: reader.value(entry.value).text for key, entry in node.entries.items()}
    return EnvFile(reader.resolved(said.get("path", "")), said.get("required", "true") != "false", said.get("format") == "raw")


def _build(reader: Reader, node: Node) -> Build:
    if not isinstance(node, nodes.Mapping):
        return Build(reader.resolved(reader.value(node).text))
    entries = node.entries
    context = reader.value(entries["context"].value).text if "context" in entries else "."
    dockerfile = reader.value(entries["dockerfile"].value).text if "dockerfile" in entries else "Dockerfile"
    arguments = reader.pairs(entries["args"].value) if "args" in entries else {}
    return Build(reader.resolved(context), dockerfile, arguments)


def _depends(reader: Reader, node: Node) -> dict[str, Spot]:
    if isinstance(node, nodes.Mapping):
        return {key: reader.spot(entry.key) for key, entry in node.entries.items()}
    return {value.text: value.spot for value in reader.items(node) if value.spot}


def _hosts(reader: Reader, node: Node) -> dict[str, Traced]:
    if isinstance(node, nodes.Mapping):
        return {key: reader.value(entry.value) for key, entry in node.entries.items()}
    found: dict[str, Traced] = {}
    for value in reader.items(node):
        mark = next((sign for sign in "=:" if sign in value.text), ":")
        name, sign, _ = value.text.partition(mark)
        found[name.strip()] = value.part(len(name) + len(sign), len(value.text))
    return found


def _command(reader: Reader, node: Node) -> tuple[Traced, ...]:
    return reader.items(node) if isinstance(node, Sequence) else words(reader.value(node))


def _healthcheck(reader: Reader, node: Node) -> tuple[Traced, ...]:
    test = node.entries.get("test") if isinstance(node, nodes.Mapping) else None
    return reader.items(test.value) if test else ()


def _mounts(reader: Reader, node: Node) -> dict[str, Mounted]:
    items = node.items if isinstance(node, Sequence) else ()
    return {mounted.target: mounted for item in items if (mounted := _mount(reader, item)) is not None}


def _mount(reader: Reader, node: Node) -> Mounted | None:
    if isinstance(node, nodes.Mapping):
        said = {key: reader.value(entry.value).text for key, entry in node.entries.items() if isinstance(entry.value, Scalar)}
        bound = said.get("type") == "bind"
        return Mounted(reader.resolved(said.get("source", "")), said.get("target", "")) if bound else None
    source, _, rest = reader.value(node).text.partition(":")
    local = source.startswith((".", "/", "~"))
    return Mounted(reader.resolved(source), rest.split(":")[0]) if local and rest else None


def _extends(reader: Reader, node: Node) -> tuple[str, str]:
    if not isinstance(node, nodes.Mapping):
        return "", reader.value(node).text
    said = {key: reader.value(entry.value).text for key, entry in node.entries.items()}
    return reader.resolved(said["file"]) if said.get("file") else "", said.get("service", "")


# The keys of a service that are read, the field that each fills, and how.
FIELDS: Final[Mapping[str, tuple[str, Callable[[Reader, Node], Any]]]] = {
    "image": ("image", Reader.value),
    "build": ("build", _build),
    "container_name": ("container_name", Reader.value),
    "hostname": ("hostname", Reader.value),
    "network_mode": ("network_mode", Reader.value),
    "networks": ("networks", _networks),
    "ports": ("ports", _ports),
    "expose": ("expose", Reader.items),
    "environment": ("environment", Reader.pairs),
    "env_file": ("env_files", _env_files),
    "depends_on": ("depends_on", _depends),
    "links": ("links", Reader.items),
    "external_links": ("external_links", Reader.items),
    "extra_hosts": ("extra_hosts", _hosts),
    "profiles": ("profiles", Reader.strings),
    "command": ("command", _command),
    "entrypoint": ("entrypoint", _command),
    "healthcheck": ("healthcheck", _healthcheck),
    "volumes": ("mounts", _mounts),
    "labels": ("labels", Reader.pairs),
    "extends": ("extends", _extends),
}
