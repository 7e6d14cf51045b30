"""Where the rules, schemas and templates stand: inside the installed package, or at the top of a checkout."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.abc import Traversable


def folder(name: str) -> Traversable:
    """The shipped folder `rules`, `schema` or `templates`.

    A wheel carries them as package data; an editable install and a checkout have them beside the package.
    """
    packaged = files("portscan") / "_data" / name
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parent.parent / name
