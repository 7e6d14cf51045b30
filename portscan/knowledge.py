"""Reads the shelves `rules/languages` and `rules/detect`: what is known of languages and of where they write ports.

The shelves are YAML, for people. Reading them takes longer than a whole commit hook may, so their compiled form is kept
in the user's cache directory under a name made from the files themselves; it is safe to delete at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portscan import __version__
from portscan.errors import UserError
from portscan.resources import folder

if TYPE_CHECKING:
    from importlib.abc import Traversable

SHELVES = ("languages", "detect")
EXAMPLES = ("bad", "good")


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """`languages` by name, and the detection `rules` in the order of their files; both as plain data.

    `triggers` are for each language the pieces of which a text must hold one for any rule to find something in it; a
    language that is not among them is read whatever its texts hold.
    """

    languages: Mapping[str, Mapping[str, Any]]
    rules: tuple[Mapping[str, Any], ...]
    formats: tuple[Mapping[str, Any], ...]
    triggers: Mapping[str, Sequence[str] | None] = field(default_factory=dict)


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
    """All knowledge: from the cache when it was compiled from these very files, else from the files."""
    stored = cache_file(extra)
    data = _read(stored)
    if data is None:
        from portscan.triggers import text_needs, triggers

        data = gather(documents(extra))
        data["triggers"] = {name: triggers(data["rules"], entry) for name, entry in data["languages"].items()}
        data["rules"] = text_needs(data["rules"])
        _write(stored, data)
    return Knowledge(data["languages"], tuple(data["rules"]), tuple(data["formats"]), data["triggers"])


@lru_cache(maxsize=1)
def shipped() -> Knowledge:
    """The knowledge that comes with portscan."""
    return load()


def cache_directory() -> Path:
    """Where compiled data is kept between runs: `PORTSCAN_CACHE_DIR`, else the user's cache directory."""
    explicit = os.environ.get("PORTSCAN_CACHE_DIR")
    if explicit:
        return Path(explicit)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path("~").expanduser() / ".cache")
    return Path(base) / "portscan"


def cache_file(extra: Sequence[Path]) -> Path | None:
    """The file that holds the compiled form of exactly these rule files; None when there is no home to keep it in."""
    digest = hashlib.sha256(__version__.encode())
    for module in sorted((Path(__file__).parent / "triggers").glob("*.py")):  # what compiles may change between versions, too
        digest.update(_stamp(module).encode())
    for root in (folder("rules"), *extra):
        for shelf in SHELVES:
            for file in shelf_files(root, shelf):
                digest.update(_stamp(file).encode())
    try:
        return cache_directory() / f"rules-{digest.hexdigest()[:24]}.json"
    except RuntimeError:
        return None


def code_stamp() -> str:
    """The state of portscan's own code: its version, or in a checkout, where it changes between versions, that of its files."""
    package = Path(__file__).parent
    if (package / "_data").is_dir():
        return __version__
    digest = hashlib.sha256()
    for folder_, folders, names in os.walk(package):
        folders[:] = (name for name in folders if name != "__pycache__")
        for name in sorted(names):
            digest.update(_stamp(Path(folder_, name)).encode())
    return digest.hexdigest()[:16]


def _stamp(file: Traversable) -> str:
    if not isinstance(file, Path):
        return f"{file.name}:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    state = file.stat()
    return f"{file}:{state.st_size}:{state.st_mtime_ns}"


def _read(stored: Path | None) -> dict[str, Any] | None:
    try:
        data = json.loads(stored.read_bytes()) if stored else None
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) and {"languages", "rules", "formats", "triggers"} <= data.keys() else None


def _write(stored: Path | None, data: dict[str, Any]) -> None:
    if stored is None:
        return
    scratch = stored.with_suffix(f".{os.getpid()}.tmp")
    try:
        stored.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(json.dumps(data, separators=(",", ":")), encoding="utf-8")
        scratch.replace(stored)
    except OSError:  # a cache that cannot be written only costs time
        with suppress(OSError):
            scratch.unlink()
