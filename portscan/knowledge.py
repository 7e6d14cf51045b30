"""Reads the shelves `rules/languages` and `rules/detect`: what is known of languages and of where they write ports.

The shelves are YAML, for people. Reading them takes longer than a whole commit hook may, so their compiled form is kept
in the user's cache directory under a name made from the files themselves; it is safe to delete at any time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

from portscan import __version__
from portscan.cache.kept import code_stamp, drawers, kept_file, stamp, store_drawers
from portscan.errors import UserError
from portscan.records import dataclass, field, replace
from portscan.resources import folder
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from importlib.abc import Traversable
    from pathlib import Path

    from portscan.drawers import Drawers

SHELVES = ("languages", "detect")
PARTS = {"languages": "language", "detect": "detection"}  # of the rule schema
EXAMPLES = ("bad", "good")
FINDS = {"text": "port", "lookup": "variable", "expansion": "variable"}  # the group that a kind of rule is about
ROLES = ("port", "list", "mapping", "address", "address-or-mapping", "upstream", "forward", "text", "none")
ARGUMENTS = "arguments"  # words of a command without its program
OF_FLAGS = ("switch", "port-maybe")
NAMED_SO = "registered-variable"  # the rule of identifiers that are known to name a port
ASSIGNED = r"(?<![\w$-])(?P<name><<names>>)[\"'`\]]?\s*[=:]\s*[\"'`]?(?P<port>\d{2,5})(?![\w:%]|\.\d|-\w)"
TOLD = ("string", "word", "prose")  # the forms of text in which a name is followed by its value
PLAIN, TRIGGERS = ("languages", "rules", "formats"), "triggers"  # what is kept as a whole, and for each language
EXPRESSIONS = ("pattern", "opening", "callee", "compound", "where", "unless")


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


def parse(data: bytes, label: str) -> Any:
    """The document of one rule file; an unreadable one is a `UserError` that names it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(data.decode("utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{label} cannot be read as YAML: {str(error).splitlines()[0]}", "Mend the file.") from None


class Shelved(NamedTuple):
    """A rule file: where it stands, what it says, and its label again in `further` when it did not come with portscan."""

    shelf: str
    label: str
    document: Any
    further: str = ""


def documents(extra: Sequence[Path] = ()) -> Iterator[Shelved]:
    """Every rule file: the shipped ones, then those of the directories in `extra`.

    The latter are held against the rule schema; one that does not fit is a `UserError`. Of the shipped ones the tests see to it.
    """
    for shelf in SHELVES:
        for file in shelf_files(folder("rules"), shelf):
            yield Shelved(shelf, f"rules/{shelf}/{file.name}", parse(file.read_bytes(), file.name))
    for root, shelf in product(extra, SHELVES):
        for found in shelf_files(root, shelf):
            from portscan.document.fitting import fitting

            label = f"{root.name}/{shelf}/{found.name}"
            yield Shelved(shelf, label, fitting(root / shelf / found.name, label, PARTS[shelf]), label)


def gather(parts: Iterable[Shelved]) -> dict[str, Any]:
    """Plain data for `Knowledge`, without the examples, ready to be stored."""
    found: dict[str, Any] = {"languages": {}, "rules": [], "formats": []}
    for shelf, label, document, further in parts:
        mark = {"further": further} if further else {}
        if shelf == "languages":
            found["languages"][document["language"]] = {k: v for k, v in document.items() if k not in EXAMPLES}
            found["formats"] += ({"id": document["language"], **entry, **mark} for entry in document.get("formats", []))
            continue
        for rule in document["rules"]:
            found["rules"].append({"file": label, **{k: v for k, v in rule.items() if k not in EXAMPLES}, **mark})
    return found


def load(extra: Sequence[Path] = ()) -> Knowledge:
    """All knowledge: from the wheel or the cache when it was compiled from these very files, else from the files."""
    from portscan import compiled as wheel

    kept = None if extra else wheel.shipped()
    if kept is None or not _whole(kept):
        stored = kept_file("rules", state(extra))
        kept = drawers(stored)
        if kept is None or not _whole(kept):
            kept = store_drawers(stored, None, compiled(extra))
    languages, rules, formats = (kept[name] for name in PLAIN)
    return Knowledge(languages, tuple(rules), tuple(formats), Sought(kept))


def _whole(kept: Drawers) -> bool:
    """Whether nothing is damaged without which nothing can be read."""
    return all(kept.bytes_of(name) is not None for name in PLAIN)


def compiled(extra: Sequence[Path]) -> dict[Any, Any]:
    """The knowledge in plain form, from the files; what is sought for each language by itself."""
    from portscan.triggers.pieces import text_needs, triggers

    data = gather(documents(extra))
    for rule in data["rules"]:
        if rule.get("further"):
            _compilable(rule, data["rules"])
            _telling(rule, data["languages"])
    sought = {(TRIGGERS, name): triggers(data["rules"], entry) for name, entry in data["languages"].items()}
    return {**data, "rules": text_needs(data["rules"]), **sought}


def _compilable(rule: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> None:
    """Whether a further rule makes expressions; those of a text do so only with their pieces filled in."""
    try:
        groups = {key: re.compile(with_parts(rule[key], parts_of(rules))).groupindex for key in EXPRESSIONS if key in rule}
    except (re.error, OverflowError, RecursionError) as error:
        raise UserError(f"{rule['further']}: the rule `{rule['id']}` has a pattern that is none: {error}", "Mend it.") from None
    group = FINDS.get(rule["match"])
    if group and not any(group in held for held in groups.values()):
        raise UserError(f"{rule['further']}: the rule `{rule['id']}` finds no {group}", f"Call a group of it `{group}`.")


def _telling(rule: Mapping[str, Any], languages: Iterable[str]) -> None:
    """Whether a further rule says only what is known of what stands at a place."""
    for role in strange_roles(rule, languages):
        says = f"Write one of {', '.join(ROLES)}, for a flag also {' or '.join(OF_FLAGS)}, or the name of a language."
        raise UserError(f"{rule['further']}: the rule `{rule['id']}` says `{role}`, which is no role", says)


def strange_roles(rule: Mapping[str, Any], languages: Iterable[str]) -> tuple[str, ...]:
    """What a rule calls a role, and is neither one nor a language."""
    known = {*ROLES, ARGUMENTS, *languages}
    placed = (*rule.get("positionals", ()), *(rule[key] for key in ("role", "rest") if key in rule))
    flagged = (role for role in rule.get("flags", {}).values() if role not in OF_FLAGS)
    return tuple(role for role in (*placed, *flagged) if role not in known)


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
