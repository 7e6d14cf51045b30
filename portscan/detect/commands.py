"""Ports on command lines: flags, positional arguments, and programs that run another one.

`rules/detect/*.yaml` says which flag of which program takes a port, and which flags only look so (`mkdir -p`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from portscan.expressions import compiled
from portscan.records import dataclass, field

LONG = compiled(r"--?([A-Za-z][\w.-]*)(?:(=)(.*))?", re.DOTALL)
UNKNOWN, NAMED = "*", "*port*"
Says = Callable[[str], "str | None"]
REDIRECT = compiled(r"\d*[<>]")


@dataclass(frozen=True, slots=True)
class Program:
    """What is known of one program: what its flags and its positional arguments hold.

    A role is `port`, `mapping`, `address`, `list`, `shell` (a command line in one word) or `none`. `runs` tells that
    the words after its own are another command; `skip` is how many positional arguments come before that.
    """

    id: str
    kind: str
    flags: Mapping[str, str]
    positionals: tuple[str, ...]
    rest: str
    runs: bool
    skip: int
    after: frozenset[str]
    least: int


@dataclass(frozen=True, slots=True)
class Slot:
    """Word `index`, from character `start` on, has `role` by the program's entry `rule`."""

    index: int
    start: int
    role: str
    rule: str
    kind: str
    least: int = 1


@dataclass(frozen=True, slots=True)
class Programs:
    """The entries of all programs by name (`docker run` has two words), and `*` for those that are not known.

    Most programs are in no file of a commit: what is known of one is `met` when it is sought.
    """

    by_name: Mapping[str, Sequence[Mapping[str, Any]]]
    deepest: Mapping[str, int]  # how many words the longest name has that begins with a word
    met: dict[str, tuple[Program, ...]] = field(default_factory=dict)

    def slots(self, words: Sequence[str], after: str, says: Says) -> Iterator[Slot]:
        """What the words of one simple command hold, as far as it is known."""
        begin = 0
        while begin < len(words):
            program, used = self._program(words, begin, after, says)
            slots, inner = _arguments(program, words, begin + used, says)
            yield from slots
            if inner is None or inner <= begin:
                return
            begin = inner

    def _program(self, words: Sequence[str], begin: int, after: str, says: Says) -> tuple[Program | None, int]:
        first = words[begin].rsplit("/", 1)[-1]
        names = [first, *words[begin + 1 : begin + self.deepest.get(first, 0)]]
        for depth in range(len(names), 0, -1):
            for program in self._named(" ".join(names[:depth])):
                if not program.after or after in program.after:
                    return program, depth
        unknown = self._named(NAMED if says(first) else UNKNOWN)
        return (unknown[0] if unknown else None), 1

    def _named(self, name: str) -> tuple[Program, ...]:
        """What is known of a program; those entries first that count only behind another one."""
        if name in self.by_name and name not in self.met:
            self.met[name] = tuple(sorted(map(_program, self.by_name[name]), key=lambda program: not program.after))
        return self.met.get(name, ())


def _arguments(program: Program | None, words: Sequence[str], start: int, says: Says) -> tuple[list[Slot], int | None]:
    """The slots among the words of one program, and where the command that it runs begins."""
    slots: list[Slot] = []
    position, i = 0, start
    while i < len(words):
        word = words[i]
        if word.startswith("-") and len(word) > 1 and (not word[1].isdigit() or (program and word in program.flags)):
            found, taken = _flag(program, words, i, says)
            slots += found
            i += taken
            continue
        if ("<" in word or ">" in word) and REDIRECT.match(word):
            i += 1
            continue
        if program and program.runs and position >= program.skip and "=" not in word:
            return slots, i
        if program:
            role = program.positionals[position] if position < len(program.positionals) else program.rest
            if role != "none":
                slots.append(Slot(i, 0, role, program.id, program.kind, program.least))
        position += 1
        i += 1
    return slots, None


def _flag(program: Program | None, words: Sequence[str], i: int, says: Says) -> tuple[list[Slot], int]:
    """The slot that the flag at `i` opens, and how many words it takes."""
    word, flags, least = words[i], program.flags if program else {}, program.least if program else 1
    match = LONG.fullmatch(word)
    name = f"{word.split('=', 1)[0]}"
    role, rule = flags.get(name), program.id if program else ""
    if role is None and match and len(match[1]) > 1:
        by_name = says(match[1])
        role, rule = ("port", by_name) if by_name else (None, rule)
    if role is None and not word.startswith("--"):
        return _attached(program, word, i)
    if role is None:
        return [], 1
    if role.endswith("-maybe"):
        role = role.removesuffix("-maybe") if words[i + 1 : i + 2] and words[i + 1].isdigit() else "switch"
    if match and match[2]:
        return ([Slot(i, match.start(3), role, rule, "flag", least)] if role not in ("none", "switch") else []), 1
    if role == "switch":
        return [], 1
    return ([Slot(i + 1, 0, role, rule, "flag", least)] if role != "none" and i + 1 < len(words) else []), 2


def _attached(program: Program | None, word: str, i: int) -> tuple[list[Slot], int]:
    """`-p8080:80`: the value stands right behind a flag of one letter."""
    role = program.flags.get(word[:2]) if program else None
    if program is None or role in (None, "none", "switch") or len(word) < 3:
        return [], 1
    return [Slot(i, 2, str(role), program.id, "flag", program.least)], 1


def compile_programs(rules: Iterable[Mapping[str, Any]]) -> Programs:
    """The entries of kind `command` among `rules`."""
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for rule in rules:
        if rule["match"] == "command":
            for name in rule["programs"]:
                by_name.setdefault(name, []).append(rule)
    deepest: dict[str, int] = {}
    for name in by_name:
        parts = name.split(" ")
        deepest[parts[0]] = max(deepest.get(parts[0], 0), len(parts))
    return Programs(by_name, deepest)


def _program(rule: Mapping[str, Any]) -> Program:
    return Program(
        id=rule["id"],
        kind=rule.get("kind", "flag"),
        flags={str(k): v for k, v in rule.get("flags", {}).items()},
        positionals=tuple(rule.get("positionals", ())),
        rest=rule.get("rest", "none"),
        runs=bool(rule.get("runs")),
        skip=rule.get("skip", 0),
        after=frozenset(rule.get("after", ())),
        least=rule.get("least", 1),
    )
