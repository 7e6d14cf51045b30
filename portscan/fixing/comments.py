"""Whether a character stands in a comment, by the syntax of its file: what looks like one may be part of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from io import StringIO

from portscan.languages import Language, Unreadable
from portscan.source import Source

OF_A_WORD = re.compile(r"(?<![^\s;&|()`])(?<!\\.)#")  # the shell knows a comment by where it begins


def commented(source: Source, language: Language, offset: int) -> bool:
    """Whether a comment begins at the character `offset`, or holds it."""
    return READERS.get(language.reader, _lines)(source, language, offset)


def _python(source: Source, language: Language, offset: int) -> bool:
    from tokenize import COMMENT, TokenError, generate_tokens

    line = source.location(offset, offset).line
    try:
        for token in generate_tokens(StringIO(source.text, newline="").readline):
            if token.type == COMMENT and token.start[0] == line:
                return source.line_start(line) + token.start[1] <= offset
    except (TokenError, SyntaxError):
        return _code(source, language, offset)
    return False


def _javascript(source: Source, language: Language, offset: int) -> bool:
    from portscan.spelling.javascript_tree import parsed

    del language
    tree = parsed(source.path, source.text)
    # `{/* … */}` is an expression that holds a comment and nothing else
    spans = (tree.span(node) for node in tree.nodes("comment", "html_comment"))
    return any(start - source.text.startswith("{", offset) <= offset < end for start, end in spans)


def _code(source: Source, language: Language, offset: int) -> bool:
    from portscan.languages.tokens import tokens_of

    return any(token.start <= offset < token.end for token in tokens_of(source.text, language.data).comments)


def _yaml(source: Source, language: Language, offset: int) -> bool:
    from portscan.spelling.yaml_scalars import scalar_at

    try:
        return scalar_at(source.text, offset) is None and _lines(source, language, offset)
    except Unreadable:
        return _lines(source, language, offset)


def _shell(source: Source, language: Language, offset: int) -> bool:
    from portscan.spelling.shell_quoting import quoting

    del language
    begin = source.text.rfind("\n", 0, offset) + 1
    return any(quoting(source.text, mark.start()) == "bare" for mark in OF_A_WORD.finditer(source.text, begin, offset + 1))


def _dockerfile(source: Source, language: Language, offset: int) -> bool:
    del language
    return not source.text[source.text.rfind("\n", 0, offset) + 1 : offset].strip()


def _lines(source: Source, language: Language, offset: int) -> bool:
    """A comment that ends with its line, behind whole quotes; or one of several lines that is not closed in between."""
    text = source.text
    for opening, closing in language.data.get("blocks", ()):
        begin = text.rfind(opening, 0, offset + len(opening))
        if begin >= 0 and text.find(closing, begin) >= offset:
            return True
    begin = text.rfind("\n", 0, offset) + 1
    starts = (i for i in range(begin, offset + 1) for mark in language.data.get("comments", ()) if text.startswith(mark, i))
    return any(not any(text.count(quote, begin, i) % 2 for quote in "\"'") for i in starts)


READERS: Mapping[str, Callable[[Source, Language, int], bool]] = {
    "python": _python,
    "javascript": _javascript,
    "code": _code,
    "yaml": _yaml,
    "shell": _shell,
    "dockerfile": _dockerfile,
}
