"""What generators are handed, and what they hand back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from portscan.config.kinds import TEXT, listed
from portscan.config.tables import key
from portscan.connectivity.bounds import Budget
from portscan.generated import Style
from portscan.records import dataclass, field
from portscan.registry.model import Range, Registry, Service


@dataclass(frozen=True, slots=True)
class Settings:
    """The keys that every generator has."""

    stacks: tuple[str, ...] = key(listed(TEXT), "Only the services of these stacks; all when empty.", default=())


@dataclass(frozen=True, slots=True)
class Templated(Settings):
    """The keys of a generator that fills a template."""

    template: str = key(TEXT, "A Jinja2 template to use in place of the shipped one, from the top of the repository.", default="")


S = TypeVar("S", bound=Settings)


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file as it should be, without its heading, which `sync` adds; or a block of a file that people write.

    `path` is from the top of the repository, with forward slashes. `style` is how the heading is written. `prologue` is
    what must stand in front of the heading: a `#!` line, front matter, the brace of a JSON object. `block` is the name of
    the block, and none for a whole file. `sources` are further files that it was made from, such as a template.
    """

    path: str
    body: str
    style: Style
    prologue: str = ""
    block: str | None = None
    executable: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context(Generic[S]):
    """What a generator may know: the registry, its settings, the top of the repository and the day.

    Nothing but the end of a transition may depend on `today`: the same registry gives the same bytes tomorrow. `source`
    is the registry's path from the top. `budget` is what reading Compose files may cost, and keeps which were read in part.
    """

    registry: Registry
    settings: S
    top: Path
    today: date
    source: str
    budget: Budget = field(default_factory=Budget, compare=False, repr=False)

    @property
    def services(self) -> tuple[Service, ...]:
        """The services of the chosen stacks, in the order of the registry."""
        chosen = self.settings.stacks
        return tuple(service for service in self.registry.services if not chosen or service.stack in chosen)

    @property
    def stacks(self) -> tuple[tuple[str, Range | None, tuple[Service, ...]], ...]:
        """The chosen services by stack: its name, its range, its services; ranges first, in the order of the registry."""
        names = dict.fromkeys((*(range_.name for range_ in self.registry.ranges), *(s.stack or "" for s in self.services)))
        groups = ((name, tuple(s for s in self.services if (s.stack or "") == name)) for name in names)
        return tuple((name, self.registry.by_stack.get(name), services) for name, services in groups if services)

    def rendered(self, shipped: str, escape: str, **values: Any) -> str:
        """The text of the template `shipped`, or of the consumer's own, with every value escaped for the format `escape`."""
        from portscan.generators.templates import render

        own = getattr(self.settings, "template", "")
        return render(self.top, own or None, shipped, escape, {**self._values, **values})

    @property
    def sources(self) -> tuple[str, ...]:
        """The files besides the registry that an artefact was made from: the consumer's template."""
        own = getattr(self.settings, "template", "")
        return (own,) if own else ()

    @property
    def _values(self) -> dict[str, Any]:
        return {"registry": self.registry, "services": self.services, "stacks": self.stacks, "settings": self.settings}
