"""The variables of Compose: `$NAME`, `${NAME:-else}` and their kin, replaced with what they stand for, still traced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from portscan.connectivity.bounds import GROWTH, LONG, Budget
from portscan.connectivity.traced import Traced, joined, parts_of
from portscan.expressions import compiled
from portscan.tuples import NamedTuple

Lookup = Callable[[str], "Traced | None"]

NAME = compiled(r"[_a-zA-Z][_a-zA-Z0-9]*")
BRACE = compiled(r"\$\{|\}")
OPERATORS = (":-", ":?", ":+", "-", "?", "+")
DEEPEST = 16


class TooLong(Exception):
    """The variables of a value stand for more than it may grow by, or for each other without end."""


class Interpolated(NamedTuple):
    """The text, and the variables that it asked for and that nobody has set.

    It is not `whole` where it would have been too long, and is left as it is written.
    """

    value: Traced
    missing: tuple[str, ...] = ()
    whole: bool = True
    growth: int = 0


def interpolate(value: Traced, lookup: Lookup, most: int = LONG) -> Interpolated:
    """`value` with its variables replaced by what `lookup` knows; one that it does not know leaves nothing behind.

    What is no form of Compose's is left as it is: Compose itself refuses such a file. So is what would be longer by more
    than `most` characters, or is nested too deeply.
    """
    text = value.text
    if "$" not in text:
        return Interpolated(value)
    found = _Interpolation(lookup, len(text) + most)
    try:
        replaced = joined(found.bounded(found.parts(value, text, 0)), value.spot)
    except TooLong:
        return Interpolated(value, whole=False)
    growth = sum(len(piece.text) for piece in replaced.pieces) - len(text)
    return Interpolated(replaced, tuple(dict.fromkeys(found.missing)), growth=max(growth, 0))


def within(budget: Budget, path: str, value: Traced, lookup: Lookup) -> Interpolated:
    """The same for a value of the file at `path`, as far as the budget has room for what it becomes."""
    found = interpolate(value, lookup, min(LONG, budget.left(GROWTH)))
    if found.whole:
        budget.allows(GROWTH, found.growth, path)
    else:
        budget.refuse(GROWTH, path)
    return found


class _Interpolation:
    """One value in the making."""

    def __init__(self, lookup: Lookup, most: int) -> None:
        self.lookup = lookup
        self.most = most
        self.missing: list[str] = []

    def bounded(self, parts: Iterable[Traced]) -> Iterator[Traced]:
        """The parts, as long as they are not too long together."""
        length = 0
        for part in parts:
            for piece in part.pieces:
                length += len(piece.text)
                if length > self.most:
                    raise TooLong
            yield part

    def parts(self, value: Traced, text: str, depth: int) -> Iterator[Traced]:
        """What the text is made of, one behind the other."""
        part, closed = parts_of(value), closings(text) if "${" in text else {}
        reached = 0
        while (at := text.find("$", reached)) >= 0:
            yield part(reached, at)
            replaced, reached = self._variable(part, text, at, closed, depth)
            yield replaced if replaced is not None else part(at, at + 1)
        yield part(reached, len(text))

    def _variable(
        self, part: Callable[[int, int], Traced], text: str, at: int, closed: Mapping[int, int], depth: int
    ) -> tuple[Traced | None, int]:
        """What stands for the variable that begins at `at`, None for the sign itself; and where the text goes on."""
        if text.startswith("$$", at):
            return None, at + 2
        if name := NAME.match(text, at + 1):
            return self._found(name[0]), name.end()
        end = closed.get(at, -1)
        if end >= 0 and depth > DEEPEST:
            raise TooLong
        name = NAME.match(text, at + 2) if end >= 0 else None
        if name is None:
            return None, at + 1
        operator = next((each for each in OPERATORS if text.startswith(each, name.end())), "")
        if not operator and name.end() != end:
            return None, at + 1

        def otherwise() -> Traced:
            other = part(name.end() + len(operator), end)
            return joined(self.bounded(self.parts(other, other.text, depth + 1)), other.spot)

        return self._chosen(name[0], operator, otherwise), end + 1

    def _chosen(self, name: str, operator: str, otherwise: Callable[[], Traced]) -> Traced:
        known = self.lookup(name)
        there = known is not None and (not operator.startswith(":") or any(piece.text for piece in known.pieces))
        if operator.endswith("+"):
            return otherwise() if there else Traced()
        if there and known is not None:
            return known
        return otherwise() if operator.endswith("-") else self._missed(name)

    def _found(self, name: str) -> Traced:
        known = self.lookup(name)
        return known if known is not None else self._missed(name)

    def _missed(self, name: str) -> Traced:
        self.missing.append(name)
        return Traced()


def closings(text: str) -> dict[int, int]:
    """Where each `${` begins, and where the brace closes that it opens; without those that nothing closes."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for sign in BRACE.finditer(text):
        if sign[0] != "}":
            opened.append(sign.start())
        elif opened:
            found[opened.pop()] = sign.start()
    return found
