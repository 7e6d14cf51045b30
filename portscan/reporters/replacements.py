"""What the edits of a report put in place, as text: edits are in the bytes of their file, which need not be UTF-8."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portscan.source import Source, decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portscan.model import Edit, Report


def edited(report: Report, sources: Mapping[str, bytes]) -> Mapping[str, Source]:
    """The files that the fixes of a report would change, as far as their bytes are known."""
    paths = {edit.path for finding in report.findings if finding.fix for edit in finding.fix.edits}
    read = (decode(path, sources[path]) for path in sorted(paths & sources.keys()))
    return {source.path: source for source in read if isinstance(source, Source)}


def replacement(edit: Edit, files: Mapping[str, Source]) -> str:
    """The text that an edit puts in; that of a file which is not among `files` is taken for UTF-8."""
    source = files.get(edit.path)
    return edit.after.decode(source.encoding if source else "utf-8", "replace")
