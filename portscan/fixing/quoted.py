"""A mapping that a program quotes word by word, a test above all: changed in one place alone, the two no longer agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from portscan.fixing.together import unsure
from portscan.git.quoting import Quote
from portscan.model import Finding

# What is read by people, has mappings of its own, or is data.
WITHOUT: Final = tuple(
    f"*.{end}" for end in ("md", "mdx", "rst", "adoc", "txt", "html", "yml", "yaml", "json", "jsonl", "csv", "svg")
)
WORD: Final = re.compile(rb"[^\s\"'`\[\]{},]+")
PUBLISHED: Final = r"(?:-p|--publish)[ =]*[\"']?"


def mappings(findings: Iterable[Finding], sources: Mapping[str, bytes]) -> dict[Finding, str]:
    """The mappings in which safe fixes change a number, as they are written."""
    safe = (each for each in findings if each.fix and each.fix.applicability == "safe" and each.literal)
    return {each: _written(each, sources[each.path]) for each in safe if each.literal and each.literal.kind == "mapping"}


def _written(finding: Finding, data: bytes) -> str:
    start = finding.literal.span.start if finding.literal else 0
    line = data.rfind(b"\n", 0, start) + 1
    word = next(match for match in WORD.finditer(data, line) if match.end() > start)
    return word.group().decode("utf-8", "replace")


def wanted(written: Mapping[Finding, str]) -> frozenset[str]:
    """What to look for: the mappings, and the names of the files they stand in. Who quotes a file names it."""
    return frozenset((*written.values(), *(_name(finding.path) for finding in written)))


def noted(finding: Finding, written: str, lines: Iterable[Quote], path: str) -> Finding:
    """The finding, whose fix is not safe where another file than its own `path` names that one, and quotes what is `written`."""
    name, text = _alone(_name(path)), _alone(written)
    others = [each for each in lines if each.path != path]
    naming = {each.path for each in others if name.search(each.text)}
    own = re.compile(PUBLISHED + re.escape(written))
    found = (each for each in others if each.path in naming and text.search(each.text) and not own.search(each.text))
    quote = next(found, None)
    return unsure(finding, f"`{written}` is quoted in {quote.path}, line {quote.line}") if quote else finding


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _alone(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.:-]){re.escape(text)}(?![\w:-])")
