"""Where the rules, schemas and templates stand: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.abc import Traversable


def folder(name: str) -> Traversable:
    """The shipped folder `rules`, `schema` or `templates`.

    A wheel carries them as package data; an editable install and a checkout have them beside the package.
    """
    from pathlib import Path

    package = Path(__file__).resolve().parent
    found = next((place for place in (package / "_data" / name, package.parent / name) if place.is_dir()), None)
    if found is not None:
        return found
    from importlib.resources import files  # inside an archive; loading this takes longer than most hooks

    return files("portscan") / "_data" / name
