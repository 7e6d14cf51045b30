"""POSIX shell and bash, by regular expressions: simple commands, assignments, arrays, here-documents, comments.

This is no shell parser: it finds the words of each command line, which is all that detection asks for, and goes on after
whatever it does not understand.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from portscan.expressions import compiled
from portscan.languages import Language
from portscan.languages.prose import comments_of, lines
from portscan.records import dataclass, field
from portscan.sites import ITEM, Command, Embedded, Site, Value
from portscan.text import Text

COMMANDS = r"\((?:[^()'\"]|'[^']*'|\"(?:\\[\s\S]|[^\"\\])*\"|\((?:[^()]|\([^()]*\))*\)){0,2000}\)"
SUBSTITUTION = rf"\${COMMANDS}"


def _double(without: str = "") -> str:
    """A text between double quotes; a dollar alone is one before which no substitution begins: there is one way to read it."""
    return rf'"(?:\\[\s\S]|{SUBSTITUTION}|[^"\\${without}]|\$(?!{COMMANDS}))*"'


DOUBLE = _double()


def _tokens(without: str) -> str:
    """The tokens, with quoted texts that may be `without` some characters; a quote that ends none is a `lone` one."""
    double = _double(without)
    return rf"""(?P<blank>[ \t]+|\\\r?\n)
        |(?P<comment>\#[^\r\n]*)
        |<<-?[ \t]*(?P<quote>\\?["']?)(?P<tag>[A-Za-z_]\w*)["']?
        |(?P<end>\r\n|\n|;;?|&&|\|\|?|&(?![>\d])|\(|\))
        |(?P<word>(?:[\w=]+(?:\[[^\]\n]{{0,200}}\]=)?|[^\s;&|()'"\\`$\w=]+|\\.|'[^'{without}]*'|{double}|{SUBSTITUTION}
            |`[^`{without}]*`|\$\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}}|\$|[&](?=[>\d])|(?P<lone>['"`]))+)
        [ \t]*"""


TOKEN = compiled(_tokens(""), re.VERBOSE)
IN_LINES = compiled(_tokens(r"\r\n"), re.VERBOSE)
# Lines in which there can be no port, and which leave nothing open: most are so. A comment ends no pipeline.
PLAIN = r"[^\r\n\d'\"`\\\[$()<|&]*"
QUOTED = (
    r"""(?<![\w=])\[|\(?\)|&&|\|\||"[^"\\$`\r\n\d]*(?:\$(?!\()[^"\\$`\r\n\d]*)*"|'[^'\r\n\d]*'"""
    r"|\$(?:[A-Za-z_]+(?![A-Za-z_])|\{[A-Za-z_]+\})"
)
IDLE = compiled(rf"(?:[ \t]*(?:\#[^\r\n\d]*|(?P<command>(?![\s\#]){PLAIN}(?:(?:{QUOTED}){PLAIN})*))?\n){{1,100}}")
DIGIT = compiled("[1-9]")
ASSIGNMENT = compiled(r"(?:export\s+)?([A-Za-z_]\w*)(?:\[([^\]]*)\])?\+?=", re.DOTALL)
ELEMENT = compiled(r"\[([^\]]*)\]=")
INNER = compiled(r"\$\(((?:[^()'\"]|'[^']*'|\"(?:\\[\s\S]|[^\"\\])*\"|\((?:[^()]|\([^()]*\))*\))*)\)|`([^`]*)`")
DECLARING = frozenset(("export", "local", "declare", "readonly", "typeset", "env", "set"))
QUOTES = frozenset("'\"")
GOING_ON = frozenset(("\n", "\r\n", "|", "("))  # behind these a pipe may still be open, with nothing in between
TESTS = frozenset(("[", "[[", "test"))
KEYWORDS = frozenset(("if", "elif", "then", "else", "while", "until", "do", "!", "{", "time"))
COMPARING = frozenset(("-eq", "-ne", "=", "==", "!="))
ESCAPES = {'"': '"', "$": "$", "`": "`", "\\": "\\"}
NAME = compiled(r"[A-Za-z_]\w*")


@dataclass(slots=True)
class _Script:
    """Where the words of the command are that is read, and what is still open; whether a quote was met that ends no text.

    `digit` is the end of the next one, and `line` the beginning of its line.
    """

    token: re.Pattern[str] = TOKEN
    words: list[tuple[int, int]] = field(default_factory=list)
    heredocs: list[tuple[str, bool]] = field(default_factory=list)
    before: str = ""
    lone: bool = False
    digit: int = 0
    line: int = 0

    def passes(self, source: str, end: str) -> bool:
        """Whether the command that ends is over: without digits, it opens nothing and hands nothing on. Most are so."""
        if not (self.words or self.heredocs):
            self.before = self.before if end in GOING_ON else ""
            return True
        if self.heredocs or end in ("|", "(") or DIGIT.search(source, self.words[0][0], self.words[-1][1]):
            return False
        self.words, self.before = [], ""
        return True


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """Commands, assignments and comments of a script.

    A quote too many turns all that follows inside out: then quoted texts end with their lines.
    """
    del path
    script = _Script()
    found = tuple(_sites(text, language, script))
    yield from _sites(text, language, _Script(IN_LINES)) if script.lone else found


def _sites(text: Text, language: Language, script: _Script) -> Iterator[Site]:
    position, source, token = 0, text.value, script.token
    comments: list[Text] = []
    while position < len(source):
        if not script.words and (not position or source[position - 1] == "\n"):
            position = _busy(script, source, position)
        match = token.match(source, position)
        if match is None:
            position += 1
            continue
        position, kind = match.end(), match.lastgroup
        if kind == "word":
            script.words.append(match.span("word"))
            script.lone = script.lone or match["lone"] is not None
        elif kind == "end":
            if not script.passes(source, match["end"]):
                position = yield from _ended(text, script, match["end"], position, comments)
        elif kind == "comment":
            if match.start() and source[match.start() - 1] not in " \t\n\r;&|(){}":
                script.words.append(match.span())
            else:
                comments.append(text.part(*match.span()))
        elif kind == "tag":
            script.heredocs.append((match["tag"], not match["quote"]))
    yield from _command(text, script, "\n")
    yield from comments_of(comments, language)


def _ended(text: Text, script: _Script, end: str, position: int, comments: list[Text]) -> Generator[Site, None, int]:
    """The command that ends at `position`, and what begins there; returns where reading goes on."""
    if end == "(" and script.words and text.value[script.words[-1][1] - 1] == "=":
        return (yield from _array(text, script, position, comments))
    yield from _command(text, script, end)
    return (yield from _heredocs(text, script, position)) if end in ("\n", "\r\n") else position


def _busy(script: _Script, source: str, position: int) -> int:
    """Where the first line begins, from `position` on, that may hold a port. That with the next digit is not tried."""
    if position >= script.digit:
        digit = DIGIT.search(source, position)
        script.digit = digit.end() if digit else len(source) + 1
        script.line = source.rfind("\n", position, script.digit) + 1
    while position < script.line and (idle := IDLE.match(source, position, script.line)):
        position = idle.end()
        script.before = "" if idle["command"] else script.before
    return position


def _command(text: Text, script: _Script, end: str) -> Iterator[Site]:
    """The sites of the words so far, which are a command. One without digits has none."""
    spans, script.words = script.words, []
    if end != "|" and not (spans and DIGIT.search(text.value, spans[0][0], spans[-1][1])):
        script.before = "" if spans else script.before
        return
    words = [text.part(*span) for span in spans]
    while words and words[0].value in KEYWORDS:
        del words[0]
    first = 0
    while first < len(words) and (words[first].value in DECLARING or ASSIGNMENT.match(words[first].value)):
        first += 1
    for word in words[:first]:
        yield from _assignment(word)
    rest = words[first:] if first else words
    yield from _special(rest)
    bare = tuple([_bare(word) if word.value[-1] in QUOTES else word for word in rest])
    if bare:
        yield Command(bare, after=script.before)
    for word in rest:
        if "(" in word.value or "`" in word.value:
            yield from _inside(word)
    program = bare[0].value.rsplit("/", 1)[-1] if bare else ""
    if program == "sudo" and len(bare) > 1:
        program = bare[1].value
    script.before = (script.before or program) if end == "|" else ""


def _assignment(word: Text) -> Iterator[Site]:
    match = ASSIGNMENT.match(word.value)
    if match is None:
        return
    names = (match[1],) if match[2] is None else (match[1], match[2].strip("\"'"))
    if match[2] is not None:
        yield Value(_bare(word.part(*match.span(2))), "word", (match[1], ITEM))
    yield Value(_bare(word.part(match.end(), len(word.value))), "word", names)
    yield from _inside(word)


def _special(words: list[Text]) -> Iterator[Site]:
    """`for port in 3000 3001` and `[ "$port" = 3000 ]` give their numbers a name."""
    values = [w.value for w in words]
    if TESTS.isdisjoint(values) and values[:1] != ["for"]:  # as most are
        return
    if len(values) > 3 and values[0] == "for" and values[2] == "in":
        yield from (Value(_bare(w), "word", (values[1], ITEM)) for w in words[3:])
    tests = [i for i, v in enumerate(values) if v in TESTS]
    for start in tests:
        for i in range(start + 2, len(values) - 1):
            name = NAME.search(values[i - 1])
            if values[i] in COMPARING and name and "$" in values[i - 1]:
                yield Value(_bare(words[i + 1]), "word", (name.group(),))


def _bare(word: Text) -> Text:
    """The word without the quotes around the whole of it."""
    value = word.value
    if len(value) > 1 and value[0] == value[-1] == "'" and "'" not in value[1:-1]:
        return word.part(1, len(value) - 1)
    if len(value) > 1 and value[0] == value[-1] == '"' and re.fullmatch(DOUBLE, value):
        return word.part(1, len(value) - 1).unescaped(ESCAPES)
    return word


def _inside(word: Text) -> Iterator[Site]:
    """The command substitutions in a word."""
    if word.value.startswith("'") or not ("$(" in word.value or "`" in word.value):
        return
    for match in INNER.finditer(word.value):
        group = 1 if match[1] is not None else 2
        if match[group]:
            yield Embedded("shell", word.part(*match.span(group)).unescaped({'"': '"'}))


def _array(text: Text, script: _Script, position: int, comments: list[Text]) -> Generator[Site, None, int]:
    """The elements of `NAME=( … )`; returns where the array ends."""
    script.before, head = "", ASSIGNMENT.match(text.value[slice(*script.words.pop())])
    name = head[1] if head else ""
    source = text.value
    while position < len(source) and source[position] != ")":
        match = script.token.match(source, position)
        position = match.end() if match else position + 1
        script.lone = script.lone or (match is not None and match["lone"] is not None)
        if match and match["comment"]:
            comments.append(text.part(*match.span()))
        elif match and match["word"]:
            yield from _element(text.part(*match.span("word")), name)
    return position + 1


def _element(word: Text, name: str) -> Iterator[Site]:
    key = ELEMENT.match(word.value)
    if key is None:
        yield Value(_bare(word), "word", (name, ITEM))
        return
    yield Value(_bare(word.part(*key.span(1))), "word", (name, ITEM))
    yield Value(_bare(word.part(key.end(), len(word.value))), "word", (name, key[1].strip("\"'")))


def _heredocs(text: Text, script: _Script, position: int) -> Generator[Site, None, int]:
    """The here-documents that begin behind the line that ends at `position`; returns where the last one ends."""
    for tag, _expands in script.heredocs:
        end = re.compile(rf"^[ \t]*{re.escape(tag)}[ \t]*\r?$", re.MULTILINE).search(text.value, position)
        stop = end.start() if end else len(text.value)
        for line in lines(text.part(position, stop)):
            yield Value(line, "string")
            yield from _inside(line)
        position = end.end() if end else stop
    script.heredocs.clear()
    return position
