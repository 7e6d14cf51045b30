"""From the files of a Compose project to the project: variables replaced, `include` and `extends` followed, files merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename, dirname

from portscan.connectivity import envfile
from portscan.connectivity.bounds import EXTENDED, INCLUDED
from portscan.connectivity.interpolation import Lookup
from portscan.connectivity.lore import lore
from portscan.connectivity.merging import merged
from portscan.connectivity.model import Attached, EnvFile, Network, Part, Project, Service
from portscan.connectivity.reading import Reader
from portscan.connectivity.telling import Telling
from portscan.connectivity.traced import Traced
from portscan.connectivity.world import World
from portscan.document import nodes
from portscan.document.nodes import Node, Scalar
from portscan.expressions import compiled
from portscan.records import dataclass, field

DEEPEST = 12
DEFAULT = "default"
ENV = ".env"
UNNAMED = compiled(r"[^a-z0-9_-]")


@dataclass(frozen=True, slots=True)
class Files:
    """What is loaded as one project: its files in their order, where its relative paths begin, and what it is called.

    `env_files` are those that variables are taken from; without any it is the `.env` of the directory. `told` says where
    the files were seen together.
    """

    files: tuple[str, ...]
    directory: str
    name: str = ""
    env_files: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(slots=True)
class _Loaded:
    """What the files of a project say so far."""

    parts: dict[str, list[Part]] = field(default_factory=dict)
    networks: dict[str, Network] = field(default_factory=dict)
    name: str = ""


def load(world: World, group: Files, otherwise: Mapping[str, Traced] | None = None, *, telling: Telling | None = None) -> Project:
    """The project that the files make. What cannot be read says nothing, as if it were not there.

    `otherwise` is what variables stand for that no env file sets. What projects that share the `telling` are told alike is looked
    at once.
    """
    known = {**(otherwise or {}), **variables(world, group)}
    loaded = _read(world, group, known.get, {group.files}, 0)
    named = known.get("COMPOSE_PROJECT_NAME")
    name = group.name or (named.text if named else "") or loaded.name or _of_directory(world, group.directory)
    networks = {key: _named(network, name) for key, network in loaded.networks.items()}
    for key in (DEFAULT, *(key for parts in loaded.parts.values() for part in parts for key in part.networks)):
        networks.setdefault(key, Network(key, f"{name}_{key}"))
    making = _Making(world, name, known.get, telling or Telling(lore()))
    services = {key: making.service(parts) for key, parts in loaded.parts.items()}
    return Project(name, group.directory, group.files, services, networks, _env_files(world, group), group.told)


def variables(world: World, group: Files) -> Mapping[str, Traced]:
    """What the env files of the project set."""
    found: dict[str, Traced] = {}
    for path in _env_files(world, group):
        found.update(envfile.environment(path, world.text(path) or "", found.get, world.budget))
    return found


def normal(name: str) -> str:
    """A project name as Compose makes it of a directory's."""
    return UNNAMED.sub("", name.lower()).lstrip("_-")


def _of_directory(world: World, directory: str) -> str:
    return normal(basename(directory) if directory not in ("", ".") else world.called)


def _env_files(world: World, group: Files) -> tuple[str, ...]:
    usual = f"{group.directory}/{ENV}" if group.directory not in ("", ".") else ENV
    return tuple(path for path in group.env_files or (usual,) if path in world)


def _named(network: Network, project: str) -> Network:
    if network.name:
        return network
    name = network.key if network.external else f"{project}_{network.key}"
    return Network(network.key, name, network.external, network.spot)


def _read(world: World, group: Files, lookup: Lookup, read: set[tuple[str, ...]], depth: int) -> _Loaded:
    """What the files say, and those that they include. What is included twice says nothing more: `read` are all so far."""
    loaded = _Loaded()
    for path in group.files:
        document = world.document(path)
        if document is None or not isinstance(document.root, nodes.Mapping):
            continue
        reader = Reader(path, document.text, group.directory, lookup, world.budget)
        for below in _included(world, reader, document.root, read, depth):
            _add(loaded, below)
        _add(loaded, _of_file(world, reader, document.root))
    return loaded


def _add(loaded: _Loaded, more: _Loaded) -> None:
    for name, parts in more.parts.items():
        loaded.parts.setdefault(name, []).extend(parts)
    loaded.networks.update(more.networks)
    loaded.name = more.name or loaded.name


def _of_file(world: World, reader: Reader, root: nodes.Mapping) -> _Loaded:
    name = root.entries.get("name")
    return _Loaded(
        {part.name: [part] for part in _parts(world, reader, root)},
        {network.key: network for network in _networks(reader, root)},
        reader.value(name.value).text if name else "",
    )


def _parts(world: World, reader: Reader, root: nodes.Mapping) -> Iterator[Part]:
    for key, node in _services(root):
        yield _extended(world, reader, root, reader.part(key, node), 0)


def _services(root: nodes.Mapping) -> Iterator[tuple[Scalar, nodes.Mapping]]:
    entry = root.entries.get("services")
    if entry is not None and isinstance(entry.value, nodes.Mapping):
        for each in entry.value.entries.values():
            if isinstance(each.value, nodes.Mapping):
                yield each.key, each.value


def _extended(world: World, reader: Reader, root: nodes.Mapping, part: Part, depth: int) -> Part:
    """The service on top of the one that it extends."""
    if part.extends is None:
        return part
    if depth > EXTENDED.most:
        world.budget.refuse(EXTENDED, reader.path)
        return part
    path, name = part.extends
    if path:
        document = world.document(path)
        if document is None or not isinstance(document.root, nodes.Mapping):
            return part
        reader, root = Reader(path, document.text, dirname(path) or ".", reader.lookup, world.budget), document.root
    services = root.entries.get("services")
    found = services.value.entries.get(name or part.name) if services and isinstance(services.value, nodes.Mapping) else None
    if found is None or not isinstance(found.value, nodes.Mapping):
        return part
    base = reader.part(found.key, found.value)
    return merged((_extended(world, reader, root, base, depth + 1), part))


def _networks(reader: Reader, root: nodes.Mapping) -> Iterator[Network]:
    entry = root.entries.get("networks")
    if entry is None or not isinstance(entry.value, nodes.Mapping):
        return
    for key, each in entry.value.entries.items():
        said = each.value.entries if isinstance(each.value, nodes.Mapping) else {}
        name = reader.value(said["name"].value).text if "name" in said else ""
        outside = said["external"].value if "external" in said else None
        if isinstance(outside, nodes.Mapping):  # what older files write: `external: {name: …}`
            name = reader.value(outside.entries["name"].value).text if "name" in outside.entries else name
        external = outside is not None and (isinstance(outside, nodes.Mapping) or reader.value(outside).text == "true")
        yield Network(key, name, external, reader.spot(each.key))


def _included(world: World, reader: Reader, root: nodes.Mapping, read: set[tuple[str, ...]], depth: int) -> Iterator[_Loaded]:
    entry = root.entries.get("include")
    items = entry.value.items if entry is not None and isinstance(entry.value, nodes.Sequence) else ()
    for group in (_group(reader, item) for item in items):
        if not group.files or group.files in read:
            continue
        if depth > DEEPEST:
            world.budget.refuse(INCLUDED, reader.path)
        elif world.budget.allows(INCLUDED, 1, reader.path):
            read.add(group.files)
            known = variables(world, group)
            yield _read(world, group, _layered(reader.lookup, known), read, depth + 1)


def _layered(outer: Lookup, inner: Mapping[str, Traced]) -> Lookup:
    def lookup(name: str) -> Traced | None:
        found = outer(name)
        return found if found is not None else inner.get(name)

    return lookup


def _group(reader: Reader, item: Node) -> Files:
    said = {key: entry.value for key, entry in item.entries.items()} if isinstance(item, nodes.Mapping) else {"path": item}
    paths = tuple(map(reader.resolved, reader.strings(said["path"]))) if "path" in said else ()
    directory = reader.resolved(reader.value(said["project_directory"]).text) if "project_directory" in said else ""
    env_files = tuple(map(reader.resolved, reader.strings(said["env_file"]))) if "env_file" in said else ()
    return Files(paths, directory or (dirname(paths[0]) or "." if paths else "."), env_files=env_files)


@dataclass(frozen=True, slots=True)
class _Making:
    """Makes the services of a project. What the same env files set is found once for all services to which they are `given`."""

    world: World
    project: str
    lookup: Lookup
    telling: Telling
    given: dict[tuple[EnvFile, ...], Mapping[str, Traced | None]] = field(default_factory=dict)

    def service(self, parts: Sequence[Part]) -> Service:
        """A service of these parts."""
        said = merged(tuple(parts))
        networks = said.networks or ({} if said.network_mode and said.network_mode.text else {DEFAULT: Attached()})
        environment = self._environment(said)
        return Service(self.project, said, networks, environment, tuple(parts), self.telling.of(said, environment))

    def _environment(self, said: Part) -> dict[str, Traced | None]:
        """What the env files of the service set, and its own entries on top; one without a value is taken from outside."""
        if said.env_files not in self.given:
            self.given[said.env_files] = self._of_env_files(said.env_files)
        own = {name: value if value is not None else self.lookup(name) for name, value in said.environment.items()}
        return {**self.given[said.env_files], **own}

    def _of_env_files(self, files: Sequence[EnvFile]) -> Mapping[str, Traced | None]:
        found: dict[str, Traced | None] = {}
        for file in files:
            found.update(self._of_env_file(file, {**found}))
        return found

    def _of_env_file(self, file: EnvFile, already: Mapping[str, Traced | None]) -> Mapping[str, Traced]:
        def known(name: str) -> Traced | None:
            outside = self.lookup(name)
            return outside if outside is not None else already.get(name)

        seen = (lambda _: None) if file.raw else known
        return envfile.environment(file.path, self.world.text(file.path) or "", seen, self.world.budget)
