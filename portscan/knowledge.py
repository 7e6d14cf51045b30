"""Reads the shelves `rules/languages` and `rules/detect`: what is known of languages and of where they write ports.

The shelves are YAML, for people. Reading them takes longer than a whole commit hook may, so their compiled form is kept
in the user's cache directory under a name made from the files themselves; it is safe to delete at any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portscan import __version__
from portscan.errors import UserError
from portscan.kept import kept_file, loaded, stamp, store
from portscan.resources import folder

if TYPE_CHECKING:
    from importlib.abc import Traversable

SHELVES = ("languages", "detect")
EXAMPLES = ("bad", "good")


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


def documents(extra: Sequence[Path] = ()) -> Iterator[tuple[str, str, Any]]:
    """Every rule file as (shelf, label, document): the shipped ones, then those of the directories in `extra`."""
    for root in (folder("rules"), *extra):
        for shelf in SHELVES:
            for file in shelf_files(root, shelf):
                yield shelf, f"rules/{shelf}/{file.name}", parse(file.read_bytes(), file.name)


def gather(parts: Iterator[tuple[str, str, Any]]) -> dict[str, Any]:
    """Plain data for `Knowledge`, without the examples, ready to be stored."""
    found: dict[str, Any] = {"languages": {}, "rules": [], "formats": []}
    for shelf, label, document in parts:
        if shelf == "languages":
            found["languages"][document["language"]] = {k: v for k, v in document.items() if k not in EXAMPLES}
            found["formats"] += document.get("formats", [])
            continue
        for rule in document["rules"]:
            found["rules"].append({"file": label, **{k: v for k, v in rule.items() if k not in EXAMPLES}})
    return found


def load(extra: Sequence[Path] = ()) -> Knowledge:
    """All knowledge: from the wheel or the cache when it was compiled from these very files, else from the files."""
    from portscan import compiled as wheel

    data = None if extra else wheel.shipped().get("knowledge")
    if data is None:
        stored = kept_file("rules", state(extra))
        data = loaded(stored)
        if data is None:
            data = compiled(extra)
            store(stored, data)
    return Knowledge(data["languages"], tuple(data["rules"]), tuple(data["formats"]), data["triggers"])


def compiled(extra: Sequence[Path]) -> dict[str, Any]:
    """The knowledge in plain form, from the files."""
    from portscan.triggers.pieces import text_needs, triggers

    data = gather(documents(extra))
    data["triggers"] = {name: triggers(data["rules"], entry) for name, entry in data["languages"].items()}
    data["rules"] = text_needs(data["rules"])
    return data


@lru_cache(maxsize=1)
def shipped() -> Knowledge:
    """The knowledge that comes with portscan."""
    return load()


def state(extra: Sequence[Path]) -> str:
    """What tells these very rule files, and what compiles them, from others."""
    compilers = sorted((Path(__file__).parent / "triggers").glob("*.py"))  # they may change between versions, too
    shelves = (file for root in (folder("rules"), *extra) for shelf in SHELVES for file in shelf_files(root, shelf))
    return "\n".join((__version__, *map(stamp, compilers), *map(stamp, shelves)))
