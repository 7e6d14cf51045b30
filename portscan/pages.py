"""The findings of a report, file by file: what was said of a file before is made again only where somebody looks at it."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, groupby
from operator import attrgetter
from typing import overload

from portscan.model import Finding, Location, Related, position
from portscan.records import dataclass, field


@dataclass(frozen=True)
class Page:
    """What is said of one file: never nothing. The findings are `given` in their order, or else there in `plain` form.

    Where it is known what contents this is about, `identity` is what git calls them: pages of a path that have this and the plain
    form in common look alike. So do those of one `mark`, which is made of both, where it is known from before.
    """

    path: str
    given: tuple[Finding, ...] = ()
    plain: bytes = b""
    identity: bytes = b""
    mark: bytes = field(default=b"", compare=False, repr=False)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, made when they are first asked for."""
        return self.made()

    def made(self) -> tuple[Finding, ...]:
        """The findings for somebody who looks at them once: they are not kept with the page."""
        return self.given or tuple(sorted(findings_from(self.plain, self.path), key=position))


@dataclass(frozen=True, eq=False)
class Findings(Sequence[Finding]):
    """The findings of all pages, which are in the order of their paths."""

    pages: tuple[Page, ...]

    def __iter__(self) -> Iterator[Finding]:
        return chain.from_iterable(page.findings for page in self.pages)

    def __bool__(self) -> bool:
        return bool(self.pages)

    def __len__(self) -> int:
        return sum(len(page.findings) for page in self.pages)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Findings, tuple)) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


def pages_of(findings: Sequence[Finding]) -> tuple[Page, ...]:
    """The pages of findings, those of a file beside each other."""
    if isinstance(findings, Findings):
        return findings.pages
    return tuple(Page(path, tuple(group)) for path, group in groupby(findings, key=attrgetter("path")))


def with_pages(findings: Sequence[Finding], others: Mapping[str, Page]) -> Findings:
    """Findings with other pages for some paths."""
    pages = {**{page.path: page for page in pages_of(findings)}, **others}
    return Findings(tuple(pages[path] for path in sorted(pages)))


def plain_findings(findings: Iterable[Finding]) -> bytes:
    """Findings in one file, ready to be kept. They carry no fixes, and no literals, which nobody but the fixes asks for.

    What many of them say stands there once. The form without shared objects depends on the findings alone.
    """
    words: dict[str | None, int] = {}
    rows = [_plain(finding, words) for finding in findings]
    return marshal.dumps(([*words], rows), 2)


def _plain(one: Finding, words: dict[str | None, int]) -> tuple[object, ...]:
    """A finding by its `words`, to which those are put that are not among them."""
    said = (one.code, one.name, one.severity, one.message, one.service, one.variable, one.help)
    related = [(each.message, each.path, tuple(each.location)) for each in one.related]
    return (*(words.setdefault(word, len(words)) for word in said), tuple(one.location), one.port, related)


def findings_from(data: bytes, path: str) -> Iterator[Finding]:
    """The findings in the file `path` as they were."""
    words, rows = marshal.loads(data)  # noqa: S302  (see `portscan.cache.kept`)
    for code, name, severity, message, service, variable, remedy, location, port, related in rows:
        yield Finding(
            *(words[code], words[name], words[severity], words[message], path, Location(*location), port),
            *(words[service], words[variable], words[remedy], None),
            tuple(Related(said, where, Location(*place)) for said, where, place in related),
        )
