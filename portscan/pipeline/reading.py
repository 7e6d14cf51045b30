"""From a file to its port literals: the languages find sites, detection knows which hold a port. No registry here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from portscan.expressions import compiled
from portscan.knowledge import Knowledge
from portscan.languages import Language, Languages, Reader, Unreadable, compile_languages, reader
from portscan.model import Location, PortLiteral, Skipped, Span
from portscan.pipeline.sifting import Sifting
from portscan.records import dataclass, field
from portscan.sites import ARGUMENTS, ITEM, Command, Embedded, Items, Lines, Site, Value
from portscan.source import Source
from portscan.text import Text
from portscan.triggers import compile_triggers

if TYPE_CHECKING:
    from portscan.detect import Detector, Found
    from portscan.detect.hits import Hit

DIGIT = compiled("[1-9]")
DEEPEST = 8  # languages within languages


@dataclass(slots=True)
class Reading:
    """Reads files with one body of knowledge; detectors are made when the first file needs them."""

    knowledge: Knowledge
    languages: Languages
    detectors: dict[str, Detector] = field(default_factory=dict)
    sought: dict[str, Sifting] = field(default_factory=dict)
    known: dict[tuple[str, bytes], tuple[PortLiteral, ...]] = field(default_factory=dict)  # what was read already
    latest: tuple[Source | None, Language | None] = (None, None)  # the file of which the language was told last

    def language(self, source: Source) -> Language | None:
        """The language of a file, None when there is no reader for it."""
        if self.latest[0] is not source:
            self.latest = source, self.languages.of(source.path, source.text[:200])
        return self.latest[1]

    def read(self, source: Source) -> tuple[PortLiteral, ...] | Skipped:
        """The port literals of a file in the order of their places, or why it could not be read."""
        known = self.known.get((source.path, source.data)) if self.known else None
        return self._read(source) if known is None else known

    def _read(self, source: Source) -> tuple[PortLiteral, ...] | Skipped:
        language = self.language(source)
        if language is None:
            return ()
        found: dict[Span, PortLiteral] = {}
        try:
            for part in self._parts(Text(source.text), language):
                self._collect(source, Embedded(language.name, part, language.context), found)
        except Unreadable as error:
            return Skipped(source.path, error.reason)
        return tuple(found[span] for span in sorted(found))

    def _parts(self, whole: Text, language: Language) -> Iterator[Text]:
        """What of a text is worth reading: nothing, all of it, or those of its parts in which there may be a port."""
        sought = self.triggers(language.name)
        if not sought.found_in(whole.value):
            return
        portions = getattr(reader(language.reader), "portions", None)
        yield from (whole,) if portions is None or sought.every else portions(whole, sought.found_in)

    def triggers(self, name: str) -> Sifting:
        """What a file in the language `name` must hold for anything to be found in it."""
        if name not in self.sought:
            self.sought[name] = Sifting(compile_triggers(self.knowledge.triggers.get(name)))
        return self.sought[name]

    def _collect(self, source: Source, part: Embedded, found: dict[Span, PortLiteral], depth: int = 0) -> None:
        """Put the literals of a text among those that were `found`. What was found first at a place stands."""
        language = self.languages.by_name[part.language]
        knows = self._detector(language.name)
        bare = part.context == "code" and not part.owner and not part.names  # as a file is: there is nothing to take over
        for site in self._sites(language, part, source.path):
            if not _has_digits(site):
                continue
            placed = site if bare else _placed(site, part)
            for value, hit in _hits(knows, placed):
                if not isinstance(hit, Embedded):
                    start, end = value.text.span(hit.start, hit.end)
                    span = _span(source, language, start, end, value.text.value[hit.start : hit.end])
                    if span not in found:
                        names = value.names if value is placed else (*_outer(placed), *value.names)
                        found[span] = _literal(source, language, value, hit, span, source.location(start, end), names)
                elif depth < DEEPEST and hit.language in self.languages.by_name:
                    leading = () if isinstance(placed, Lines) else placed.names
                    inner = hit._replace(names=hit.names or leading, owner=hit.owner or placed.owner)
                    for piece in self._worth(inner):
                        self._collect(source, piece, found, depth + 1)

    def _chosen(self, knows: Reader, language: Language, part: Embedded, path: str) -> list[Site]:
        """The sites of a text; where its reader can leave out what is not worth it, without those."""
        chosen, sought = getattr(knows, "chosen", None), self.triggers(language.name)
        if chosen is None or part.names or sought.every:
            return list(knows.sites(part.text, language, path))
        return list(chosen(part.text, language, path, sought.found_in))

    def _worth(self, part: Embedded) -> Iterator[Embedded]:
        """What of a text in another language is worth reading. Names that lead to it may say of anything that it is a port."""
        if part.names:
            yield part
            return
        for piece in self._parts(part.text, self.languages.by_name[part.language]):
            yield part if piece is part.text else part._replace(text=piece)

    def _detector(self, name: str) -> Detector:
        if name not in self.detectors:
            from portscan.detect import detector

            self.detectors[name] = detector(self.knowledge, name)
        return self.detectors[name]

    def _sites(self, language: Language, part: Embedded, path: str) -> Iterator[Site]:
        """The sites that the language's reader finds; what it refuses is read in parts, and a part by a tolerant stand-in."""
        knows = reader(language.reader)
        try:
            yield from self._chosen(knows, language, part, path)
        except Unreadable:
            smaller = getattr(knows, "smaller", None)
            pieces = smaller(part.text) if smaller else ()
            if len(pieces) > 1:
                for piece in pieces:
                    yield from self._sites(language, part._replace(text=piece), path)
            elif language.fallback is None:
                raise
            else:
                yield from reader(language.fallback).sites(part.text, language, path)


def _has_digits(site: Site) -> bool:
    """Whether there is anything at a site that may be a port."""
    if isinstance(site, (Value, Embedded)):
        return DIGIT.search(site.text.value) is not None
    if isinstance(site, Lines):
        return True
    return any(DIGIT.search(word.value) for word in site.words)


def _placed(site: Site, part: Embedded) -> Site:
    """A site of an embedded text takes over what its surroundings are: a document, a compose service, a key path."""
    if part.context in ("code", site.context) and not part.owner and not part.names:
        return site
    context = part.context if part.context != "code" else site.context
    if isinstance(site, (Value, Lines)):
        return site._replace(context=context, owner=site.owner or part.owner)
    return site._replace(context=context, owner=site.owner or part.owner, names=site.names or part.names)


def _outer(site: Site) -> tuple[str, ...]:
    """What leads to a site and is not said by the values in it; what a list is called by its own looks is none of that."""
    return () if isinstance(site, (Value, Lines)) or site.names == (ARGUMENTS,) else site.names


def _hits(knows: Detector, site: Site) -> Iterable[tuple[Value, Found]]:
    if isinstance(site, Value):  # as most are
        return [(site, found) for found in knows.value(site)]
    if isinstance(site, Command):
        return knows.command(site)
    if isinstance(site, Lines):
        return knows.lines(site)
    if isinstance(site, Items):
        return (hit for inner in knows.items(site) for hit in _hits(knows, inner))
    return ((Value(site.text, "word", site.names), site),)


def _span(source: Source, language: Language, start: int, end: int, digits: str) -> Span:
    """Exactly the digits of the port. In between stands nothing but what the language puts there: `8_080`."""
    written = source.text[start:end]
    assert digits == written or digits == written.replace(language.digit_separator or "\0", ""), (source.path, start)
    return source.byte_span(start, end)


def _literal(
    source: Source, language: Language, value: Value, hit: Hit, span: Span, location: Location, names: tuple[str, ...]
) -> PortLiteral:
    """The literal for a hit in the text of `value`, to which `names` lead."""
    return PortLiteral(
        *(source.path, span, location, hit.port, hit.kind, value.context, language.name, hit.rule, hit.host),
        *(".".join([name for name in names if name != ITEM]) or hit.name or None, hit.variables, value.owner, hit.side),
        value.text.value if value.context == "comment" else "",
    )


@lru_cache(maxsize=4)
def reading(knowledge: Knowledge) -> Reading:
    """A reading with this knowledge; made once, since compiling the rules takes a while."""
    return Reading(knowledge, compile_languages(knowledge.languages))
