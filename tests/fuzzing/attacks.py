"""Texts at which an expression may take longer than their length says, made from the expression itself.

A backtracking engine takes its time where something that repeats is tried again from many places, or in many ways. So for
each repeat of the parsed expression there are texts that lead up to it, go on with what it repeats, and end otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

try:
    from re import _parser as sre  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_parse as sre  # type: ignore[no-redef]

MANY = 16  # a repeat that may go on for so long is worth a try
USUAL = "a7A_ -.:/\"'\n\t=,#({[\\é$<|"
ENDS = ("", "\0", "\n")
CLASSES = {"DIGIT": str.isdigit, "SPACE": str.isspace, "WORD": lambda c: c.isalnum() or c == "_"}
REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


class Attack(NamedTuple):
    """A text of any length: a beginning, what is repeated, and an end."""

    head: str
    piece: str
    tail: str

    def of(self, size: int) -> str:
        """The text of about so many characters."""
        return self.head + self.piece * (size // len(self.piece)) + self.tail


def attacks(pattern: str | bytes, flags: int, draw: Random, rounds: int = 1) -> Iterator[Attack]:
    """Texts for an expression, each once: `rounds` says how often each repeat is drawn another text for."""
    text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
    tree = sre.parse(text, flags)
    alphabet = sorted({*USUAL, *_literals(tree)})
    seen: set[Attack] = set()
    for attack in _drawn(Writer(tree.state.flags, alphabet, draw, {}), tree, rounds):
        if attack.piece and attack not in seen:
            seen.add(attack)
            yield attack


def _drawn(writer: Writer, tree: Any, rounds: int) -> Iterator[Attack]:
    for character in writer.alphabet:
        yield from (Attack("", character, end) for end in ENDS[:2])
    for _ in range(rounds):
        for head, inner in writer.repeats(tree):
            for piece in (writer.text(inner), writer.text(inner)):
                yield from (Attack(head, piece, end) for end in ENDS)
                yield from (Attack("", head + piece, end) for end in ENDS[:2])
                yield from (Attack(head, head + piece, "\0"), Attack("", piece + "\n", ""), Attack("", piece + " ", ""))
        whole = writer.text(tree)
        yield from (Attack("", whole[:length], "") for length in (len(whole), len(whole) - 1, len(whole) // 2))


def _literals(elements: Any) -> Iterator[str]:
    """The characters that an expression names."""
    for operation, argument in elements:
        name = str(operation)
        if name in ("LITERAL", "NOT_LITERAL"):
            yield chr(argument)
        elif name == "IN":
            yield from (
                chr(value if str(kind) == "LITERAL" else value[0]) for kind, value in argument if "CAT" not in str(kind) and value
            )
        for inner in _inner(name, argument):
            yield from _literals(inner)


def _inner(name: str, argument: Any) -> list[Any]:
    """The expressions within an element."""
    if name in REPEATS:
        return [argument[2]]
    found = {"SUBPATTERN": lambda: [argument[3]], "BRANCH": lambda: list(argument[1]), "ATOMIC_GROUP": lambda: [argument]}
    found |= dict.fromkeys(("ASSERT", "ASSERT_NOT"), lambda: [argument[1]])
    found["GROUPREF_EXISTS"] = lambda: [each for each in argument[1:] if each is not None]
    return found.get(name, list)()


class Writer(NamedTuple):
    """Writes texts that a parsed expression matches, or nearly so; `groups` remembers what groups were."""

    flags: int
    alphabet: list[str]
    draw: Random
    groups: dict[int, str]

    def text(self, elements: Any) -> str:
        """A text for a sequence of elements."""
        return "".join(self.one(str(operation), argument) for operation, argument in elements)

    def repeats(self, elements: Any, head: str = "") -> Iterator[tuple[str, Any]]:
        """Every long repeat, with a text that leads up to it."""
        for operation, argument in elements:
            name = str(operation)
            if name in REPEATS and int(argument[1]) >= MANY:
                yield head, argument[2]
            for inner in _inner(name, argument):
                yield from self.repeats(inner, head)
            head += self.one(name, argument)

    def one(self, name: str, argument: Any) -> str:
        """A text for one element."""
        if name in REPEATS:
            least, most = int(argument[0]), int(argument[1])
            times = self.draw.choice((least, least, min(most, max(least, 1)), min(most, least + 1)))
            return "".join(self.text(argument[2]) for _ in range(times))
        if name == "SUBPATTERN":
            self.groups[argument[0]] = self.text(argument[3])
            return self.groups[argument[0]]
        if name == "BRANCH":
            return self.text(self.draw.choice(argument[1]))
        if name in ("ASSERT", "ATOMIC_GROUP"):
            return self.text(argument) if name == "ATOMIC_GROUP" else self._looked(argument)
        return self._character(name, argument)

    def _looked(self, argument: Any) -> str:
        """What is looked back at stands there by itself only now and then."""
        return self.text(argument[1]) if argument[0] < 0 and self.draw.random() < 1 / 2 else ""

    def _character(self, name: str, argument: Any) -> str:
        if name == "LITERAL":
            return chr(argument)
        if name == "GROUPREF":
            return self.groups.get(argument, "")
        if name == "NOT_LITERAL":
            return self.draw.choice([c for c in self.alphabet if ord(c) != argument])
        if name == "ANY":
            return self.draw.choice([c for c in self.alphabet if c != "\n" or self.flags & re.DOTALL])
        return self._member(argument) if name == "IN" else ""

    def _member(self, argument: Any) -> str:
        negated = any(str(kind) == "NEGATE" for kind, _ in argument)
        fitting = [c for c in self.alphabet if any(_fits(c, str(kind), value) for kind, value in argument) != negated]
        return self.draw.choice(fitting or ["a"])


def _fits(character: str, kind: str, value: Any) -> bool:
    if kind == "CATEGORY":
        name = str(value)
        return CLASSES[name.rpartition("_")[2]](character) != ("_NOT_" in name)
    if kind == "RANGE":
        return bool(value[0] <= ord(character) <= value[1])
    return kind == "LITERAL" and ord(character) == value
