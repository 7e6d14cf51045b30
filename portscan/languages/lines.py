"""Files of keys and values, one a line: `.env`, INI, properties, systemd units, TOML, and YAML that no parser takes.

The language's data gives the `comments` marks and the `separators`; one with a blank at its end may also end a line. Indentation
and `[section]` lines make the key path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from portscan.expressions import compiled
from portscan.languages import Language
from portscan.languages.prose import comments_of
from portscan.sites import HOLDERS, ITEM, NAMING, Items, Site, Value
from portscan.text import Text

LINE = compiled(r"[^\r\n]+")
SECTION = compiled(r"\s*\[+([^\[\]\r\n][^\]\r\n]*)\]+\s*")
DIGITS = compiled(r"\d{2}")
ELEMENT = compiled(r"\"[^\"]*\"|'[^']*'|[^\s,\[\]\"']+")
ASSIGNED = compiled(r"([A-Za-z_]\w*)=")


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """The values of a file of keys, and its comments."""
    del path
    marks = "|".join(re.escape(m) for m in language.data.get("comments", ("#",)))
    separators = "|".join(map(_separator, language.data.get("separators", ("=",))))
    key = r"[^\s=:\"'#]+?|\"[^\"]+\"|'[^']+'"
    key_value = compiled(rf"(?P<indent>[ \t]*(?:-[ \t]+)*)(?:export[ \t]+)?(?P<key>{key})[ \t]*(?:{separators})[ \t]*")
    comment = compiled(rf"(?:^|(?<=\s))(?:{marks}).*")
    comments: list[Text] = []
    stack: list[tuple[int, str]] = []
    called: dict[int, str] = {}
    for match in LINE.finditer(text.value):
        line = text.part(match.start(), match.end())
        found = _comment(comment, line)
        if found is not None:
            comments.append(line.part(found, len(line.value)))
            line = line.part(0, found)
        for site in _line(line, key_value, stack, called):
            yield _undivided(site, language.digit_separator)
    yield from comments_of(comments, language)


def _separator(mark: str) -> str:
    return re.escape(mark) if mark == mark.rstrip() else rf"{re.escape(mark.rstrip())}(?=\s|\Z)"


def _undivided(site: Site, separator: str) -> Site:
    """A number without what stands between its digits."""
    if not isinstance(site, Value):
        return site
    number = site.text.without(separator)
    return site._replace(text=number) if number.value.isdigit() else site


def _comment(pattern: re.Pattern[str], line: Text) -> int | None:
    """Where the comment of a line begins: at the first mark that is not inside quotes."""
    for match in pattern.finditer(line.value):
        before = line.value[: match.start()]
        if before.count('"') % 2 == 0 and before.count("'") % 2 == 0:
            return match.start()
    return None


def _line(line: Text, key_value: re.Pattern[str], stack: list[tuple[int, str]], called: dict[int, str]) -> Iterator[Site]:
    section = SECTION.fullmatch(line.value)
    if section:
        stack[:] = [(-1, section[1])]
        if DIGITS.search(section[1]):
            yield Value(line.part(*section.span(1)), "string")
        return
    match = key_value.match(line.value)
    if match is None:
        if DIGITS.search(line.value):
            indent = len(line.value) - len(line.value.lstrip())
            listed = line.value.lstrip().startswith("-")
            names = tuple(name for depth, name in stack if depth < indent + listed)  # a dash may stand under its key
            yield from item(_trimmed(line), (*names, ITEM) if listed else names)
        return
    indent = len(match["indent"])
    while stack and stack[-1][0] >= indent:
        stack.pop()
    value = _trimmed(line.part(match.end(), len(line.value)))
    key = match["key"].strip("\"'")
    if key in NAMING:
        called[indent] = value.value
    elif "-" in match["indent"]:
        called.pop(indent, None)
    stack.append((indent, called.get(indent, key) if key in HOLDERS else key))
    if DIGITS.search(value.value):
        names = tuple(name for _, name in stack)
        words = _elements(value)
        yield Items(words, names) if words else Value(value, "word", names)


def _elements(value: Text) -> tuple[Text, ...]:
    """The elements of `["a", "b"]`; none when the value is no list."""
    if not value.value.startswith("[") or not value.value.endswith("]"):
        return ()
    return tuple(_trimmed(value.part(*match.span())) for match in ELEMENT.finditer(value.value))


def item(text: Text, names: tuple[str, ...]) -> Iterator[Site]:
    """An element of a list, which may itself be `NAME=value`."""
    match = ASSIGNED.match(text.value)
    if match:
        yield Value(_trimmed(text.part(match.end(), len(text.value))), "word", (*names, match[1]))
    else:
        yield Value(text, "string", names)


def _trimmed(text: Text) -> Text:
    """The text without the blanks, the list dash and the quotes around it."""
    match = re.match(r"\s*(?:-\s+)*", text.value)
    start, end = match.end() if match else 0, len(text.value.rstrip())
    value = text.value[start:end]
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        start, end = start + 1, end - 1
    return text.part(start, max(start, end))
