"""The code of expressions, kept between runs: what a command compiles, the next one need not."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from portscan.cache.kept import store_drawers
from portscan.drawers import VACANT
from portscan.expressions import EXPRESSIONS, engine
from portscan.gate.memory import place
from portscan.gate.sieve import COMPILED, know_expressions

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 2_000  # expressions that are kept


@contextmanager
def kept_expressions() -> Iterator[None]:
    """Expressions from runs before are known meanwhile, and further ones written down."""
    know_expressions()
    try:
        yield
    finally:
        keep_expressions()


def keep_expressions() -> None:
    """Write down the code of what was compiled here for the first time."""
    fresh, before = EXPRESSIONS.fresh, EXPRESSIONS.known
    name = place(engine(), COMPILED) if fresh else None
    if name is not None:
        from pathlib import Path  # a glance does without

        few = len(before) + len(fresh) <= MOST
        used = () if few else ((pattern, int(flags)) for pattern, flags in EXPRESSIONS)  # flags of `re` are no plain data
        sought = {key: code for key in used if (code := before.get(key)) is not None}
        with suppress(OSError):
            EXPRESSIONS.known = store_drawers(Path(name), engine(), {**sought, **fresh}, before if few else VACANT)
            EXPRESSIONS.fresh = {}
