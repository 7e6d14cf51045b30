"""How each language spells "this variable, or else this number" at the place of a literal. No registry here.

A speller is a module with `bind`; it may decline. `rules/languages` names the speller of a language. What it answers is
safe only if the dialect is certain there and, with the variable unset, value and type stay what they were.
"""

from __future__ import annotations

from typing import Protocol, cast

from portscan.members import offering
from portscan.model import Applicability, PortLiteral
from portscan.records import dataclass
from portscan.source import Source


@dataclass(frozen=True, slots=True)
class Change:
    """The characters `start:end` of a source's text become `after`. An insertion has `start == end`."""

    start: int
    end: int
    after: str


@dataclass(frozen=True, slots=True)
class Spelled:
    """The changes that bind a literal, made together or not at all; `note` says what a person must know before."""

    changes: tuple[Change, ...]
    applicability: Applicability = "safe"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """There is no automatic way here: why, and what to do by hand, in one line."""

    reason: str


@dataclass(frozen=True, slots=True)
class Binding:
    """What a literal is to be bound to: the service's variable, read from the environment.

    With `module` it is the constant of that name in a generated module: a path from the top of the repository, or what an
    import says. `tools` are the tools that build the file, by the name of their configuration: `vite`, `next`. `expands`
    says that who reads the file is known to expand `${…}`. `given` are the variables that something sets for the file, none
    where nobody has looked.
    """

    variable: str
    module: str = ""
    tools: frozenset[str] = frozenset()
    expands: bool = False
    given: frozenset[str] | None = None


class Speller(Protocol):
    """What a module of this package offers."""

    def bind(self, source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
        """The changes by which `literal`, the characters `start:end` of the text, is bound."""
        ...

    def faults(self, source: Source) -> int:
        """How many syntax errors the language's parser sees: a fix may not add one."""
        ...


def speller(name: str) -> Speller:
    """The speller module `name`; its parser is imported when the first fix needs it."""
    return cast("Speller", offering("bind", __name__, name))
