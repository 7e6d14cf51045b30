"""What is known of languages and of where they write ports: the shelves `rules/languages` and `rules/detect`.

The shelves are YAML, for people. To compile them (`rulefiles`) takes longer than a whole commit hook may, so what comes of that
is kept in the user's cache directory under a name made from the files themselves; it is safe to delete at any time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from portscan import __version__
from portscan.cache.kept import code_stamp, drawers, kept_file, stamp, store_drawers
from portscan.records import dataclass, field, replace
from portscan.resources import folder

if TYPE_CHECKING:
    from importlib.abc import Traversable
    from pathlib import Path

    from portscan.drawers import Drawers

SHELVES = ("languages", "detect")
NAMED_SO = "registered-variable"  # the rule of identifiers that are known to name a port
ASSIGNED = r"(?<![\w$-])(?P<name><<names>>)[\"'`\]]?\s*[=:]\s*[\"'`]?(?P<port>\d{2,5})(?![\w:%]|\.\d|-\w)"
TOLD = ("string", "word", "prose")  # the forms of text in which a name is followed by its value
PLAIN, TRIGGERS = ("languages", "rules", "formats"), "triggers"  # what is kept as a whole, and for each language


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """`languages` by name, and the detection `rules` in the order of their files; both as plain data.

    `triggers` say for each language what a text must hold for any rule to find something in it; a
    language that is not among them is read whatever its texts hold.
    """

    languages: Mapping[str, Mapping[str, Any]]
    rules: tuple[Mapping[str, Any], ...]
    formats: tuple[Mapping[str, Any], ...]
    triggers: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)


class Sought(Mapping[str, "Mapping[str, Any] | None"]):
    """The triggers as they are kept: those of a language are looked at when somebody asks for them."""

    def __init__(self, kept: Drawers) -> None:
        self._kept = kept

    def __getitem__(self, name: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._kept.get((TRIGGERS, name))
        if found is None and (TRIGGERS, name) not in self._kept:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name[1] for name in self._kept if name[0] == TRIGGERS)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Named(Mapping[str, "Mapping[str, Any] | None"]):
    """The same where further words are sought in every language."""

    def __init__(self, known: Mapping[str, Mapping[str, Any] | None], words: tuple[Any, ...]) -> None:
        self._known = known
        self._words = words

    def __getitem__(self, name: str) -> Mapping[str, Any] | None:
        plain = self._known[name]
        return plain and {**plain, "words": (*plain["words"], *self._words)}

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def shelf_files(root: Traversable | Path, shelf: str) -> tuple[Traversable, ...]:
    """The rule files of one shelf, sorted by name."""
    place = root / shelf
    if not place.is_dir():
        return ()
    return tuple(sorted((f for f in place.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name))


def load(extra: Sequence[Path] = ()) -> Knowledge:
    """All knowledge: from the wheel or the cache when it was compiled from these very files, else from the files."""
    from portscan import compiled as wheel

    kept = None if extra else wheel.shipped()
    if kept is None or not _whole(kept):
        stored = kept_file("rules", state(extra))
        kept = drawers(stored)
        if kept is None or not _whole(kept):
            from portscan.rulefiles import compiled

            kept = store_drawers(stored, None, compiled(extra))
    languages, rules, formats = (kept[name] for name in PLAIN)
    return Knowledge(languages, tuple(rules), tuple(formats), Sought(kept))


def _whole(kept: Drawers) -> bool:
    """Whether nothing is damaged without which nothing can be read."""
    return all(kept.bytes_of(name) is not None for name in PLAIN)


def parts_of(rules: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The pieces that patterns share, by name."""
    return {name: piece for rule in rules if rule["match"] == "part" for name, piece in rule["parts"].items()}


def with_parts(pattern: str, parts: Mapping[str, str]) -> str:
    """A pattern with its pieces: `<<name>>` stands for one."""
    for name, piece in parts.items():
        pattern = pattern.replace(f"<<{name}>>", piece)
    return pattern


def naming(known: Knowledge, identifiers: Sequence[str], title: str, file: str) -> Knowledge:
    """The knowledge in which these very identifiers name a port, whatever their words say, also inside a text."""
    about = {"id": NAMED_SO, "title": title, "file": file}
    text = {"pattern": ASSIGNED.replace("<<names>>", "|".join(identifiers)), "quick": tuple(identifiers), "forms": TOLD}
    rules = ({**about, "match": "text", "kind": "named", **text}, {**about, "match": "name", "identifiers": tuple(identifiers)})
    words = tuple((name.lower(), ((name, re.escape(name)),), ()) for name in identifiers)
    return replace(known, rules=(*known.rules, *rules), triggers=Named(known.triggers, words))


@lru_cache(maxsize=1)
def shipped() -> Knowledge:
    """The knowledge that comes with portscan."""
    return load()


def state(extra: Sequence[Path]) -> str:
    """What tells these very rule files, and what compiles them, from others."""
    from portscan import compiled as wheel

    shelves = (file for root in extra for shelf in SHELVES for file in shelf_files(root, shelf))
    own = _state_of_files() if wheel.shipped() is None else (code_stamp(),)
    return "\n".join((__version__, *own, *map(stamp, shelves)))


def _state_of_files() -> Iterator[str]:
    """That of a checkout, in which both may change at any time."""
    from pathlib import Path

    yield from map(stamp, sorted((Path(__file__).parent / "triggers").glob("*.py")))
    yield from (stamp(file) for shelf in SHELVES for file in shelf_files(folder("rules"), shelf))
