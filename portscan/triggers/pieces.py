"""What a text in a language must hold for any rule to find a port in it. It follows from the rules alone.

Every rule gives its share: a pattern the pieces it needs, a name its words, a key path or a function its names. A rule of
which nothing telling follows makes every text of its languages worth reading, so that no port is ever lost by this.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from portscan.expressions import compiled
from portscan.triggers.addresses import ADDRESS, ALL, KEY, LONE, PATH, WORDED, address, claimed
from portscan.triggers.commands import COMMANDING, command_needs, flags_together
from portscan.triggers.covering import Chosen, shortest
from portscan.triggers.endings import runs_on
from portscan.triggers.grouping import grouped
from portscan.triggers.heads import beginning, heads
from portscan.triggers.needs import needs
from portscan.triggers.spelling import TWO_DIGITS, WITHOUT_CALLS, before_comma, called, compared, escaped, key_of, named, together
from portscan.triggers.words import name_needs

JOINTS = " ,();\n\t"  # what is in front of a value is put together anew at these
TUPLE = r"\(tuple$"  # what readers write behind a function that is handed a tuple
NAME = "(?P<name>"  # such a group must say port, and the words of the names are sought anyway
SILENT = frozenset(("none", "text"))
PLAIN = compiled(r"(?:[^\\.^$*+?{}\[\]|()]|\\[^\w])+")
BEFORE_COMMA = r"\s*,\s*"
FEW = 16  # pieces that are sought in a text before a pattern is
LISTED = r"-(?<=[\s\[,]-)-?[A-Za-z]"

# Keys of a language, and what opens a text in another language there.
NESTING = {"fences": ("```", "~~~"), "scripts": ("<script",), "heredocs": (r"<<[-~]?[ \t]*[\"']?\w",)}
# Readers to whom the elements of a list are bare words; the escapes that one of them takes away from the letters of a key.
BARE = {"yaml": (LISTED, r"\\[xuU]", r"\\\r?\n"), "lines": (LISTED,)}
COLON = compiled(r":(?=[\[\d])(?:\[[0-9-]+\](?:\{\d,\d\})?|[\d:])+")  # a piece that is no more than a colon and digits
PORT = compiled(r"\(\?P<port>\\d\{(\d),(\d)\}")

Rule = Mapping[str, Any]


def triggers(rules: Sequence[Rule], language: Mapping[str, Any]) -> dict[str, Any] | None:
    """The triggers for `language`, an entry of its shelf, in plain form; None when something may always be found."""
    contexts = () if language["reader"] in COMMANDING else _quiet(rules, language)  # commands are handed any address
    pieces = pieces_for(rules, language, contexts)
    digits = r"\d\d" if language["reader"] in TWO_DIGITS else "[1-9]"
    passed_over = {"keyed": KEY in contexts, "lone": LONE in contexts, "pathed": PATH in contexts}
    return None if pieces is None else {**grouped(pieces), "digits": digits, "address": address(contexts), **passed_over}


def meant_for(rule: Rule, language: Mapping[str, Any]) -> bool:
    """Whether a rule counts in a language: the triggers of the others do without it."""
    names = {language["language"], *(("shell",) if language["reader"] in COMMANDING else ())}
    dialects = {entry["dialect"] for entry in language.get("formats", ())}
    return (
        not names.isdisjoint(rule.get("languages", names))
        and not names.issubset(rule.get("except_languages", ()))
        and (not rule.get("dialects") or not dialects.isdisjoint(rule["dialects"]))
    )


def pieces_for(rules: Sequence[Rule], language: Mapping[str, Any], contexts: Collection[str] = ()) -> list[str] | None:
    """The pieces of which a text must hold one for any rule to find something in it, if not an address outside of `contexts`."""
    parts = _parts(rules)
    nesting = (piece for key, pieces in NESTING.items() if language.get(key) for piece in pieces)
    chosen = Chosen((*together(language["reader"]), *nesting, *BARE.get(language["reader"], ())))
    for rule in sorted(rules, key=lambda rule: rule["match"] != "name"):
        shares = _shares(rule, parts, language)
        if not shares:
            return None
        strays = not _claimed(rule, parts, language).isdisjoint(contexts)
        new = [[piece for piece in share if not chosen.covers(piece, addresses=not strays)] for share in shares]
        if [] not in new:
            chosen.add(_narrow(_best(new) if strays else _first(rule, new), () if strays else contexts))
    return flags_together(shortest(chosen))


def _quiet(rules: Sequence[Rule], language: Mapping[str, Any]) -> tuple[str, ...]:
    """The contexts in which an address is passed over: no rule claims one there that is sought by nothing but an address."""
    parts = _parts(rules)
    addressed = (rule for rule in rules if rule["match"] == "text" and all(map(_bare, _shares(rule, parts, language))))
    claims = [_claimed(rule, parts, language) for rule in addressed]
    return tuple(name for name in ALL if not any(name in each for each in claims))


def _claimed(rule: Rule, parts: Mapping[str, str], language: Mapping[str, Any]) -> frozenset[str]:
    """The contexts of addresses in which a rule may find a port. Of what is no text it is known that it does not look there."""
    if rule["match"] != "text":
        return frozenset()
    pattern = _whole(rule, parts)
    found = claimed(pattern, language["reader"], ignore_case=bool(rule.get("ignore_case")))
    return found | {WORDED} if runs_on(pattern) else found


def _bare(share: Sequence[str]) -> bool:
    """Whether one of the pieces is no more than a colon and digits."""
    return any(map(COLON.fullmatch, share))


def _best(shares: Sequence[Sequence[str]]) -> Sequence[str]:
    """The most telling of the shares: no colon and digits alone if that can be helped, but such with something in front."""
    return max(shares, key=lambda s: (not _bare(s), s[0][:1] != ":", all(ADDRESS in piece for piece in s), min(map(len, s))))


def _first(rule: Rule, shares: Sequence[Sequence[str]]) -> Sequence[str]:
    """The first of the shares, which is the most telling; of those of a command the one with the fewest pieces."""
    return min(shares, key=len) if rule["match"] == "command" else shares[0]


def _narrow(share: Sequence[str], contexts: Collection[str]) -> Sequence[str]:
    """The pieces; a colon and digits only outside of `contexts`."""
    return [address(contexts, piece) if COLON.fullmatch(piece) else piece for piece in share]


def text_needs(rules: Sequence[Rule]) -> list[Rule]:
    """The rules; those for texts with the pieces (`needs`) of which a text holds one wherever they find something.

    Their `heads` are what may stand in front of the digits that they claim.
    """
    parts = _parts(rules)
    return [{**rule, **_told(rule, parts)} if rule["match"] == "text" else rule for rule in rules]


def _told(rule: Rule, parts: Mapping[str, str]) -> Mapping[str, Any]:
    """What the pattern of a rule for texts tells of the texts that it matches."""
    pattern, folded = _whole(rule, parts), bool(rule.get("ignore_case"))
    found = None if rule.get("mapping") else heads(pattern, ("port", "last"), ignore_case=folded)
    several = found is None  # then it claims other digits than those that its group begins with
    least = beginning(pattern, ("port",) if several else ("port", "last"))
    if several and least:
        found = heads(pattern, ("port",), ignore_case=folded)
    return {"needs": _text_needs(rule, parts), "heads": found, "several": several, "digits": max(least, 1)}


def _whole(rule: Rule, parts: Mapping[str, str]) -> str:
    """The pattern of a rule, with the shared pieces in it."""
    pattern = str(rule["pattern"])
    for name, piece in parts.items():
        pattern = pattern.replace(f"<<{name}>>", piece)
    return pattern


def _text_needs(rule: Rule, parts: Mapping[str, str]) -> Sequence[str]:
    found = [share for share in _pattern_needs(rule, parts) if len(share) <= FEW]  # to seek many takes longer than the pattern
    return next((share for share in found if all(ADDRESS in piece for piece in share)), found[0] if found else ("",))


def _parts(rules: Sequence[Rule]) -> Mapping[str, str]:
    return {name: piece for rule in rules if rule["match"] == "part" for name, piece in rule["parts"].items()}


def _shares(rule: Rule, parts: Mapping[str, str], language: Mapping[str, Any]) -> Sequence[tuple[str, ...]]:
    """Sets of pieces one of which is enough for one rule: an empty set when it finds nothing here, or nothing by itself."""
    nothing: Sequence[tuple[str, ...]] = ((),)
    if not meant_for(rule, language):
        return nothing
    kind = rule["match"]
    if kind == "name":
        found = name_needs(rule)
        return () if found is None else (named(found, language["reader"]),)
    if kind == "path":
        return _path(rule, language["reader"])
    if kind in ("call", "before") and language["reader"] in WITHOUT_CALLS:
        return nothing
    if kind == "call":
        return nothing if rule.get("named") else _call(rule["callee"], language["reader"])
    if kind == "before":
        return nothing if NAME in rule["pattern"] else _before(rule["pattern"], language["reader"])
    if kind == "command":
        return command_needs(rule, language["reader"])
    if kind == "expansion":
        return [escaped(share, language["reader"]) for share in _expansion(rule["opening"])]
    return [escaped(share, language["reader"]) for share in _text(rule, parts)] if kind == "text" else nothing


def _before(pattern: str, reader: str) -> Sequence[tuple[str, ...]]:
    """What stands in front of a value. A comma behind it is there in the source as well, if not right behind it."""
    if not pattern.endswith(BEFORE_COMMA):
        return needs(pattern, apart=JOINTS)
    found = needs(pattern.removesuffix(BEFORE_COMMA) + "$", apart=JOINTS, named=True)
    return [before_comma(share, reader) for share in found]


def _expansion(opening: str) -> Sequence[tuple[str, ...]]:
    """An expansion tells something by itself only behind a colon. It is short enough to be sought as it is."""
    if "(?=" in opening:
        return needs(f":{opening}")
    return ((f":{opening.replace('(?P<variable>', '(?:')}",),)


def _call(callee: str, reader: str) -> Sequence[tuple[str, ...]]:
    alone = callee.removesuffix(TUPLE) + "$" if callee.endswith(TUPLE) else callee
    return [called(share, reader) for share in needs(alone, named=True)]


def _text(rule: Rule, parts: Mapping[str, str]) -> Sequence[tuple[str, ...]]:
    if rule["kind"] == "none" or NAME in rule["pattern"]:
        return ((),)
    found = _pattern_needs(rule, parts)
    return [*found, *needs(rule["where"])] if "where" in rule else found


def _pattern_needs(rule: Rule, parts: Mapping[str, str]) -> Sequence[tuple[str, ...]]:
    pattern, quick = _whole(rule, parts), rule.get("quick", "")
    if "(?P<last>" not in pattern:  # no port begins with a nought
        pattern = PORT.sub(lambda m: rf"(?P<port>[1-9]\d{{{int(m[1]) - 1},{int(m[2]) - 1}}}", pattern)
    also = (quick,) if isinstance(quick, str) else tuple(quick)
    return needs(pattern, ignore_case=bool(rule.get("ignore_case")), also=also)


def _path(rule: Rule, reader: str) -> Sequence[tuple[str, ...]]:
    """A key of each path. What is found at a place of which no rule knows anything is found by its own text."""
    if rule["role"] in SILENT:
        return ((),)
    found = tuple(key_of(path, reader) for path in rule["paths"])
    return ((*found, *compared(rule["paths"], reader)),) if all(found) else ()
