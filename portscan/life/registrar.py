"""Changes of the registry as every command makes them: planned, checked against the rules, shown, and written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from portscan.document.document import parse
from portscan.edit import NewFile, diff, write
from portscan.errors import UserError
from portscan.findings import catalogue
from portscan.model import Finding, Report
from portscan.records import dataclass, replace
from portscan.registry import acts
from portscan.registry.checks import check
from portscan.registry.editing import edited
from portscan.registry.editing.changes import Change
from portscan.registry.editing.settled import settled
from portscan.registry.loader import load
from portscan.terminal import deliver_diff, printable

if TYPE_CHECKING:
    from argparse import Namespace

    from portscan.registry.model import Registry
    from portscan.terminal import Streams
    from portscan.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Draft:
    """A registry as it would be: its bytes, what they mean, and the findings that come with it."""

    path: str
    before: bytes
    after: bytes
    registry: Registry
    worse: tuple[Finding, ...] = ()

    @property
    def file(self) -> NewFile:
        """The change of the registry's file."""
        return NewFile(self.path, self.before, self.after)


def values(work: Workspace) -> Any:
    """The values of the registry as they are written, defaults left out."""
    return parse(work.registry_data).data()


def drafted(work: Workspace, changes: Iterable[Change]) -> Draft:
    """The registry with the changes and today's date; a `UserError` for one that would then be in error."""
    if work.elsewhere is not None:
        hint = "Change it there, and run `portscan registry update` here."
        raise UserError(f"the registry is kept in {work.elsewhere.git}", hint)
    dated = acts.dated(values(work), work.today)
    after = settled(work.registry_data, edited(work.registry.path, work.registry_data, (*changes, *dated)))
    loaded = load(work.registry.path, after)
    if loaded.registry is None:
        raise _wrong(loaded.findings)
    worse = _worse(work.registry, loaded.registry)
    errors = [finding for finding in worse if finding.severity == "error"]
    if errors:
        raise _wrong(errors)
    return Draft(work.registry.path, work.registry_data, after, loaded.registry, worse)


def _wrong(findings: Sequence[Finding]) -> UserError:
    first = findings[0]
    return UserError(f"the registry would be in error: {first.message}", f"Nothing was changed. {first.help or ''}".strip())


def _worse(before: Registry, after: Registry) -> tuple[Finding, ...]:
    """The findings in a registry that were not there before."""
    known = Counter((finding.code, finding.message) for finding in check(before, catalogue()))
    found = []
    for finding in check(after, catalogue()):
        if known[finding.code, finding.message]:
            known[finding.code, finding.message] -= 1
        else:
            found.append(finding)
    return tuple(found)


def tell(streams: Streams, findings: Sequence[Finding], data: bytes) -> None:
    """Warnings about what was planned, on the stream for remarks."""
    from portscan.reporters import reporter

    if findings:
        report = Report(tuple(findings), files=1)
        streams.err.write("".join(reporter("text").render(report, replace(streams, out=streams.err), {findings[0].path: data})))


def show(streams: Streams, files: Sequence[NewFile]) -> None:
    """The changes as a diff on standard output."""
    deliver_diff(diff(files), streams)


def carry_out(work: Workspace, files: Sequence[NewFile]) -> None:
    """Write all files, or none of them."""
    write(work.root, work.top, files)


def conclude(work: Workspace, draft: Draft, args: Namespace, streams: Streams, done: str, others: Sequence[NewFile] = ()) -> None:
    """Write the draft with `others` that go with it, and say what was `done`; only show it for a dry run."""
    files = together((draft.file, *others), sync(work, draft) if args.sync else ())
    if args.dry_run:
        show(streams, files)
        return
    carry_out(work, files)
    tell(streams, draft.worse, draft.after)
    streams.out.write(printable(done) + "\n")
    remind(work, streams, synced=args.sync)


def remind(work: Workspace, streams: Streams, *, synced: bool) -> None:
    """Say that generated files wait to be brought up to date, where there are any."""
    if work.config.generate and not synced:
        streams.err.write("Run `portscan sync` to bring the generated files up to date.\n")


def sync(work: Workspace, draft: Draft) -> tuple[NewFile, ...]:
    """The generated files as they follow from the registry as it would be."""
    from portscan.generators.sync import synced

    return synced(replace(work, registry=draft.registry, registry_data=draft.after)).files


def together(files: Sequence[NewFile], made: Iterable[NewFile]) -> tuple[NewFile, ...]:
    """The files, and those that are generated, each once."""
    generated = {file.path: file for file in made}
    merged = tuple(_merged(file, generated.pop(file.path)) if file.path in generated else file for file in files)
    return (*merged, *generated.values())


def _merged(ours: NewFile, theirs: NewFile) -> NewFile:
    """Both changes of a file: blocks in it are generated, and what is beside them follows."""
    before = ours.before or b""
    pieces = sorted((*_pieces(before, ours.after or b""), *_pieces(before, theirs.after or b"")), reverse=True)
    lines = before.splitlines(keepends=True)
    for start, end, after in pieces:
        lines[start:end] = after
    return NewFile(ours.path, ours.before, b"".join(lines))


def _pieces(before: bytes, after: bytes) -> Iterator[tuple[int, int, list[bytes]]]:
    """The lines that change, and what they become."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for tag, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield start, end, new[begin:stop]
