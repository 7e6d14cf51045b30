"""The parser of libcst without most of the package around it, which loads forty modules to walk through trees and to change them.

The parser takes the nodes, and the error that it raises, from the package by their names. So the package has these, and loads
itself when anything else is sought in it: whoever wants the package gets all of it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from portscan import lent

if TYPE_CHECKING:
    from collections.abc import Callable

    from libcst import Module

PACKAGE = "libcst"
PARTS = ("_exceptions", *(f"_nodes.{name}" for name in ("whitespace", "op", "expression", "statement", "module")))


def _parser() -> Callable[[str], Module]:
    """What makes a tree of a text."""
    try:
        if PACKAGE not in sys.modules:
            _load_nodes()
        found: Callable[[str], Module] = import_module(f"{PACKAGE}.native").parse_module
    except (TypeError, AttributeError, ImportError):
        from portscan.trees import cst

        return cst.parse_module
    return found


def _load_nodes() -> None:
    """Load the nodes alone, with our way of making classes."""
    lent.paths()  # the nodes load it
    package = lent.reluctant(PACKAGE)
    with lent.methods():
        for name in PARTS:
            vars(package).update(_own(import_module(f"{PACKAGE}.{name}")))


def _own(module: Any) -> dict[str, type]:
    """The classes that are defined in a module."""
    kinds = ((name, kind) for name, kind in vars(module).items() if isinstance(kind, type))
    return {name: kind for name, kind in kinds if kind.__module__ == module.__name__}


parse = _parser()

from libcst._nodes.internal import CodegenState  # noqa: E402

__all__ = ("CodegenState", "parse")
