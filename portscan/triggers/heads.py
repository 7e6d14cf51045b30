"""What may stand right in front of the digits that a pattern claims: from each run of digits straight to its rules.

It is read off the parsed pattern as pairs of sets of characters: one of the first, then one of the second, then the digits.
It may be more than can be there, never less.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from portscan.records import dataclass
from portscan.triggers import OTHER, START
from portscan.triggers.needs import parsed

ASCII = tuple(chr(code) for code in range(2, 128))
EVERY = frozenset((START, OTHER, *ASCII))
DIGITS = frozenset("0123456789")
MOST, ENOUGH = 200, 2
CLASSES = {"CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s", "CATEGORY_WORD": r"\w"}
CLASSES |= {f"CATEGORY_NOT_{name.removeprefix('CATEGORY_')}": spelt.upper() for name, spelt in CLASSES.items()}

Characters = frozenset[str]
Pairs = frozenset[tuple[Characters, Characters]]
ANYTHING: Pairs = frozenset(((EVERY, EVERY),))
BEGINNING: Pairs = frozenset(((EVERY, frozenset((START, "\n"))),))


def heads(pattern: str, groups: Iterable[str], *, ignore_case: bool = False) -> list[tuple[str, str]] | None:
    """The pairs in front of any of `groups`; None where digits may stand there, so that nothing is told by a run of them."""
    found = _read(pattern, groups, ignore_case).found
    if any(second & DIGITS for _, second in found):
        return None
    return sorted(("".join(sorted(first)), "".join(sorted(second))) for first, second in found)


def beginning(pattern: str, groups: Iterable[str]) -> int:
    """How many digits each of `groups` begins with at least; 0 where one may begin with something else."""
    return min(_read(pattern, groups, False).begun, default=0)


def _read(pattern: str, groups: Iterable[str], ignore_case: bool) -> _Reader:
    elements = parsed(pattern, re.IGNORECASE if ignore_case else 0)
    numbers = {elements.state.groupdict[name] for name in groups if name in elements.state.groupdict}
    reader = _Reader(numbers, set(), set())
    reader.through(elements, ANYTHING, bool(elements.state.flags & re.IGNORECASE))
    return reader


@dataclass(frozen=True, slots=True)
class _Reader:
    """Follows a parsed expression; `found` is what stands in front of the groups `numbers`, `begun` the digits in them."""

    numbers: set[int]
    found: set[tuple[Characters, Characters]]
    begun: set[int]

    def through(self, elements: Any, before: Pairs, folded: bool) -> Pairs:
        """What may stand behind `elements` when `before` stands in front of them."""
        for operation, argument in elements:
            handler = getattr(self, f"_{str(operation).lower()}", self._unknown)
            before = handler(argument, before, folded)
            if len(before) > MOST:
                before = ANYTHING
        return before

    def _unknown(self, _argument: Any, _before: Pairs, _folded: bool) -> Pairs:
        """Of an element that this reader does not know nothing is told, nor of a group that may be in it."""
        self.found.update(ANYTHING)
        self.begun.add(0)
        return ANYTHING

    def _consumed(self, characters: Characters, before: Pairs, folded: bool) -> Pairs:
        known = _known(characters, folded)
        return frozenset((second, known) for _, second in before)

    def _literal(self, code: int, before: Pairs, folded: bool) -> Pairs:
        return self._consumed(frozenset(chr(code)), before, folded)

    def _not_literal(self, code: int, before: Pairs, folded: bool) -> Pairs:
        return self._consumed(EVERY - {START, chr(code)}, before, folded)

    def _any(self, _argument: Any, before: Pairs, folded: bool) -> Pairs:
        return self._consumed(EVERY - {START}, before, folded)

    def _in(self, argument: Any, before: Pairs, folded: bool) -> Pairs:
        return self._consumed(members(argument), before, folded)

    def _subpattern(self, argument: Any, before: Pairs, folded: bool) -> Pairs:
        number, added, removed, inner = argument
        if number in self.numbers:
            self.found.update(before)
            self.begun.add(_digits(inner))
        return self.through(inner, before, (folded or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE)

    def _branch(self, argument: Any, before: Pairs, folded: bool) -> Pairs:
        return frozenset(pair for each in argument[1] for pair in self.through(each, before, folded))

    def _max_repeat(self, argument: Any, before: Pairs, folded: bool) -> Pairs:
        """Each time gives a character at least, if any: after a few times nothing new is behind it."""
        least, most, inner = min(int(argument[0]), ENOUGH), int(argument[1]), argument[2]
        behind = frozenset() if least else before
        for times in range(1, min(most, least + ENOUGH) + 1):
            before = self.through(inner, before, folded)
            behind = behind | before if times >= least else behind
        return behind

    _min_repeat = _possessive_repeat = _max_repeat

    def _at(self, argument: Any, before: Pairs, _folded: bool) -> Pairs:
        """The beginning of the text, or of a line."""
        return _both(before, BEGINNING) if str(argument).startswith("AT_BEGINNING") else before

    def _assert(self, argument: Any, before: Pairs, folded: bool) -> Pairs:
        """What is looked back at is what stands there; a group may be in what is looked at in advance."""
        if argument[0] > 0:
            self.through(argument[1], before, folded)
            return before
        return _both(before, self.through(argument[1], ANYTHING, folded))

    def _assert_not(self, argument: Any, before: Pairs, folded: bool) -> Pairs:
        """One character that is not there; what cannot be told of all that are not ASCII is told of none."""
        if argument[0] > 0 or not _single(argument[1]):
            return before
        absent = {c for _, second in self.through(argument[1], ANYTHING, folded) for c in second} - {OTHER}
        return _both(before, frozenset(((EVERY, EVERY - absent),)))


def _digits(elements: Any) -> int:
    """How many digits there are at least, before anything else may come."""
    if not len(elements):
        return 0
    operation, argument = elements[0]
    name = str(operation)
    if name == "BRANCH":
        return min(map(_digits, argument[1]))
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return int(argument[0]) if _digits(argument[2]) else 0
    characters = members(argument) if name == "IN" else frozenset(chr(argument)) if name == "LITERAL" else EVERY
    return 1 + _digits(elements[1:]) if characters <= DIGITS | {OTHER} else 0


def _single(elements: Any) -> bool:
    """Whether what is looked back at is one character."""
    return len(elements) == 1 and str(elements[0][0]) in ("LITERAL", "IN")


def _both(pairs: Pairs, others: Pairs) -> Pairs:
    """What fits a pair of each."""
    kept = ((first & one, second & other) for first, second in pairs for one, other in others)
    return frozenset((first, second) for first, second in kept if first and second)


def _known(characters: Characters, folded: bool) -> Characters:
    """As they are told apart here. A letter in either case may be one that is not ASCII."""
    every = frozenset(v for c in characters for v in (c.lower(), c.upper(), OTHER)) if folded else characters
    return frozenset(c if c.isascii() else OTHER for c in every)


def members(parsed_class: Any, folded: bool = False) -> Characters:
    """The characters of a class."""
    found: set[str] = set()
    negated = False
    for kind, value in parsed_class:
        name = str(kind)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            found.add(chr(value))
        elif name == "RANGE":
            found.update(c for c in ASCII if value[0] <= ord(c) <= value[1])
            found.update(OTHER if value[1] > 127 else ())
        else:
            found.update((OTHER, *filter(re.compile(CLASSES[str(value)]).match, ASCII)))
    known = _known(frozenset(found), folded)
    return EVERY - {START} - (known - {OTHER}) if negated else known


def characters(operation: str, argument: Any, folded: bool) -> Characters | None:
    """The characters of an element that takes one; None of any other."""
    if operation == "LITERAL":
        return members([("LITERAL", argument)], folded)
    if operation == "NOT_LITERAL":
        return members([("NEGATE", None), ("LITERAL", argument)], folded)
    if operation == "ANY":
        return EVERY - {START}
    return members(argument, folded) if operation == "IN" else None
