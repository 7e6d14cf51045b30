"""All of libcst. It declares two hundred dataclasses, which take half the time of loading it: their methods are made as ours are.

Whoever only parses needs less (`languages/python_parser.py`).
"""

from __future__ import annotations

import sys

from portscan import lent


def _load() -> None:
    """Load libcst, with our way of making classes if that is enough for it."""
    try:
        with lent.methods():
            import libcst.metadata

            _ = libcst.MetadataWrapper  # a package of which only a part is there loads itself
    except (TypeError, AttributeError, ImportError):
        for name in [name for name in sys.modules if name.partition(".")[0] == "libcst"]:
            del sys.modules[name]


_load()

import libcst as cst  # noqa: E402
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider  # noqa: E402

__all__ = ("MetadataWrapper", "ParentNodeProvider", "PositionProvider", "cst")
