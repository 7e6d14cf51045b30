"""What `init` left for a person to decide, in comments above entries: it goes when a change settles it, and follows a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from portscan.records import dataclass
from portscan.registry.editing.notes import CONFLICT, Note, above
from portscan.registry.editing.page import Page, Spot, page
from portscan.registry.model import variable_name

# What is said, of whom, in words that are known again: the port, variable or files of another entry, by its name.
DOUBLED: Final = CONFLICT + "`{}` publishes {} as well"
TAKEN: Final = CONFLICT + "it publishes {} as well, which belongs to `{}`"
READ: Final = CONFLICT + "{} is read for `{}` as well, which keeps it"
CLAIMED: Final = CONFLICT + "{} may be the files of {} as well. Say at one of them with `paths`"
NAME, NAMES, NUMBER, WORD = r"([^`]+)", r"(`[^`]+`(?:, `[^`]+`)*)", r"(\d+)\b", r"(\S+)"


@dataclass(frozen=True, slots=True)
class Held:
    """What an entry has: its main port, all ports that it publishes, its variables and its files."""

    port: str = ""
    ports: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()


Entries = Mapping[str, Held]
Settled = Callable[[re.Match[str], Held, Entries], bool]
NOBODY = Held()


def _moved(said: re.Match[str], own: Held, entries: Entries) -> bool:
    return not said[2] == entries.get(said[1], NOBODY).port == own.port


def _left(said: re.Match[str], _own: Held, entries: Entries) -> bool:
    return said[1] not in entries.get(said[2], NOBODY).ports


def _unread(said: re.Match[str], _own: Held, entries: Entries) -> bool:
    return said[1] not in entries.get(said[2], NOBODY).variables


def _claimed(said: re.Match[str], own: Held, entries: Entries) -> bool:
    others = (entries.get(name, NOBODY) for name in re.findall(NAME, said[2]))
    return any(said[1] in each.paths for each in (own, *others))


RULES: Sequence[tuple[re.Pattern[str], Settled]] = (
    (re.compile(DOUBLED.format(NAME, NUMBER)), _moved),
    (re.compile(TAKEN.format(NUMBER, NAME)), _left),
    (re.compile(READ.format(WORD, NAME)), _unread),
    (re.compile(CLAIMED.format(WORD, NAMES)), _claimed),
)


def settled(before: bytes, after: bytes) -> bytes:
    """A registry `after` a change, without the conflicts that it settled, and with the new name of an entry in the others."""
    text = after.decode("utf-8-sig")
    if CONFLICT not in text:
        return after
    found = page(text)
    named = dict(_renamed(_entries(page(before.decode("utf-8-sig"))), _entries(found)))
    entries = {_name(item): _held(item) for _, item in _entries(found)}
    for dash, item in sorted(_entries(found), key=lambda pair: -pair[0]):
        for note in above(found, dash):
            left = _reworded(text[note.start : note.end], note, _held(item), entries, named)
            text = text[: note.start] + left + text[note.end :]
    return after[: len(after) - len(after.decode("utf-8-sig").encode())] + text.encode()


def _reworded(text: str, note: Note, own: Held, entries: Entries, named: Mapping[str, str]) -> str:
    """A comment as it is to stand there: nothing where it is settled."""
    if not note.conflict:
        return text
    words, text = ("".join(_in_new_words(each, named)) for each in (note.words, text))
    said = ((rule.match(words), done) for rule, done in RULES)
    return "" if any(match and done(match, own, entries) for match, done in said) else text


def _in_new_words(text: str, named: Mapping[str, str]) -> Iterator[str]:
    for part in re.split(r"(`[^`\n]+`)", text):
        yield f"`{named[part[1:-1]]}`" if part[:1] == "`" and part[1:-1] in named else part


def _entries(found: Page) -> Sequence[tuple[int, Spot]]:
    """The entries with the places of their dashes, where they are a list of mappings that stands in lines."""
    services = found.spot(("services",))
    if services is None or services.kind != "list" or services.flow:
        return ()
    return tuple(zip(found.dashes(services), services.children, strict=True))


def _renamed(before: Sequence[tuple[int, Spot]], after: Sequence[tuple[int, Spot]]) -> Iterator[tuple[str, str]]:
    """The old and new names of entries, in a change that neither adds nor removes any."""
    if len(before) == len(after):
        pairs = ((_name(old), _name(new)) for (_, old), (_, new) in zip(before, after, strict=True))
        yield from ((old, new) for old, new in pairs if old != new)


def _held(item: Spot) -> Held:
    """What an entry has, as far as it is written there."""
    values, name = _values(item), _name(item)
    main = _text(values, "port")
    further = {key: _values(port) for key, port in _values(values["ports"]).items()} if "ports" in values else {}
    variables = (_text(port, "env") or variable_name(name, key) for key, port in further.items())
    ports = (_text(port, "port") for port in further.values())
    paths = values["paths"].children if "paths" in values else ()
    return Held(
        main,
        frozenset(filter(None, (main, *ports))),
        frozenset((_text(values, "env") or variable_name(name), *variables)),
        frozenset(each.text for each in paths),
    )


def _name(item: Spot) -> str:
    return _text(_values(item), "name")


def _values(item: Spot) -> dict[str, Spot]:
    return {key.text: value for key, value in item.pairs} if item.kind == "map" else {}


def _text(values: Mapping[str, Spot], key: str) -> str:
    """The text of a value; of one that is written elsewhere, nothing is known."""
    return values[key].text if key in values else ""
