"""The variables of Compose: `$NAME`, `${NAME:-else}` and their kin, replaced with what they stand for, still traced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from portscan.connectivity.traced import Traced, joined

Lookup = Callable[[str], "Traced | None"]

NAME = re.compile(r"[_a-zA-Z][_a-zA-Z0-9]*")
OPERATORS = (":-", ":?", ":+", "-", "?", "+")
DEEPEST = 16


@dataclass(frozen=True, slots=True)
class Interpolated:
    """The text, and the variables that it asked for and that nobody has set."""

    value: Traced
    missing: tuple[str, ...] = ()


def interpolate(value: Traced, lookup: Lookup) -> Interpolated:
    """`value` with its variables replaced by what `lookup` knows; one that it does not know leaves nothing behind.

    What is no form of Compose's is left as it is: Compose itself refuses such a file.
    """
    text = value.text
    if "$" not in text:
        return Interpolated(value)
    missing: list[str] = []
    parts = tuple(_parts(value, text, lookup, missing, 0))
    return Interpolated(joined(parts, value.spot), tuple(dict.fromkeys(missing)))


def _parts(value: Traced, text: str, lookup: Lookup, missing: list[str], depth: int) -> Iterator[Traced]:
    reached = 0
    while (at := text.find("$", reached)) >= 0:
        yield value.part(reached, at)
        replaced, reached = _variable(value, text, at, lookup, missing, depth)
        yield replaced
    yield value.part(reached, len(text))


def _variable(value: Traced, text: str, at: int, lookup: Lookup, missing: list[str], depth: int) -> tuple[Traced, int]:
    """What stands for the variable that begins at `at`, and where the text goes on."""
    if text.startswith("$$", at):
        return value.part(at, at + 1), at + 2
    if name := NAME.match(text, at + 1):
        return _found(name[0], lookup, missing), name.end()
    name = NAME.match(text, at + 2) if text.startswith("${", at) else None
    end = closing(text, at + 2) if name else -1
    if name is None or end < 0 or depth > DEEPEST:
        return value.part(at, at + 1), at + 1
    operator = next((each for each in OPERATORS if text.startswith(each, name.end())), "")
    rest = (name.end() + len(operator), end)
    if not operator and name.end() != end:
        return value.part(at, at + 1), at + 1
    other = value.part(*rest)

    def otherwise() -> Traced:
        return joined(_parts(other, other.text, lookup, missing, depth + 1), value.spot)

    return _chosen(name[0], operator, otherwise, lookup, missing), end + 1


def _chosen(name: str, operator: str, otherwise: Callable[[], Traced], lookup: Lookup, missing: list[str]) -> Traced:
    known = lookup(name)
    there = known is not None and bool(known.text or not operator.startswith(":"))
    if operator.endswith("+"):
        return otherwise() if there else Traced()
    if there and known is not None:
        return known
    if operator.endswith("-"):
        return otherwise()
    missing.append(name)
    return Traced()


def _found(name: str, lookup: Lookup, missing: list[str]) -> Traced:
    known = lookup(name)
    if known is None:
        missing.append(name)
        return Traced()
    return known


def closing(text: str, start: int) -> int:
    """Where the brace closes that was opened in front of `start`; -1 when it does not."""
    depth = 1
    for i in range(start, len(text)):
        depth += text.startswith("${", i) - (text[i] == "}")
        if not depth:
            return i
    return -1
