"""What was found of a service, each fact with the place that says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from portscan.judge.wellknown import WellKnown
from portscan.records import dataclass, field
from portscan.tuples import NamedTuple


class Fact(NamedTuple):
    """A value of a registry entry, and where it comes from, in a few words."""

    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Found:
    """A service that has a port, as some file has it.

    `key` is what that file calls it, `place` the file with the line, `kind` what runs in it where that is known. `facts`
    are the values of its entry but for its name and stack; further ports are among them as `ports`. One that is not
    `published` has its port in its container only. Of one that maps no port `names` are those that others call it by, and
    `hints` the ports that its own section speaks of, and `usual` is that of its image. `marks` are what a person has to decide.
    """

    key: str
    place: str
    port: int
    facts: Mapping[str, Fact] = field(default_factory=dict)
    kind: WellKnown | None = None
    needs: tuple[str, ...] = ()
    published: bool = True
    names: tuple[str, ...] = ()
    hints: tuple[Fact, ...] = ()
    usual: Fact | None = None
    marks: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The file that it was found in."""
        return self.place.rpartition(":")[0]

    @property
    def folder(self) -> str:
        """The folder of that file."""
        return self.file.rpartition("/")[0]

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that are its own."""
        globs = self.facts["paths"].value if "paths" in self.facts else ()
        return tuple(glob.removesuffix("/**") for glob in globs)


def named(text: str) -> str:
    """A text as the name of a service: letters first, then letters, digits, dots, hyphens and underscores."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")
    return name if name[:1].isalpha() else f"service-{name}".rstrip("-")
