"""Modules that are lent what they load for something that portscan does not do."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESSES = "urllib.parse"
OF_DATACLASSES = ("dataclass", "field", "fields", "replace")


def paths() -> None:
    """Load `pathlib` without what makes addresses of paths, which take much of the time. They are loaded when one is made."""
    if "pathlib" in sys.modules or ADDRESSES in sys.modules:
        return
    stand_in = ModuleType(ADDRESSES)
    stand_in.quote_from_bytes = _quoted  # type: ignore[attr-defined]
    sys.modules[ADDRESSES] = stand_in
    try:
        import pathlib  # noqa: F401  (it stays in `sys.modules`)
    except ImportError:  # it asks for more than is known here, and loads it itself
        return
    finally:
        del sys.modules[ADDRESSES]


def _quoted(data: bytes) -> str:
    from urllib.parse import quote_from_bytes

    return quote_from_bytes(data)


@contextmanager
def methods() -> Iterator[None]:
    """Whoever takes from `dataclasses` what makes classes gets that of `records` meanwhile: methods are made when called."""
    import dataclasses

    from portscan import records

    before = {name: getattr(dataclasses, name) for name in OF_DATACLASSES}
    try:
        vars(dataclasses).update((name, getattr(records, name)) for name in OF_DATACLASSES)
        yield
    finally:
        vars(dataclasses).update(before)


def reluctant(name: str) -> ModuleType:
    """A module that is loaded when something is sought in it that is not there yet."""
    from importlib.util import find_spec, module_from_spec

    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module, load = module_from_spec(spec), spec.loader.exec_module

    def whole(sought: str) -> Any:
        if sought == "__path__":  # asked of all modules, to see whether they are packages
            raise AttributeError(sought)
        del vars(module)["__getattr__"]
        load(module)
        return getattr(module, sought)

    vars(module)["__getattr__"] = whole
    above, _, last = name.rpartition(".")
    sys.modules[name] = module
    if above:
        setattr(sys.modules[above], last, module)
    return module
