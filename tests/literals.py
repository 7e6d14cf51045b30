"""Literals made by hand, for tests of what is resolved and judged: no file is read, and no rule of detection takes part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portscan.config import Config
from portscan.directives import Directive
from portscan.evidence.passages import Passage
from portscan.evidence.places import Place
from portscan.findings import catalogue
from portscan.judge.breaches import Verdict
from portscan.judge.literals import Judge
from portscan.model import Finding, Location, PortLiteral, Span
from portscan.registry.loader import load
from portscan.registry.model import Registry
from portscan.resolve import Resolved, Resolver

TODAY = date(2026, 1, 1)
RULES = catalogue()
SPELLINGS = {"shell": "${<variable>:-<port>}"}
HERE = Location(1, 1, 1, 5)


@dataclass(frozen=True)
class Said:
    """The passages of a file that says one thing."""

    passage: Passage

    def of(self, _literal: PortLiteral, /) -> Passage:
        """The passage."""
        return self.passage


def registry(*services: str, **keys: str) -> Registry:
    """A registry with services in YAML's flow style, and other keys of the document."""
    further = "".join(f"{key}: {value}\n" for key, value in keys.items())
    lines = "".join(f"  - {{stack: s, {each}}}\n" for each in services)
    loaded = load("registry.yaml", f"version: 1\n{further}services:\n{lines}".encode())
    assert loaded.registry is not None, loaded.findings
    return loaded.registry


def literal(port: int, **more: Any) -> PortLiteral:
    """A port in a shell script, unless more is said."""
    known = {"path": "a.sh", "kind": "url", "context": "code", "language": "shell", "rule": "test"}
    return PortLiteral(**{"span": Span(0, len(str(port))), "location": HERE, "port": port, **known, **more})


def place(port: int, *, pins: str = "", beside: tuple[int, ...] = (), partner: PortLiteral | None = None, **more: Any) -> Place:
    """A literal where it stands; `pins` are the services that a comment beside it names, `text` is its passage.

    `inside` are the ports to which the mappings of its entry lead.
    """
    text = more.pop("text", str(port))
    inside = frozenset(more.pop("inside", ()))
    found = (Directive("pin", 1, False, HERE, services=tuple(pins.split())),) if pins else ()
    passages = Said(Passage(text, max(text.find(str(port)), 0)))
    return Place(literal(port, **more), passages, found, frozenset(beside), partner, inside)


def resolved(known: Registry, port: int, config: Config | None = None, prefix: str = "", **more: Any) -> Resolved:
    """What a registry knows of a literal."""
    return Resolver(known, config or Config(), prefix).resolve(place(port, **more))


def verdict(known: Registry, port: int, config: Config | None = None, **more: Any) -> Verdict:
    """What is wrong with a literal, or why nothing is."""
    return judge(known, config).verdict(resolved(known, port, config, **more))


def finding(known: Registry, port: int, config: Config | None = None, **more: Any) -> Finding | None:
    """The finding at a literal."""
    return judge(known, config).judge(resolved(known, port, config, **more))


def said(known: Registry, port: int, config: Config | None = None, **more: Any) -> str:
    """The code of a finding with its service and variable, or why there is none: `PS003 api API_PORT`, `bound`."""
    found = verdict(known, port, config, **more)
    return found if isinstance(found, str) else " ".join(filter(None, (found.code, found.service, found.variable)))


def judge(known: Registry, config: Config | None = None) -> Judge:
    """A judge of the first day of 2026."""
    return Judge(known, config or Config(), RULES, TODAY, SPELLINGS)


def strict(config: Config | None = None) -> Config:
    """The configuration, with everything reported."""
    return replace(config or Config(), strict=True)
