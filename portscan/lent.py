"""Modules of Python that are lent what they load for something that portscan does not do."""

from __future__ import annotations

import sys
from types import ModuleType

ADDRESSES = "urllib.parse"


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
