"""Holds a document against a JSON schema and says in plain words what does not fit."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

from portscan.document.explain import Case, explain, misspelt
from portscan.resources import folder

if TYPE_CHECKING:
    from types import ModuleType

    from portscan.document.document import Document
    from portscan.document.text import Problem

# Nobody reads further, and a hostile file must not keep the reader busy.
MOST_PROBLEMS: Final = 500
# What the library loads at once where it is installed, for formats that no schema here asks for: it takes seconds.
UNASKED: Final = ("rfc3987_syntax", "isoduration")


def misfits(document: Document, schema: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Everything in `document` that `schema` does not allow, in the order of the file, the telling problem of a place first."""
    errors = list(islice(_validator(schema).iter_errors(document.data()), MOST_PROBLEMS))
    meant = misspelt(errors, MOST_PROBLEMS)
    problems = (problem for error in errors for problem in explain(Case(document, error, meant)))
    return tidy(islice(problems, MOST_PROBLEMS))


def shipped(name: str) -> Mapping[str, Any]:
    """The schema `name` that comes with the tool: "registry" or "rule"."""
    loaded: Mapping[str, Any] = json.loads((folder("schema") / f"{name}.schema.json").read_bytes())
    return loaded


def part(schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The definition `name` of a schema, as a schema of its own."""
    return {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": f"#/$defs/{name}"}


def tidy(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems sorted by place, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: (problem.location, problem.rank, problem.message)))


def _validator(schema: Mapping[str, Any]) -> Any:
    library = _library()
    draft = library.Draft202012Validator
    # JSON Schema takes 3103.0 for an integer; a port is written without a point.
    types = draft.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    formats = library.FormatChecker(formats=())
    formats.checkers = {"date": (_is_date, ()), "regex": (_is_pattern, ())}
    strict = library.validators.extend(draft, {"pattern": _pattern}, type_checker=types)
    return strict(dict(schema), format_checker=formats)


def _library() -> Any:
    # It takes longer to load than all the rest, and ships no types.
    with _absent(*UNASKED):
        return import_module("jsonschema")


@contextmanager
def _absent(*names: str) -> Iterator[None]:
    """Let modules be as if they were not installed, unless somebody has them already."""
    mine = [name for name in names if sys.modules.setdefault(name, cast("ModuleType", None)) is None]
    try:
        yield
    finally:
        for name in mine:
            del sys.modules[name]


def _pattern(_: Any, pattern: str, value: object, __: Any) -> Iterator[Any]:
    # In JSON Schema `$` is the end of the text; in Python it would let a line end pass.
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield _library().ValidationError(f"does not match {pattern}")


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return True
    # Newer Pythons read more forms (20260131, 2026-W05) than the schema means.
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_pattern(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError):
        return False
    return True
