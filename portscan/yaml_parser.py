"""The parser of ruamel.yaml in C, without the package around it, which loads thirty modules to read and write documents.

The parser takes nothing from most of them but what it raises. So they have that, and load themselves when anything else is
sought in them: whoever wants the package gets all of it.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

from portscan.lent import reluctant

PACKAGE = "ruamel.yaml"
LIBRARIES = ("_ruamel_yaml_clibz", "_ruamel_yaml")  # in the order in which the package itself looks for them
# Modules of which the parser takes what it raises, and what that is a kind of.
RAISING = {
    **dict.fromkeys(("Scanner", "Parser", "Composer", "Constructor"), "MarkedYAMLError"),
    **dict.fromkeys(("Emitter", "Serializer", "Representer"), "YAMLError"),
}


@lru_cache(maxsize=1)
def parser() -> Any:
    """The class of the parser; None where there is none in C."""
    if PACKAGE not in sys.modules:
        reluctant(PACKAGE)
        errors = import_module(f"{PACKAGE}.error")
        for name, base in RAISING.items():
            _raise_only(reluctant(f"{PACKAGE}.{name.lower()}"), f"{name}Error", getattr(errors, base))
    for name in LIBRARIES:
        try:
            return import_module(name).CParser
        except ImportError:
            continue
    return None


def refusals() -> tuple[type[Exception], ...]:
    """What the parser raises when it gives up."""
    return import_module(f"{PACKAGE}.error").YAMLError, UnicodeError


def _raise_only(module: ModuleType, error: str, base: type) -> None:
    """Have the module know what it raises."""
    setattr(module, error, type(error, (base,), {"__module__": module.__name__}))
