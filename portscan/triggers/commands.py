"""What a text must hold for a rule about commands: a program with digits behind it, or a flag that is handed some.

Readers of commands take no escapes from letters, so that programs and flags stand in the source as they are, and behind them,
on the same line, the digits. Where a text is open at its end, or the line goes on, nobody looks further.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from portscan.expressions import compiled

Rule = Mapping[str, Any]

# Readers to whom every line may be a command, and what is in a command is shell.
COMMANDING = frozenset(("shell", "dockerfile", "directives", "procfile", "make"))
# What may be found in a word by itself: in commands what any command holds, in front of a port that has a host a colon.
WITHOUT_PORT = frozenset(("none", "text", "switch", "shell", "upstream"))
PORTS = frozenset(("port", "port-maybe", "mapping", "address", "address-or-mapping", "list", "forward"))
ANYWHERE = frozenset(("*", "*port*"))  # programs of any name; what says port is sought anyway
SHORT = frozenset(("port", "mapping"))  # what stands in for a variable there has any number of digits

# The edges of a program and of a flag; in front of a recipe of Make there may be a dash. Marks may be around both.
BEGINNING, OF_MAKE, ENDING = r"\w.$=-", r"\w.$=", r"(?=[\"'\\\s,\[\]])"
FLAG = r"\-(?<![\w-]\-)"
MARKS, BLANKS = r"[\"'\\]*", r"[^\S\n]*"
CALLED = compiled(rf"({re.escape(FLAG)})?((?:\\.|[\w-])+)(?:{re.escape(MARKS)}|\(\?<!\[.*?\]\2\){re.escape(ENDING)})")
# Digits in a word are ports at its beginning or behind one of these signs, and behind a dash as what stands in for a variable.
TELLING = r"\s:,;|\[\](){}\"'`="
ATTACHED, REDIRECTED = r"(?<=-[A-Za-z])", "(?![<>])"
# What ends a command where a shell reads it. Longer lines are not looked through, and take a text to be worth it.
ENDS = {"dockerfile": "", "directives": ""}
OF_SHELL, FAR = "();&|", 500
# A mark behind backslashes may be that of a text within a text.
ESCAPE, ODD = r"\\+(?:[^\"'`$\\\r\n]|(?=\$))", r"\\+(?:[\"'`\r\n]|\Z)"
BARE, VARIABLE = r"\$(?![({])", r"\$\{(?:\w+|(?!\w+\})[^{}\"'`\\\n0-9]*)\}"


def command_needs(rule: Rule, reader: str) -> Sequence[tuple[str, ...]]:
    """The shares of a rule about commands: its flags where these are enough, and its programs."""
    if reader not in COMMANDING:
        return ((),)
    flags = {flag: role for flag, role in rule.get("flags", {}).items() if role not in WITHOUT_PORT}
    places = {role for role in (*rule.get("positionals", ()), rule.get("rest", "none")) if role not in WITHOUT_PORT}
    roles = {*flags.values(), *places}
    if not roles <= PORTS:
        return ()  # another language
    behind = _digits(reader, 1 if roles & SHORT else rule.get("least", 1))
    called = tuple(_program(word, reader) + behind for word in _words(rule))
    if places:
        return [called]
    handed = tuple(f"{FLAG}{re.escape(flag[1:])}{_handed(reader)}" for flag in flags)
    return [handed] if ANYWHERE.intersection(rule["programs"]) else [handed, called]


@lru_cache(maxsize=4096)
def called_in(piece: str) -> str:
    """The program or the flag that a piece is about; nothing where it is about none."""
    found = CALLED.match(piece)
    return re.sub(r"\\(.)", r"\1", f"{'-' if found[1] else ''}{found[2]}") if found else ""


def flags_together(pieces: Sequence[str]) -> list[str]:
    """The pieces, those for flags as one: what flags are handed is written alike."""
    flags = [found for piece in pieces if (found := CALLED.match(piece)) and found[1]]
    if not flags:
        return list(pieces)
    names, handed = "|".join(found[2] for found in flags), flags[0].string[flags[0].end(2) :]
    return [*(piece for piece in pieces if not piece.startswith(FLAG)), f"{FLAG}(?:{names}){handed}"]


def _words(rule: Rule) -> Sequence[str]:
    """The programs of a rule, each by one of its words: as few as may be."""
    names = [name.split(" ") for name in rule["programs"] if name not in ANYWHERE]
    fewest = min({max(words, key=len) for words in names}, {words[0] for words in names}, key=len)
    return sorted(fewest)


def _program(word: str, reader: str) -> str:
    """A program, up to what is handed to it."""
    edge = OF_MAKE if reader == "make" else BEGINNING
    return f"{re.escape(word)}(?<![{edge}]{re.escape(word)}){ENDING}{MARKS}"


@lru_cache
def _digits(reader: str, least: int) -> str:
    """So many digits behind a program, where there may be a port."""
    return _within("\\n", reader, rf"(?:(?<=[{TELLING}])|{ATTACHED})[0-9]{{{least}}}{REDIRECTED}", least)


@lru_cache
def _handed(reader: str) -> str:
    """Digits in the word behind a flag, or in that itself."""
    further = _within(r"\s", reader, rf"(?<=[{TELLING}])[0-9]{REDIRECTED}", 1)
    return rf"{MARKS}{BLANKS}[=,]?{BLANKS}(?:{MARKS}[+*]?:?[0-9]{REDIRECTED}|{further})"


def _within(end: str, reader: str, sought: str, least: int) -> str:
    """What is `sought` in front of an `end`; or a text there that is not closed, or holds digits where there may be a port.

    Directives stand on one line, whatever is in them.
    """
    if reader == "directives":
        return rf"(?:[^\n]{{{FAR}}}|[^\n]*(?:{sought}|\$\{{\w+:?-{MARKS}[0-9]))"
    fewer = rf"[0-9]{{1,{least - 1}}}(?![0-9])"  # than count; where there are no more in the rest, that is not worth it
    number = rf"(?<![{TELLING}-])[0-9]" + (rf"|(?<=[{TELLING}-]){fewer}" if least > 1 else "")
    unless = rf"(?![^0-9]{{0,999}}(?:{fewer}[^0-9]{{0,99}}){{0,9}}\Z)" if least > 1 else ""
    texts = _texts(number)
    closed = "|".join(opening + rest for opening, rest in texts.items())
    opened = "|".join((*(f"{opening}(?!{rest})" for opening, rest in texts.items()), "`", ODD))
    run = _run(rf"[^{end}{ENDS.get(reader, OF_SHELL)}\"'`\\$]", BARE, ESCAPE, r"&(?=[>\d])", closed)
    return rf"(?:[^\n]{{{FAR}}}|{run}(?:{sought}|(?:{opened}){unless}))"


def _texts(number: str) -> Mapping[str, str]:
    """By what opens a text how it goes on and ends on its line, with no digits in it but each `number`."""
    plain = ('"' + _run(r"[^\"\\\n`(0-9]", number) + '"', "'" + _run(r"[^'\\\n0-9]", number) + "'")
    command = _run(r"[^()\"'`\\\n0-9]", number, *plain) + r"\)"
    double = _run(r"[^\"\\\n`$0-9]", BARE, VARIABLE, rf"\$\({command}", ESCAPE, number) + '"'
    single = _run(r"[^'\\\n0-9]", ESCAPE, number) + "'"
    return {'"': double, "'": single, r"\$\(": command, r"\$\{": VARIABLE.removeprefix(r"\$\{")}


def _run(characters: str, *others: str) -> str:
    """Any number of some characters, and of others between them."""
    return f"{characters}*(?:(?:{'|'.join(others)}){characters}*)*"
