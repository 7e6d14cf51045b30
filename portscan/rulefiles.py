"""Compiles the shelves `rules/languages` and `rules/detect`: from YAML, for people, to the plain data of `knowledge`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from portscan.errors import UserError
from portscan.knowledge import SHELVES, TRIGGERS, parts_of, shelf_files, shipped, with_parts
from portscan.resources import folder
from portscan.tuples import NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

PARTS = {"languages": "language", "detect": "detection"}  # of the rule schema
EXAMPLES = ("bad", "good")
FINDS = {"text": "port", "lookup": "variable", "expansion": "variable"}  # the group that a kind of rule is about
ROLES = ("port", "list", "mapping", "address", "address-or-mapping", "upstream", "forward", "text", "none")
ARGUMENTS = "arguments"  # words of a command without its program
OF_FLAGS = ("switch", "port-maybe")
EXPRESSIONS = ("pattern", "opening", "callee", "compound", "where", "unless")


def parse(data: bytes, label: str) -> Any:
    """The document of one rule file; an unreadable one is a `UserError` that names it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe").load(data.decode("utf-8"))  # by its C library, where there is one
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


def compiled(extra: Sequence[Path]) -> dict[Any, Any]:
    """The knowledge in plain form, from the files; what is sought for each language by itself."""
    from portscan.triggers.pieces import text_needs, triggers

    data = gather(documents(extra))
    further = [rule for rule in data["rules"] if rule.get("further")]
    for rule in further:
        _compilable(rule, data["rules"])
        _telling(rule, data["languages"])
    known = untouched(data["languages"], further) if extra else {}
    sought = {
        (TRIGGERS, name): known[name] if name in known else triggers(data["rules"], entry)
        for name, entry in data["languages"].items()
    }
    return {**data, "rules": text_needs(data["rules"]), **sought}


def untouched(languages: Mapping[str, Any], further: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The triggers of the languages for which further rules change nothing: to work out all of them takes seconds."""
    from portscan.triggers.pieces import meant_for

    own = shipped()
    alike = (name for name, entry in own.languages.items() if languages[name] == entry)
    if any(rule["match"] == "part" for rule in further):  # it may stand in any pattern
        return {}
    return {name: own.triggers[name] for name in alike if not any(meant_for(rule, languages[name]) for rule in further)}


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
