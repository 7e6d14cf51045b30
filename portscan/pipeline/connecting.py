"""Where the scan of files meets the checks that need the whole repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from portscan.cache.kept import code_stamp
from portscan.cache.scans import Cache
from portscan.config import Config
from portscan.connectivity.names import COMPOSE, INVOCATIONS
from portscan.files import Listing
from portscan.files.contents import FileEntry, read
from portscan.model import Finding, PortLiteral, Skipped, position
from portscan.pipeline.rules import extra_rules, reader_for, state_of_rules
from portscan.pipeline.sources import beside
from portscan.records import replace
from portscan.registry.model import Registry
from portscan.source import Source, decode

if TYPE_CHECKING:
    from portscan.cache.recollection import Recollection
    from portscan.connectivity.check import Check
    from portscan.pipeline.joining import Judge
    from portscan.pipeline.reading import Reading
    from portscan.pipeline.scanning import Scan
    from portscan.pipeline.whole import Looked, Whole


Known = Callable[[str, bytes], "tuple[PortLiteral, ...] | None"]


def whole_check(root: Path, registry: Registry, config: Config) -> Check:
    """The check of how the services of the repository reach each other."""
    return whole_of(root, registry, config).check()


def whole_of(
    root: Path,
    registry: Registry,
    config: Config,
    cache: Cache | None = None,
    listed: Listing | None = None,
    remembered: bool = False,
) -> Whole:
    """What the checks need to know of the run; `listed` is all that is there, where that is known already.

    What they look at is noted if it may be `remembered`.
    """
    memory = _recollection(root, registry, config) if remembered else None
    return whole_in(root, registry, config, cache.literals if cache else None, memory, listed)


def whole_in(
    root: Path,
    registry: Registry,
    config: Config,
    known: Known | None,
    recollection: Recollection | None,
    listed: Listing | None,
    contents: Callable[[FileEntry], bytes | Skipped] = read,
) -> Whole:
    """The same where files need not lie on the disk: `contents` hands them out, `known` their literals, if it has them."""
    from portscan.findings import catalogue
    from portscan.pipeline.stages import seen_from
    from portscan.pipeline.whole import Whole

    seen = seen_from(config.file.parent, root) if config.file else str
    rules, literals = catalogue(extra_rules(config)), partial(_literals, reader_for(config, registry), known)
    return Whole(root, registry, config, rules, seen, literals, recollection, listed, contents)


def _recollection(root: Path, registry: Registry, config: Config) -> Recollection:
    """What the checks of the whole repository said before."""
    from portscan.cache.recollection import recollection

    rules = f"{state_of_rules(config, registry)} {code_stamp()}"
    return recollection(root, rules, told(registry, config), {INVOCATIONS: _invocations})


def _invocations(path: str, data: bytes) -> object:
    """What a script hands to Compose."""
    from portscan.connectivity.invocations import said_in  # only where a script has changed

    return said_in(path, data)


def told(registry: Registry, config: Config) -> str:
    """What the checks of the whole repository are told; the places of an entry's keys are where they point."""
    return repr((registry, [service.places for service in registry.services], config))


def _literals(reader: Callable[[], Reading], known: Known | None, path: str, data: bytes) -> tuple[PortLiteral, ...]:
    """The literals of a file, as far as they are not known already."""
    remembered = known(path, data) if known else None
    if remembered is not None:
        return remembered
    source = decode(path, data)
    found = source if isinstance(source, Skipped) else reader().read(source)
    return () if isinstance(found, Skipped) else found


@contextmanager
def begun(made: Callable[[], Whole], everything: bool, jobs: int | None) -> Iterator[Callable[[], Looked] | None]:
    """The checks of `everything`, where it is not known what they say, in a process of their own: files are read meanwhile."""
    if not everything or made().answered():
        yield None
        return
    from portscan.pipeline.spread import beside

    with beside(made().looked, jobs) as result:
        yield result


def _unheard(_source: Source) -> tuple[Finding, ...]:
    return ()


def with_whole(
    found: Scan,
    paths: Sequence[str],
    registry: str,
    made: Callable[[], Whole],
    fixes: Judge | None,
    begun: Callable[[], Looked] | None = None,
) -> Scan:
    """The scan with what the checks of the whole repository have to say about the same files; `made` makes those.

    Where `fixes` are wanted, that is what says something of a file as it would be.
    """
    everything = any(each.rstrip("/") in ("", ".") or f"{registry}/".startswith(f"{each.rstrip('/')}/") for each in paths or ".")
    scanned = frozenset((*found.read, registry) if everything else found.read)
    if not any(path == registry or COMPOSE.search(path) for path in scanned):
        return found
    from portscan.pipeline.joining import joined, joined_pages
    from portscan.pipeline.whole import Said

    whole = made()
    wanted = fixes is not None
    more = whole.findings(scanned, everything=everything, fixes=wanted, begun=begun) if whole.wanted else Said((), {})
    sources = beside(found.sources, more.data)
    findings: Sequence[Finding]
    if wanted:
        findings = joined(found.report.findings, more.findings, sources, fixes or _unheard)
        findings = tuple(sorted(whole.lasting(findings) if whole.wanted else findings, key=position))
    else:
        findings = joined_pages(found.report.findings, more.findings, more.data)
    asked = whole.recollection.asked if whole.recollection else {}
    around = whole.listing if whole.wanted else found.listing
    skipped = sorted((*found.report.skipped, *more.unfollowed), key=lambda each: each.path)
    report = replace(found.report, findings=findings, skipped=tuple(skipped))
    return replace(found, report=report, sources=sources, around=around, asked=asked)
