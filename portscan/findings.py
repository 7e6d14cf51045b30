"""The shelf `rules/findings`: one file for each code, with its severity, its words and its examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from portscan.cache.kept import kept_file, loaded, stamp, store
from portscan.errors import UserError, closest
from portscan.model import Finding, Location, PortLiteral, Related, Severity
from portscan.records import dataclass, field
from portscan.resources import folder

if TYPE_CHECKING:
    from importlib.abc import Traversable
    from pathlib import Path

SHELF: Final = "findings"


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken at a place, before it has words: `values` fill the rule's message and help.

    `severity` is for the rare breach that weighs less, or more, than its rule says.
    """

    code: str
    location: Location
    values: Mapping[str, object] = field(default_factory=dict)
    port: int | None = None
    service: str | None = None
    variable: str | None = None
    severity: Severity | None = None
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """Input that a rule is shown at, and exactly what it finds there, as "line:column CODE".

    `fields` has every key of the example as it is written; which keys there are depends on the rule.
    """

    findings: tuple[str, ...]
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FindingRule:
    """One code. `message` and `help` are format strings, `rationale` is prose, `source` is the file it was read from."""

    code: str
    name: str
    severity: Severity
    message: str
    rationale: str
    help: str = ""
    examples: tuple[Example, ...] = ()
    source: str = ""

    def finding(
        self, path: str, breach: Breach, literal: PortLiteral | None = None, doubt: str = "", *, pinned: bool = False
    ) -> Finding:
        """The breach in the rule's words, at a literal or elsewhere."""
        return Finding(
            code=self.code,
            name=self.name,
            severity=breach.severity or self.severity,
            message=self._filled(self.message, breach),
            path=path,
            location=breach.location,
            port=breach.port,
            service=breach.service,
            variable=breach.variable,
            help=self._filled(self.help, breach) or None,
            related=breach.related,
            literal=literal,
            doubt=doubt,
            pinned=pinned,
        )

    def _filled(self, template: str, breach: Breach) -> str:
        try:
            return template.format_map(breach.values)
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            given = ", ".join(breach.values)
            raise UserError(
                f"the words of {self.code} in {self.source} cannot be filled in ({error!r})", f"Use only: {given}."
            ) from None


def catalogue(extra: Sequence[Path] = ()) -> Mapping[str, FindingRule]:
    """Every rule by its code: the shipped ones, then those in the folder `findings` of each directory in `extra`.

    The rules of a directory are checked against the rule schema; one that does not fit, or repeats a code, is a
    `UserError`. The shipped ones are not checked here (the test suite does), since that takes longer than to read them.
    """
    rules = {rule.code: rule for rule in _shipped()}
    for file, label in _files(extra):
        from portscan.document.fitting import fitting

        rule = _rule(fitting(file, label, "finding"), label)
        if rule.code in rules:
            raise UserError(
                f"{label} defines {rule.code}, which {rules[rule.code].source} defines already",
                "Give the rule a code of its own.",
            )
        rules[rule.code] = rule
    return MappingProxyType(rules)


def no_code(name: str, known: Mapping[str, FindingRule]) -> UserError:
    """What to say of a name that is no code, and which one was probably meant."""
    words = {**{code.lower(): code for code in known}, **{rule.name: code for code, rule in known.items()}}
    code = words.get(closest(name.lower(), words, 0.6), "")
    hint = f"Did you mean {code} ({known[code].name})?" if code else "`portscan explain` lists all codes."
    return UserError(f"`{name}` is no code of portscan", hint)


def _shipped() -> Iterator[FindingRule]:
    """The rules that come with portscan, in plain form from the wheel, or from the cache when they were read before."""
    from portscan import compiled as wheel

    carried = wheel.shipped()
    known = carried.get("findings") if carried else None
    if known is None:
        stored = kept_file("rules", SHELF, *map(stamp, _rule_files(folder("rules") / SHELF)))
        known = loaded(stored)
        if known is None:
            known = compiled()
            store(stored, known)
    yield from (_rule(data, label) for label, data in known)


def compiled() -> list[tuple[str, Mapping[str, Any]]]:
    """The rules in plain form, each with the file that it is from."""
    files = _rule_files(folder("rules") / SHELF)
    return [(f"rules/{SHELF}/{file.name}", _plain(file.read_bytes())) for file in files]


def _plain(data: bytes) -> Mapping[str, Any]:
    from portscan.document.document import parse

    return dict(parse(data).data())


def _files(extra: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    for directory in extra:
        for file in _rule_files(directory / SHELF):
            yield directory / SHELF / file.name, f"{directory.as_posix()}/{SHELF}/{file.name}"


def _rule_files(place: Traversable) -> tuple[Traversable, ...]:
    if not place.is_dir():
        return ()
    return tuple(sorted((file for file in place.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name))


def _rule(data: Mapping[str, Any], label: str) -> FindingRule:
    return FindingRule(
        code=data["code"],
        name=data["name"],
        severity=data["severity"],
        message=data["message"],
        rationale=data["rationale"],
        help=data.get("help", ""),
        examples=tuple(Example(tuple(example["findings"]), MappingProxyType(example)) for example in data["examples"]),
        source=label,
    )
