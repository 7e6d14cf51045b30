"""The modules of a package that is a shelf: a file put there is a member, and no list has to name it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from portscan.errors import UserError

if TYPE_CHECKING:
    from types import ModuleType


def members(shelf: Iterable[str]) -> tuple[str, ...]:
    """The names of the modules in a package whose `__path__` is `shelf`, sorted; `_` is written `-`, as users write it.

    Nothing is imported. Names that begin with `_` are no members.
    """
    found = {name for folder in shelf for name in _modules(folder)}
    return tuple(sorted(name.replace("_", "-") for name in found if not name.startswith("_")))


def module_of(package: str, name: str) -> str:
    """The dotted name of the member `name` of a package."""
    return f"{package}.{name.replace('-', '_')}"


def _modules(folder: str) -> Iterable[str]:
    try:
        files = os.listdir(folder)  # noqa: PTH208  (`pathlib` is slow to load)
    except OSError:  # inside an archive
        from pkgutil import iter_modules

        return [module.name for module in iter_modules([folder])]
    return [file.removesuffix(".py") for file in files if file.endswith(".py")]


def offering(what: str, package: str, name: str) -> ModuleType:
    """The module of a package that a language names, which offers `what`; a `UserError` where there is none."""
    from importlib import import_module

    try:
        module = import_module(f"{package}.{name}")
        getattr(module, what)
    except (ModuleNotFoundError, AttributeError):
        reason = f"a language names `{name}`, which is no module of {package} with `{what}`"
        raise UserError(reason, "Mend that language in the directories of `extend-rules`.") from None
    return module
