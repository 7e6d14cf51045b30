"""Whether a character stands in a comment, by the syntax of its file: what looks like one may be part of a text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import StringIO

from portscan.expressions import compiled
from portscan.languages import Language, Unreadable
from portscan.source import Source

OF_A_WORD = compiled(r"(?<![^\s;&|()`])(?<!\\.)#")  # the shell knows a comment by where it begins


Inside = Callable[[int], bool]


def commented(source: Source, language: Language, offset: int) -> bool:
    """Whether a comment begins at the character `offset`, or holds it."""
    return comments(source, language)(offset)


def comments(source: Source, language: Language) -> Inside:
    """Tells of characters whether a comment begins at them, or holds them: the file is parsed once, and only if one is asked."""
    return READERS.get(language.reader, _lines)(source, language)


def _within(spans: Iterable[tuple[int, int]]) -> Inside:
    """Whether a character lies in one of the spans, of which none holds another."""
    found = sorted(spans)
    starts = [start for start, _ in found]

    def inside(offset: int) -> bool:
        number = bisect_right(starts, offset) - 1
        return number >= 0 and offset < found[number][1]

    return inside


def _python(source: Source, language: Language) -> Inside:
    from tokenize import COMMENT, TokenError, generate_tokens

    begins: dict[int, int] = {}
    try:
        for token in generate_tokens(StringIO(source.text, newline="").readline):
            if token.type == COMMENT:
                begins[token.start[0]] = source.line_start(token.start[0]) + token.start[1]
    except (TokenError, SyntaxError):
        # What was read before the fault counts, and what stands behind it is told by the marks.
        code, last = _code(source, language), max(begins, default=0)
        return lambda at: _behind(begins, source, at) if source.location(at, at).line <= last else code(at)
    return lambda at: _behind(begins, source, at)


def _behind(begins: Mapping[int, int], source: Source, offset: int) -> bool:
    return begins.get(source.location(offset, offset).line, offset + 1) <= offset


def _javascript(source: Source, language: Language) -> Inside:
    from portscan.spelling.javascript_tree import parsed

    del language
    tree = parsed(source.path, source.text)
    # `{/* … */}` is an expression that holds a comment and nothing else
    inside = _within(tree.span(node) for node in tree.nodes("comment", "html_comment"))
    return lambda offset: inside(offset + source.text.startswith("{", offset))


def _code(source: Source, language: Language) -> Inside:
    from portscan.languages.tokens import tokens_of

    found = _within((token.start, token.end) for token in tokens_of(source.text, language.data).comments)
    return lambda offset: found(offset) and _between(source.text, language.data.get("between", ()), offset)


def _between(text: str, marks: Sequence[str], offset: int) -> bool:
    """Whether a place is in the language itself, where that stands between marks in the midst of another one."""
    return not marks or text.rfind(marks[0], 0, offset) > text.rfind(marks[1], 0, offset)


def _markup(source: Source, language: Language) -> Inside:
    """Of a template nobody knows whether markup is what it makes."""
    from portscan.fixing.markup import ENDS, comments_in

    known = not language.data.get("wraps") and any(opening in ENDS for opening, _ in language.data.get("blocks", ()))
    return _within(comments_in(source.text)) if known else _lines(source, language)


def _settings(source: Source, language: Language) -> Inside:
    """Where strings of several lines are known, as in TOML, what looks like a comment may be in one."""
    return (_code if "strings" in language.data else _lines)(source, language)


def _make(source: Source, language: Language) -> Inside:
    from portscan.spelling.make import DEFINED

    lines, found = _lines(source, language), [(match.start(), match[1]) for match in DEFINED.finditer(source.text)]
    starts = [start for start, _ in found]

    def inside(offset: int) -> bool:
        number = bisect_right(starts, offset) - 1
        return lines(offset) and (number < 0 or found[number][1] == "endef")

    return inside


def _yaml(source: Source, language: Language) -> Inside:
    from portscan.spelling.yaml_scalars import scalar_at

    lines = _lines(source, language)

    def inside(offset: int) -> bool:
        try:
            return scalar_at(source.text, offset) is None and lines(offset)
        except Unreadable:
            return lines(offset)

    return inside


def _shell(source: Source, language: Language) -> Inside:
    from portscan.spelling.shell_quoting import quoting

    del language

    def inside(offset: int) -> bool:
        begin = source.text.rfind("\n", 0, offset) + 1
        return any(quoting(source.text, mark.start()) == "bare" for mark in OF_A_WORD.finditer(source.text, begin, offset + 1))

    return inside


def _dockerfile(source: Source, language: Language) -> Inside:
    from portscan.languages.dockerfile import documents

    del language
    text = _within(documents(source.text))
    return lambda offset: not source.text[source.text.rfind("\n", 0, offset) + 1 : offset].strip() and not text(offset)


def _lines(source: Source, language: Language) -> Inside:
    """A comment that ends with its line, behind whole quotes; or one of several lines that is not closed in between."""
    text, marks, blocks = source.text, language.data.get("comments", ()), language.data.get("blocks", ())

    def inside(offset: int) -> bool:
        for opening, closing in blocks:
            begin = text.rfind(opening, 0, offset + len(opening))
            if begin >= 0 and text.find(closing, begin) >= offset:
                return True
        begin = text.rfind("\n", 0, offset) + 1
        starts = (i for i in range(begin, offset + 1) for mark in marks if text.startswith(mark, i))
        return any(not any(text.count(quote, begin, i) % 2 for quote in "\"'") for i in starts)

    return inside


READERS: Mapping[str, Callable[[Source, Language], Inside]] = {
    "python": _python,
    "javascript": _javascript,
    "code": _code,
    "yaml": _yaml,
    "shell": _shell,
    "dockerfile": _dockerfile,
    "markup": _markup,
    "lines": _settings,
    "make": _make,
}
