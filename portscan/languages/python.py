"""Python, by libcst. Positions are in characters of the text that libcst was given, so no encoding can shift them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from portscan.expressions import compiled
from portscan.languages import Language, Unreadable
from portscan.languages.prose import comments_of
from portscan.languages.python_chains import longest_chain
from portscan.languages.python_context import FLAG, Climb
from portscan.languages.python_parts import portions, smaller
from portscan.model import Reason
from portscan.records import dataclass, field
from portscan.sites import ARGUMENTS, Form, Items, Site, Value
from portscan.text import ESCAPES, Text, nesting

if TYPE_CHECKING:
    import libcst as cst

    from portscan.languages.python_places import Places

__all__ = ("portions", "sites", "smaller")

FIRST = compiled(r"^([ \t]*)[^\s#]", re.MULTILINE)  # the first line that is not empty
HEADER = compiled(r"^[ \t]*(?:async|class|def|for|if|while|with)\b", re.MULTILINE)
LEAVES = frozenset(("Comment", "Integer", "SimpleString", "FormattedString", "List", "Tuple"))
CANDIDATE = compiled(r"\d{2}")
DEEPEST = 100  # half of what Python itself takes
LONGEST_CHAIN = 300  # libcst takes a second for two thousand, and eight for twice as many
SHORT, STACK = 4_000, 256 << 20
PREFIX = compiled(r"[A-Za-z]*(\"\"\"|'''|\"|')")


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """Numbers, strings and comments of a Python file, or of a part of one."""
    del path
    first = FIRST.search(text.value)
    indent = first[1] if first else ""
    before = "if x:\n" if indent else ""
    places = _places(before, text.value, indent)
    walk = _Walk(text, places, len(before), language.digit_separator)
    yield from walk.sites()
    yield from comments_of(walk.comments, language)


def _places(before: str, text: str, indent: str) -> Places:
    """Where the nodes of a part stand.

    A block goes on behind it where libcst would not see its end, for a comment further out; and a header has a body, which is
    another part, or nothing to read.
    """
    try:
        return _parsed(before + text)
    except Unreadable as error:
        refused = error
    for blanks in filter(None, (indent, f"{indent} " if HEADER.search(text) else "")):
        try:
            return _parsed(f"{before}{text}\n{blanks}pass")
        except Unreadable as error:
            refused = error
    raise refused


def _parsed(source: str) -> Places:
    """Where the nodes of a file stand. Whatever libcst stumbles over is left to the tolerant reader."""
    from portscan.languages.python_parser import parse
    from portscan.languages.python_places import Places

    if nesting(source) > DEEPEST:
        raise Unreadable(Reason("libcst: too many nested brackets"))
    if longest_chain(source) > LONGEST_CHAIN:
        raise Unreadable(Reason("libcst: too long a chain of operators, attributes or calls"))
    try:
        return Places(_on_a_large_stack(parse, source), source)
    except Exception as error:
        raise Unreadable(Reason(f"libcst: {(str(error).splitlines() or [type(error).__name__])[0]}")) from None


def _on_a_large_stack(parse: Callable[[str], cst.Module], source: str) -> cst.Module:
    """Parse in a thread: libcst calls itself for every link of a chain, and a long one would end the process."""
    if len(source) < SHORT:
        return parse(source)
    from threading import Thread, stack_size

    answer: list[cst.Module | BaseException] = []

    def parsed() -> None:
        try:
            answer.append(parse(source))
        except BaseException as error:  # it is raised again by whoever waits for it
            answer.append(error)

    before = stack_size(STACK)
    try:
        thread = Thread(target=parsed)
        thread.start()
        thread.join()
    finally:
        stack_size(before)
    (found,) = answer
    if isinstance(found, BaseException):
        raise found
    return found


@dataclass(slots=True)
class _Walk:
    """One pass over the tree, whose source has `shift` characters in front of the text.

    `separator` may stand between digits; `comments` collects what is judged as comment when the pass is over.
    """

    text: Text
    places: Places
    shift: int
    separator: str
    comments: list[Text] = field(default_factory=list)

    def part(self, node: cst.CSTNode) -> Text:
        """The source text of a node."""
        start, end = self.places.spans[node]
        return self.text.part(start - self.shift, end - self.shift)

    def code(self, node: cst.CSTNode) -> str:
        return self.part(node).value

    def sites(self) -> Iterator[Site]:
        """The sites of the literals; a list comes before its elements."""
        spans = self.places.spans
        leaves = [node for node in spans if type(node).__name__ in LEAVES]
        for node in sorted(leaves, key=lambda each: (spans[each][0], -spans[each][1])):
            if CANDIDATE.search(self.code(node)) or type(node).__name__ == "Integer":
                yield from self.leaf(node)

    def leaf(self, node: cst.CSTNode) -> Iterator[Site]:
        kind = type(node).__name__
        if kind == "Comment":
            self.comments.append(self.part(node))
        elif kind == "Integer":
            text = self.part(node).without(self.separator)
            if text.value.isdigit():
                yield self.value(text, "number", node)
        elif kind in ("List", "Tuple"):
            yield from self.listed(node)
        elif kind == "SimpleString" and type(self.places.above.get(node)).__name__ == "Expr":
            self.comments.append(self.inner(node))  # a docstring
        else:
            yield self.value(self.inner(node), "string", node)

    def value(self, text: Text, form: Form, node: cst.CSTNode) -> Value:
        climb = Climb(self.code)
        climb.up(node, self.places.ancestors(node))
        return Value(text, form, tuple(reversed(climb.names)), climb.call, climb.argument, climb.left)

    def listed(self, node: Any) -> Iterator[Site]:
        """A list of strings with flags in it, which is a command line word by word."""
        parts = [e.value for e in node.elements]
        words = [self.inner(part) for part in parts if type(part).__name__ in ("SimpleString", "FormattedString")]
        if len(words) > 1 and any(FLAG.match(w.value) for w in words) and any(CANDIDATE.search(w.value) for w in words):
            yield Items(tuple(words), (ARGUMENTS,))

    def inner(self, node: cst.CSTNode) -> Text:
        """The characters of a string, without its prefix and quotes."""
        whole = self.part(node)
        opening = PREFIX.match(whole.value)
        assert opening is not None
        inner = whole.part(opening.end(), len(whole.value) - len(opening[1]))
        return inner if "r" in opening.group().lower() else inner.unescaped(ESCAPES)
