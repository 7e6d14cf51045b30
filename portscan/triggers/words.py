"""How the words of a rule about names are sought in a whole text: `port`, `httpPort`, `SERVERPORT`, but not `import`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from string import ascii_lowercase
from typing import Any

from portscan.triggers.needs import parsed

MOST = 400


def name_needs(rule: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Pieces of which every text with a name that `rule` reads as a port holds one; None when there are too many."""
    compounds = written_out(parsed(rule["compound"])) if "compound" in rule else []
    if compounds is None:
        return None
    words = sorted({*rule["words"], *compounds})
    needed: list[str] = []
    for core in _cores(words):
        halves = {tuple(word.split(core, 1)) for word in words if core in word}
        needed += _in_every_case(core, {h[0] for h in halves}, {h[1] for h in halves})
    return tuple(needed)


def _cores(words: Iterable[str]) -> list[str]:
    """The shortest words; every other one holds one of them."""
    cores: list[str] = []
    for word in sorted(words, key=len):
        if not any(core in word for core in cores):
            cores.append(word)
    return cores


def _in_every_case(core: str, beginnings: Iterable[str], endings: Iterable[str]) -> Iterator[str]:
    """`core` as a word, or in a compound with one of `beginnings` and `endings`: in lower case, capital, upper."""
    lower = "|".join((rf"(?<![A-Za-z]{core})|(?<=\\[nrt]{core})", *(f"(?<={_first(b)}{core})" for b in sorted(beginnings) if b)))
    upper = "|".join((rf"(?<![A-Z]{core.upper()})", *(f"(?<={(b + core).upper()})" for b in sorted(beginnings) if b)))
    end = f"(?:{'|'.join(map(re.escape, sorted(endings, reverse=True)))})(?![a-z])"
    others = ascii_lowercase.translate(dict.fromkeys(map(ord, {"n", "r", "t", *(b[-1] for b in beginnings if b)})))
    yield f"{core}(?<![{others}]{core})(?:{lower}){end}"  # most are told by one letter: `import`, `export`
    yield core.capitalize() + end
    yield f"{core.upper()}(?:{upper}){end.replace('(?![a-z])', '').upper()}(?![a-z])(?![A-Z](?![a-z]))"


def _first(beginning: str) -> str:
    """A beginning that may stand with a capital letter."""
    return f"[{beginning[0]}{beginning[0].upper()}]{re.escape(beginning[1:])}"


def written_out(expression: Any) -> list[str] | None:
    """Every text that a parsed expression of plain letters, choices and options matches; None where it is not that plain."""
    texts = [""]
    for operation, argument in expression:
        further = _written_out(str(operation), argument)
        if further is None or len(texts) * len(further) > MOST:
            return None
        texts = [a + b for a, b in product(texts, further)]
    return texts


def _written_out(operation: str, argument: Any) -> list[str] | None:
    if operation == "LITERAL":
        return [chr(argument)]
    if operation == "SUBPATTERN":
        return written_out(argument[3])
    if operation == "BRANCH":
        every = [written_out(each) for each in argument[1]]
        return None if None in every else [text for texts in every if texts for text in texts]
    if operation == "IN" and all(str(kind) == "LITERAL" for kind, _ in argument):
        return [chr(value) for _, value in argument]
    if operation == "MAX_REPEAT" and argument[0] == 0 and argument[1] == 1:
        inner = written_out(argument[2])
        return None if inner is None else ["", *inner]
    return None
