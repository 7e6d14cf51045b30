"""A hook of which little is in doubt: the gate knows what is said when nothing is found, and not whether there is anything.

The files in doubt are read, and nothing behind the reading is loaded. Where one of them holds a port, the whole road is taken,
which does not read it again. Here is also written down what the gate goes by (`portscan/gate/sieve.py`).
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from portscan import knowledge, passed_over
from portscan.cache.codes import keep_expressions
from portscan.cache.kept import added, store
from portscan.connectivity.names import COMPOSE
from portscan.gate.answers import MOST_BYTES, STORE, silence
from portscan.gate.memory import SHELF as GATE
from portscan.gate.memory import place
from portscan.gate.sieve import SHELF, about, spoken_to
from portscan.model import Skipped
from portscan.pipeline.naming import with_names
from portscan.pipeline.reading import Reading, reading
from portscan.source import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from portscan.gate.question import Question, Rest


def glanced(question: Question) -> bytes | None:
    """What is said if there is nothing in the files in doubt."""
    rest = question.rest
    if rest is None or any(map(spoken_to, rest.doubtful.values())):
        return None
    variables, path = rest.names
    known = with_names(knowledge.shipped(), variables, path) if variables else knowledge.shipped()
    reader = reading(known)
    reader.known.update(((path, data), ()) for path, data in rest.others.items())
    if not all(_nothing_in(reader, path, data) for path, data in rest.doubtful.items()):
        return None
    with suppress(OSError):
        _remember(question, rest, reader)
    return rest.said


def _nothing_in(reader: Reading, path: str, data: bytes) -> bool:
    """Whether a file holds no port. What was found in it is known from now on."""
    source = decode(path, data)
    found = source if isinstance(source, Skipped) else reader.read(source)
    if isinstance(found, Skipped):
        return False
    reader.known[path, data] = found
    return not found


def _remember(question: Question, rest: Rest, reader: Reading) -> None:
    keep_expressions()
    if not question.anew:
        said = (silence(rest.ground, path, data) for path, data in rest.doubtful.items())
        added(GATE, STORE, b"".join(said), MOST_BYTES)
    keep(rest.state, reader, rest.doubtful)


def keep(state: bytes, reader: Reading, paths: Iterable[str]) -> None:
    """Write down what the gate goes by for files such as these, as far as it does not know that."""
    kinds = reader.languages.kinds
    _once(about(state), lambda: (kinds.plain, COMPOSE.pattern, passed_over.telling()))
    for language in sorted({kinds.of(path)[0] or "" for path in paths} - {""}):
        _once(about(state, language), partial(_triggers, reader, language))


def _triggers(reader: Reading, language: str) -> tuple[dict[str, Any]]:
    """What a text must hold in their plain form. Where anything may be a port, it is a digit at least."""
    return (dict(reader.knowledge.triggers.get(language) or {"every": True}),)


def _once(about: bytes, made: Callable[[], Any]) -> None:
    name = place(about, SHELF)
    if name and not os.path.exists(name):  # noqa: PTH110  (as all paths of the gate)
        _store(about, SHELF, made())


def _store(about: bytes, shelf: str, known: Any) -> None:
    name = place(about, shelf)
    if name:
        from pathlib import Path

        store(Path(name), (about, known))
