"""What generators make of a registry, without a repository around it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from portscan.generated import Maker, block, headed
from portscan.generators import generator
from portscan.generators.model import Artefact, Context
from portscan.registry.loader import load
from portscan.registry.model import Registry

SOURCE = "config/ports/registry.yaml"


def registry(text: str) -> Registry:
    """The registry in YAML text, which must be in order."""
    loaded = load(SOURCE, text.encode())
    assert loaded.registry is not None, loaded.findings
    return loaded.registry


def artefacts(name: str, known: Registry, *, top: Path = Path(), **settings: Any) -> tuple[Artefact, ...]:
    """What the generator makes of a registry."""
    module = generator(name)
    return tuple(module.render(Context(known, module.Settings(**settings), top, date(2026, 11, 25), SOURCE)))


def artefact(name: str, known: Registry, **settings: Any) -> Artefact:
    """The only thing that the generator makes."""
    (made,) = artefacts(name, known, **settings)
    return made


def text_of(made: Artefact, name: str = "test") -> str:
    """The whole text with its heading or marks, as it stands in a file."""
    maker = Maker(name, (SOURCE, *made.sources), made.path)
    if made.block:
        return block(made.body, maker, made.style)
    return headed(made.prologue, made.body, maker, made.style)
