"""Libraries in C, without the packages around them: those load a fifth of the standard library for what is not asked for here."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.machinery import ExtensionFileLoader, ModuleSpec, PathFinder
from importlib.util import module_from_spec
from types import ModuleType


@lru_cache(maxsize=8)
def library(package: str, name: str) -> ModuleType:
    """The library `name` in a package, or the package itself where it is not built like that; an `ImportError` without either."""
    found = PathFinder.find_spec(package)
    spec = PathFinder.find_spec(f"{package}.{name}", found.submodule_search_locations) if found else None
    return _loaded(spec) if spec and isinstance(spec.loader, ExtensionFileLoader) else import_module(package)


def _loaded(spec: ModuleSpec) -> ModuleType:
    module = module_from_spec(spec)
    assert spec.loader is not None
    spec.loader.exec_module(module)
    return module
