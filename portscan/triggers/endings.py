"""Whether digits in what a pattern matches end their word: neither a letter stands right behind them, nor a sixth digit.

Where it is so for all rules, `sha256:13b4` and `id:123456` are no addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from portscan.triggers import OTHER
from portscan.triggers.addresses import WORD
from portscan.triggers.heads import DIGITS, characters
from portscan.triggers.needs import parsed

LONGEST = 5  # digits
REPEATS = frozenset(("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"))
ENDS = frozenset(("AT_END", "AT_END_STRING", "AT_BOUNDARY"))
Elements = Sequence[tuple[Any, Any]]
Runs = Iterator[tuple[int, Elements]]  # how many digits there are at most, and what stands behind them


@lru_cache(maxsize=1024)
def runs_on(pattern: str) -> bool:
    """Whether a word of `pattern` may go on behind digits that it has taken, or they are more than those of a port."""
    elements = parsed(pattern)
    claims = frozenset(elements.state.groupdict.get(name, -1) for name in ("port", "last"))
    return any(most > LONGEST or not ended(rest) for most, rest in _runs(list(elements), [], claims))


def _runs(elements: Elements, following: Elements, claims: frozenset[int]) -> Runs:
    """The digits in `elements`, behind which stands what is `following`. Those that are claimed are known to be few."""
    for index, (operation, argument) in enumerate(elements):
        name, rest = str(operation), [*elements[index + 1 :], *following]
        claimed = name == "SUBPATTERN" and argument[0] in claims
        most = _digits(name, argument)
        if most:
            yield 0 if claimed else most, rest
        elif name == "SUBPATTERN":
            yield from ((0 if claimed else most, behind) for most, behind in _runs(list(argument[3]), rest, claims))
        elif name == "BRANCH":
            for each in argument[1]:
                yield from _runs(list(each), rest, claims)
        elif name in REPEATS:
            again = [(operation, (0, *argument[1:]))] if argument[1] > 1 else []
            yield from _runs(list(argument[2]), [*again, *rest], claims)
        elif name == "ASSERT":
            yield from _runs(list(argument[1]), rest if argument[0] < 0 else [], claims)
        elif name not in ("AT", "ASSERT_NOT") and characters(name, argument, False) is None:
            yield 0, []


def _digits(name: str, argument: Any) -> int:
    """How many digits an element takes at most, which takes nothing else; 0 where it does."""
    if name in REPEATS:
        return int(argument[1]) * _all_digits(argument[2])
    if name == "BRANCH":
        ways = [_all_digits(each) for each in argument[1]]
        return max(ways) if all(ways) else 0
    if name == "SUBPATTERN":
        return _all_digits(argument[3])
    taken = characters(name, argument, False)
    return int(taken is not None and not taken.isdisjoint(DIGITS) and taken <= DIGITS | {OTHER})


def _all_digits(elements: Elements) -> int:
    each = [_digits(str(operation), argument) for operation, argument in elements]
    return sum(each) if all(each) else 0


def ended(elements: Elements) -> bool:
    """Whether what begins with `elements` goes on with no word."""
    for index, (operation, argument) in enumerate(elements):
        name, rest = str(operation), elements[index + 1 :]
        taken = characters(name, argument, False)
        if taken is not None:
            return taken.isdisjoint(WORD)
        if name == "SUBPATTERN":
            return ended([*argument[3], *rest])
        if name == "BRANCH":
            return all(ended([*each, *rest]) for each in argument[1])
        if name in REPEATS:
            return ended(list(argument[2])) and (argument[0] > 0 or ended(rest))
        if str(argument) in ENDS or (name.startswith("ASSERT") and argument[0] > 0 and _barred(name, argument[1])):
            return True
        if name not in ("AT", "ASSERT", "ASSERT_NOT"):
            return False
    return False


def _barred(name: str, elements: Any) -> bool:
    """Whether what is looked at in advance keeps a word from going on."""
    if name == "ASSERT":
        return ended(list(elements))
    ways = elements[0][1][1] if len(elements) == 1 and str(elements[0][0]) == "BRANCH" else [elements]
    return any(len(way) == 1 and (characters(str(way[0][0]), way[0][1], False) or frozenset()) >= WORD for way in ways)
