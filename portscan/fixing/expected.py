"""What a test expects, or puts in the place of something real: it says what a number is to be, whatever the environment says.

Told by the words of the line, and of those that hold it: `expect(…)`, `assert_file_contains …`, `vi.mock(…, () => ({`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from portscan.expressions import compiled
from portscan.model import PortLiteral
from portscan.source import Source

EXPECTED: Final = "a test expects this, or puts it in the place of something, whatever the environment says"
FARTHEST: Final = 200  # lines above that may hold a line
TEST: Final = compiled(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|specs?|testdata)/|(?:^|/)test_[^/]*$|[._-](?:[a-z]+(?<!la))?(?:test|spec)s?\.\w+$"
    r"|[a-z0-9](?:Tests?|Specs?)\.\w+$"
)
TEXT: Final = compiled(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`")
COMPARED: Final = compiled(
    r"assert|expect|mock|stub|\bfake|\bspy|snapshot|\bhoisted\b|\.should\b|\.to(?:Be|Equal|Match|Contain|Have|Strict)\w*"
    r"|\bnock\b|\brespx\b|\bresponses\.|[!=]=|=~|\s-(?:eq|ne)\s|\[\[? [^=\n]{0,200} = |\b(?:diff|cmp|grep)\b",
    re.IGNORECASE,
)
DEFINED: Final = compiled(r"\s*(?:export\s+)?(?:async\s+)?(?:def|class|function)\b")
HEREDOC: Final = compiled(r"(?<!<)<<-?\s*[\"'\\]?(\w+)")


def expected(source: Source, literal: PortLiteral) -> bool:
    """Whether a number in the code of a test is what something is compared with, or stands in for."""
    if literal.context != "code" or not TEST.search(source.path):
        return False
    return any(map(_compares, _holding(source, literal.location.line)))


@lru_cache(maxsize=1024)
def _compares(line: str) -> bool:
    """Whether a line compares something. A long one may hold thousands of numbers, each of which is asked about."""
    return COMPARED.search(TEXT.sub("''", line)) is not None


def _holding(source: Source, number: int) -> Iterator[str]:
    """The line of a number, and those above within which it stands: by their indentation, or as what opens its heredoc."""
    yield source.line_text(number)
    depth = _depth(source.line_text(number))
    for above in range(number - 1, max(number - FARTHEST, 0), -1):
        text = source.line_text(above)
        less = bool(text.strip()) and _depth(text) < depth
        if less and DEFINED.match(text):
            return
        if less or _opens(source, above, number):
            yield text
        depth = _depth(text) if less else depth


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip())


def _opens(source: Source, above: int, number: int) -> bool:
    """Whether a line opens a here-document that has not ended at the line `number`."""
    match = HEREDOC.search(source.line_text(above))
    return match is not None and not any(source.line_text(each).strip() == match[1] for each in range(above + 1, number))
