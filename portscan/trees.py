"""libcst. It declares two hundred dataclasses, which take half the time of loading it: their methods are made as ours are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from portscan import records

LENT = ("dataclass", "field", "fields", "replace")


@contextmanager
def lent() -> Iterator[None]:
    """Whoever takes them from `dataclasses` meanwhile gets those of `records`."""
    import dataclasses

    before = {name: getattr(dataclasses, name) for name in LENT}
    try:
        vars(dataclasses).update((name, getattr(records, name)) for name in LENT)
        yield
    finally:
        vars(dataclasses).update(before)


def _load() -> None:
    """Load libcst, with our way of making classes if that is enough for it."""
    try:
        with lent():
            import libcst  # noqa: F401
    except (TypeError, AttributeError, ImportError):
        for name in [name for name in sys.modules if name.partition(".")[0] == "libcst"]:
            del sys.modules[name]


if "libcst" not in sys.modules:
    _load()

import libcst as cst  # noqa: E402
from libcst._nodes.internal import CodegenState  # noqa: E402
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider  # noqa: E402

__all__ = ("CodegenState", "MetadataWrapper", "ParentNodeProvider", "PositionProvider", "cst")
