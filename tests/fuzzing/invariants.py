"""What must hold for every input, however odd. Each function takes bytes and raises when something does not hold.

An exception that is no `UserError` is such a thing by itself. Hypothesis, atheris and the regression tests call these.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from portscan import config
from portscan.baseline import entries as baseline
from portscan.cache.scans import literals_from, plain_literals
from portscan.config import Config
from portscan.directives import Directive, directives
from portscan.document.document import parse
from portscan.edit import applied, by_path, ordered
from portscan.errors import UserError
from portscan.findings import catalogue
from portscan.fixing.comments import commented
from portscan.fixing.planning import chosen
from portscan.generators.claims import Place, claims
from portscan.knowledge import shipped
from portscan.model import Edit, Finding, Location, PortLiteral, Skipped, Span
from portscan.pages import plain_findings
from portscan.pipeline.reading import Reading
from portscan.pipeline.scanning import scan_text
from portscan.registry.acts import added, amended, moved, removed, renamed
from portscan.registry.checks import check
from portscan.registry.editing import edited
from portscan.registry.editing.changes import Change, Insert, Put, Remove, intended
from portscan.registry.loader import load
from portscan.registry.model import Registry
from portscan.source import Source, decode
from portscan.suppress import suppressions
from portscan.text import Text
from tests.examples import reading_of

TODAY = date(2026, 1, 1)
FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ALONE = Config(ignore=("PS1", "PS2"))  # what a file says by itself
ALLOWED = ("safe", "unsafe")
LONGEST_EDIT = 200  # bytes that a fix may replace at one place


@lru_cache(maxsize=1)
def sparing() -> Reading:
    """The reading that passes over what no rule can find anything in."""
    return reading_of(shipped())


@lru_cache(maxsize=1)
def thorough() -> Reading:
    """The reading that reads everything, in one piece."""
    return reading_of(replace(shipped(), triggers={}))


@lru_cache(maxsize=1)
def registry() -> Registry:
    """The registry that the fixtures of fixes are judged by."""
    found = load("registry.yaml", (FIXTURES / "fix" / "registry.yaml").read_bytes()).registry
    assert found is not None
    return found


@lru_cache(maxsize=1)
def nowhere() -> Path:
    """A directory without a configuration."""
    return Path(tempfile.mkdtemp(prefix="portscan-fuzz-"))


def source_of(path: str, data: bytes) -> Source | None:
    """The file as text, from which its bytes follow; None when it is none."""
    source = decode(path, data)
    if isinstance(source, Skipped):
        assert source.reason
        assert source.path == path
        return None
    assert source.text.encode(source.encoding) == data[source.bom :]
    return source


def reading_holds(path: str, data: bytes) -> None:
    """The ports of a file stand where they say, and are the same again, without triggers, and out of the cache."""
    source = source_of(path, data)
    if source is None:
        return
    found = sparing().read(source)
    assert found == sparing().read(source), "a second run finds something else"
    everything = thorough().read(source)
    if isinstance(found, Skipped) or isinstance(everything, Skipped):
        assert found == everything or not found, "it is unreadable in one way only"
        return
    assert found == everything, "the triggers lose something, or find more"
    for literal in found:
        standing(source, literal)
    assert [literal.span for literal in found] == sorted({literal.span for literal in found})
    assert tuple(literals_from(plain_literals(found), path)) == found


def standing(source: Source, literal: PortLiteral) -> None:
    """The literal stands exactly where it says, in bytes and for people."""
    start, end = literal.span
    assert source.bom <= start < end <= len(source.data)
    written = source.data[start:end].decode(source.encoding)
    digits = Text(written).without(shipped().languages[literal.language].get("digit_separator", "")).value
    assert digits.isascii(), written
    assert digits.isdigit(), written
    assert int(digits) == literal.port
    assert 1 <= literal.port <= 65535
    line, column, end_line, end_column = literal.location
    assert line == end_line
    assert source.line_text(line)[column - 1 : end_column - 1] == written


def directives_hold(path: str, data: bytes) -> None:
    """What comments say is found where it stands; what they cover is in the file; what the scan makes of it can be kept."""
    source = source_of(path, data)
    if source is None:
        return
    for document in (False, True):
        said = directives(source, document)
        assert said == directives(source, document)
        places = [spot(source, each.location) for each in said]
        assert all(start < end for start, end in places)
        assert all(before[1] <= after[0] for before, after in pairwise(places))
        for each in said:
            codes_stand(source, each)
        for each in suppressions(said, source):
            assert each.first >= 1
            assert each.last <= source.lines + 1  # an ignore in the last line may speak of the next one
    plain_findings(scanned(source))


def codes_stand(source: Source, directive: Directive) -> None:
    """The codes that an ignore is limited to stand where it says, in any case of their letters."""
    for code in directive.codes:
        start, end = spot(source, directive.about(code).location)
        assert code in (source.text[start:end], source.text[start:end].upper())


def spot(source: Source, location: Location) -> tuple[int, int]:
    """The characters of the text at a location, which must be in it."""
    starts = [0, *(end for end in _ends(source))]
    assert 1 <= location.line <= location.end_line <= len(starts)
    start, end = starts[location.line - 1] + location.column - 1, starts[location.end_line - 1] + location.end_column - 1
    assert 0 <= start <= end <= len(source.text)
    return start, end


def _ends(source: Source) -> Iterator[int]:
    from portscan.source import LINE_END

    return (match.end() for match in LINE_END.finditer(source.text))


def scanned(source: Source, *, fixes: bool = False) -> tuple[Finding, ...]:
    """The findings in a file, as `portscan scan` says them."""
    return scan_text(nowhere(), source, registry(), ALONE, TODAY, fixes=fixes).report.findings


def fixes_hold(path: str, data: bytes) -> None:
    """A fix leaves nothing to fix, touches no more than it must, and taking it out gives the file back."""
    source = source_of(path, data)
    if source is None:
        return
    found = scanned(source, fixes=True)
    assert found == scanned(source, fixes=True)
    for finding in found:
        assert finding.fix is not None or finding.help
    edits = edits_of(found, path)
    if not edits:
        return
    after = applied(data, edits)
    assert applied(after, _taken_out(edits)) == data
    changed = source_of(path, after)
    assert changed is not None
    touches_little(source, found, edits)
    assert not edits_of(scanned(changed, fixes=True), path), "a second fix does something"


def edits_of(found: Sequence[Finding], path: str) -> list[Edit]:
    """The edits that `--fix --unsafe-fixes` would make in a file."""
    return dict(by_path(chosen(found, ALLOWED))).get(path, [])


def touches_little(source: Source, found: Sequence[Finding], edits: Sequence[Edit]) -> None:
    """An edit takes away what a fixed number or an ignore consists of, or quotes and blanks; other numbers stay."""
    literals = {f.literal.span for f in found if f.literal is not None}
    ignores = {f.location.line for f in found if f.code == "PS007"}
    for edit in edits:
        taken = edit.before.decode(source.encoding)
        fixed = any(edit.span.start <= span.start and span.end <= edit.span.end for span in literals)
        line = source.location(source.character(edit.span.start), source.character(edit.span.end)).line
        ignore = line in ignores or "portscan:" in taken.lower()  # the end of a block goes with its beginning
        assert fixed or ignore or not any(c.isalnum() for c in taken), taken
        assert len(edit.before) <= LONGEST_EDIT or ignore


def _taken_out(edits: Sequence[Edit]) -> list[Edit]:
    back, shift = [], 0
    for each in ordered(edits):
        start = each.span.start + shift
        back.append(Edit(each.path, Span(start, start + len(each.after)), each.location, each.after, each.before))
        shift += len(each.after) - len(each.before)
    return back


def ignoring_holds(path: str, data: bytes) -> None:
    """An ignore hides what is on its line and nothing else; where it hides nothing, taking it out gives the file back."""
    source = source_of(path, data)
    language = sparing().language(source) if source else None
    marks = [mark for mark in language.data.get("comments", ()) if not mark[-1:].isalpha()] if language else []
    if source is None or source.encoding != "utf-8" or not marks:
        return
    before = scanned(source)
    lines = {f.location.line for f in before}
    for number in sorted({*list(lines)[:2], 1, source.lines}):
        with_ignore(source, number, f" {marks[0].strip()} portscan: ignore", before)


def with_ignore(source: Source, number: int, words: str, before: Sequence[Finding]) -> None:
    """Set an ignore at the end of a line, and compare what is said then."""
    starts = [0, *_ends(source)]
    if number > len(starts):
        return
    at = starts[number - 1] + len(source.line_text(number))
    text = source.text[:at] + words + source.text[at:]
    changed = decode(source.path, source.data[: source.bom] + text.encode())
    language = sparing().language(source)
    if isinstance(changed, Skipped) or language is None or not commented(changed, language, at + 1):
        return
    old, new = sparing().read(source), sparing().read(changed)
    said = [each for each in directives(changed, False) if spot(changed, each.location)[0] >= at]
    if isinstance(old, Skipped) or isinstance(new, Skipped) or _places(old) != _places(new) or not said or said[0].alone:
        return
    after = scanned(changed, fixes=True)
    judged = {"PS001", "PS002", "PS003", "PS004", "PS005", "PS006"}
    if said[0].reach == "line":
        assert not [f for f in after if f.location.line == number and f.code in judged], "an ignore hides nothing"
    unused = [f for f in after if f.code == "PS007" and f.location.line == number and f.location.column > at - starts[number - 1]]
    if len(unused) == 1 and unused[0].fix is not None and len(unused) == len([f for f in after if f.code == "PS007"]):
        taken = applied(changed.data, unused[0].fix.edits)
        assert _rstripped(taken) == _rstripped(source.data), "an ignore is not taken out whole"


def _places(found: Sequence[PortLiteral]) -> Counter[tuple[Location, int]]:
    return Counter((each.location, each.port) for each in found)


def _rstripped(data: bytes) -> list[str]:
    """The lines without the blanks at their ends, and without empty ones at the end of the file."""
    return [line.rstrip() for line in data.decode().rstrip().split("\n")]


def registry_holds(_path: str, data: bytes) -> None:
    """A registry is loaded or said to be wrong; what is edited in it is what was meant, and nothing else."""
    loaded = load("registry.yaml", data)
    assert loaded == load("registry.yaml", data)
    for finding in loaded.findings:
        assert finding.message
        assert "\n" not in finding.message
        assert finding.location.line >= 1
    if loaded.registry is None:
        assert loaded.findings
        return
    check(loaded.registry, catalogue(), networks=("web",))
    for change in _changes(loaded.registry, parse(data).data(), Random(len(data))):
        editing_holds(data, change)


def _changes(known: Registry, values: dict[str, Any], draw: Random) -> Iterator[list[Change]]:
    """Some of what is done to registries."""
    entry = {"name": "added-by-fuzzing", "port": 40404, "stack": "web", "owner": "a: b", "depends_on": ["x"]}
    yield list(added(values, entry)) if values["services"] else [Insert(("services",), 0, entry)]
    if not known.services:
        return
    service = draw.choice(known.services)
    endpoint = draw.choice(service.endpoints)
    yield list(moved(values, endpoint, 40405, draw.choice((None, date(2026, 12, 31))), container=draw.random() < 0.5))
    yield list(renamed(values, service.name, "renamed-by-fuzzing", {}))
    yield list(removed(values, service.name))
    yield list(amended(values, service.name, {"owner": draw.choice(("x", "yes", "a #b", "é: 'q'"))}, ("notes",)))
    place: tuple[str | int, ...] = ("services", draw.randrange(len(values["services"])))
    key = draw.choice(list(values["services"][place[1]]))
    yield [Remove((*place, key)) if key != "name" else Put((*place, "notes"), "first\nsecond\n")]


def editing_holds(data: bytes, changes: Sequence[Change]) -> None:
    """The values are those that were meant, by the reading of others as well."""
    wanted = parse(data).data()
    for change in changes:
        wanted = intended(wanted, change)
    try:
        after = edited("registry.yaml", data, changes)
    except UserError:
        return
    assert parse(after).data() == wanted
    assert not parse(after).problems
    others = _by_others(after)
    assert others is None or _by_others(data) is None or others == wanted, "another parser reads something else"


def _by_others(data: bytes) -> Any:
    """The values by ruamel.yaml alone; None where it is stricter, or means another version of YAML."""
    try:
        values = YAML(typ="safe", pure=True).load(data.decode("utf-8-sig"))
    except (YAMLError, ValueError, RecursionError, TypeError, AttributeError):
        return None
    return values if values == parse(data).data() else None


def configuration_holds(_path: str, data: bytes) -> None:
    """A configuration is in force, or one line says what is wrong with it; so with what it wants to be generated."""
    place = nowhere() / "configuration"
    place.mkdir(exist_ok=True)
    (place / ".git").mkdir(exist_ok=True)
    for name in (config.OWN, config.SHARED):
        file = place / name
        file.write_bytes(data)
        try:
            found = config.load(place)
            assert found == config.load(place)
            tuple(claims(registry(), found, Place(place, place / "registry.yaml"), TODAY))
        except UserError as error:
            _one_line(error)
        finally:
            file.unlink()


def baseline_holds(path: str, data: bytes) -> None:
    """A baseline that is read can be written, and is the same then."""
    try:
        found = baseline.parse(path, data)
    except UserError as error:
        _one_line(error)
        return
    written = baseline.dump(found.counts)
    again = baseline.parse(path, written)
    assert again.counts == found.counts
    assert baseline.dump(again.counts) == written
    identities = [entry.identity for entry in found.entries]
    hidden = baseline.weighed(identities, found.counts)
    assert all(hidden.hidden) or max(Counter(identities).values()) > 1
    assert not list(baseline.stale(again, found.counts, lambda _: True))
    grown = baseline.updated(found.counts, hidden.present, lambda _: True, grow=False)
    assert all(grown[identity] <= found.counts[identity] for identity in grown)


def _one_line(error: UserError) -> None:
    assert error.title
    assert "\n" not in str(error), str(error)
