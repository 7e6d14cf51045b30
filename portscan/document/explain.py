"""Turns what the schema validator found into problems: one explainer for each keyword of the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from portscan.document.text import Problem, quoted
from portscan.document.wording import Rank, closest, holder, meant, mistyped, subject
from portscan.records import dataclass

if TYPE_CHECKING:
    from portscan.document.document import Document
    from portscan.document.nodes import Path


@dataclass(frozen=True, slots=True)
class Case:
    """An error of the validator in a document. `misspelt` holds the paths of keys that are there under a wrong name."""

    document: Document
    error: Any
    misspelt: frozenset[Path] = frozenset()

    @property
    def path(self) -> Path:
        """The path of the value that does not fit."""
        return tuple(self.error.absolute_path)

    @property
    def subject(self) -> str:
        """The value that does not fit, as the beginning of a sentence."""
        return subject(self.document, self.path, start=True)

    @property
    def written(self) -> str | None:
        """The value as the file spells it, if it is a single one."""
        return self.document.written(self.path)

    def problem(self, end: str, advice: str, rank: Rank) -> Problem:
        """A problem of the value: the subject with the end of a sentence."""
        return Problem(f"{self.subject} {end}", self.document.place(self.path), advice, rank)


def explain(case: Case) -> Iterator[Problem]:
    """What there is to say about a case. It never quotes the validator itself."""
    if "propertyNames" in case.error.absolute_schema_path:
        return _bad_key(case)
    return _EXPLAINERS.get(case.error.validator, _other)(case)


def misspelt(errors: Iterable[Any], most: int) -> frozenset[Path]:
    """The paths at which keys would stand if they were spelt right."""
    unknown = (error for error in errors if error.validator == "additionalProperties")
    keys = ((error, key) for error in unknown for key in _strangers(error))
    likely = ((error.absolute_path, closest(key, tuple(error.schema.get("properties", ())))) for error, key in islice(keys, most))
    return frozenset((*path, key) for path, key in likely if key)


def _strangers(error: Any) -> Iterator[str]:
    known = error.schema.get("properties", {})
    return (key for key in error.instance if key not in known)


def _unknown_keys(case: Case) -> Iterator[Problem]:
    known = tuple(case.error.schema.get("properties", ()))
    where = holder(case.document, case.path)
    for key in _strangers(case.error):
        yield Problem(
            f"Unknown key {quoted(key)}{where}.", case.document.place((*case.path, key)), meant(key, known), Rank.UNKNOWN
        )


def _missing(case: Case) -> Iterator[Problem]:
    for key in case.error.validator_value:
        # A misspelt key is reported as such; that it is missing under its right name says nothing more.
        if key not in case.error.instance and (*case.path, key) not in case.misspelt:
            yield case.problem(f"has no {quoted(key)}.", f"Add {quoted(key)}.", Rank.MISSING)


def _bad_key(case: Case) -> Iterator[Problem]:
    key = case.error.instance
    message = f"{f'The key {quoted(key)}' if key else 'An empty key'} does not fit in {subject(case.document, case.path)}."
    yield Problem(message, case.document.place((*case.path, key)), case.error.schema.get("patternErrorMessage", ""), Rank.VALUE)


def _type(case: Case) -> Iterator[Problem]:
    wanted = case.error.validator_value if isinstance(case.error.validator_value, list) else [case.error.validator_value]
    message, advice = mistyped(case.error.instance, case.written, wanted)
    form = _form(case.error.schema) if "string" in wanted else _beginning(case)
    yield case.problem(message, form or advice, Rank.TYPE)


def _beginning(case: Case) -> str:
    """How a file begins that has to be a mapping."""
    required = () if case.path else case.error.schema.get("required", ())
    return f"Begin with {' and '.join(quoted(f'{key}:') for key in required)}." if required else ""


def _form(schema: Mapping[str, Any]) -> str:
    """How a text with a form of its own is written."""
    if schema.get("format") == "date":
        return "Write it as YYYY-MM-DD, such as 2026-01-31."
    if schema.get("format") == "regex":
        return "Write a regular expression of Python."
    return str(schema.get("patternErrorMessage", ""))


def _bounds(case: Case) -> Iterator[Problem]:
    low, high = case.error.schema.get("minimum"), case.error.schema.get("maximum")
    written = quoted(case.written or case.error.instance)
    yield case.problem(
        f"is {written}, which is not between {low} and {high}.", f"Write a number from {low} to {high}.", Rank.VALUE
    )


def _text(case: Case) -> Iterator[Problem]:
    yield case.problem(f"cannot be {quoted(case.error.instance)}.", _form(case.error.schema), Rank.VALUE)


def _choice(case: Case) -> Iterator[Problem]:
    choices = tuple(map(str, case.error.validator_value))
    given = f"cannot be {quoted(case.written)}." if case.written else "is none of the values allowed."
    yield case.problem(given, meant(case.written or "", choices), Rank.VALUE)


def _empty(case: Case) -> Iterator[Problem]:
    yield case.problem("is empty.", "Fill it in, or delete it.", Rank.VALUE)


def _too_many(case: Case) -> Iterator[Problem]:
    yield case.problem(f"has more than {case.error.validator_value} entries.", "Keep fewer.", Rank.VALUE)


def _other(case: Case) -> Iterator[Problem]:
    schema = case.error.schema
    advice = str(schema.get("description", "")) if isinstance(schema, Mapping) else ""
    yield case.problem("does not have the form it should have.", advice, Rank.OTHER)


_EXPLAINERS: Final[Mapping[str, Callable[[Case], Iterator[Problem]]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing,
    "type": _type,
    "minimum": _bounds,
    "maximum": _bounds,
    "pattern": _text,
    "format": _text,
    "enum": _choice,
    "minLength": _empty,
    "minItems": _empty,
    "maxProperties": _too_many,
}
