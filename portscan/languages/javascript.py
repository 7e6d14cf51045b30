"""JavaScript and TypeScript, with and without JSX, by tree-sitter: from each run of digits straight to its node.

tree-sitter counts UTF-8 bytes; `_Tree` is the only place here that knows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from portscan.expressions import compiled, compiled_bytes
from portscan.languages import Language, Unreadable
from portscan.languages.backticks import mended_tree
from portscan.languages.javascript_context import Climb
from portscan.languages.prose import comments_of
from portscan.model import Reason
from portscan.records import dataclass
from portscan.sites import ARGUMENTS, Form, Items, Site, Value
from portscan.text import ESCAPES, Text

if TYPE_CHECKING:
    from tree_sitter import Node

LARGEST = 3 << 20  # the tree takes a hundred times as much
DEEPEST, EACH = 1_000, 32  # levels of the tree; each so many numbers it is looked at how deep they stand
DIGITS = compiled_bytes(rb"\d{2,}")
FURTHER = compiled_bytes(rb"[\x80-\xbf]")
FLAG = compiled(r"--?[A-Za-z]")
TEXTS = frozenset(("string", "template_string"))
# What tree-sitter need not be told: each escape in a string is a node of its own, and a text in JSON has one at every quote.
# In JSX a quote behind a backslash ends an attribute.
ESCAPE = {True: compiled_bytes(rb"\\[nrt\\/`]"), False: compiled_bytes(rb"\\[\"'nrt\\/`]")}
JSX = frozenset(("javascript", "tsx"))  # grammars
WHOLE = frozenset(("string", "template_string", "comment", "number", "jsx_text", "regex", "html_comment"))


def sites(text: Text, language: Language, path: str) -> Iterator[Site]:
    """Numbers, strings, templates, JSX text and comments that hold digits."""
    del path
    if len(text.value) > LARGEST:
        raise Unreadable(Reason("JavaScript: larger than 3 MiB"))
    data = text.value.encode("utf-8", "surrogatepass")
    tree = _Tree(text, data, () if len(data) == len(text.value) else tuple(m.start() for m in FURTHER.finditer(data)))
    grammar = language.data.get("grammar", "javascript")
    root = mended_tree(grammar, ESCAPE[grammar in JSX].sub(b"__", data)).root
    seen: set[tuple[int, int]] = set()
    comments = []
    for count, match in enumerate(DIGITS.finditer(tree.data)):
        if count % EACH == EACH - 1 and _deep(root, match.start()):
            raise Unreadable(Reason("JavaScript: nested too deeply"))
        node = _whole(root.descendant_for_byte_range(match.start(), match.end()))
        if node is None or (node.start_byte, node.end_byte) in seen:
            continue
        seen.add((node.start_byte, node.end_byte))
        if node.type in ("comment", "html_comment"):
            comments.append(tree.part(node))
            continue
        yield from _value(tree, node, language.digit_separator)
        array = node.parent if node.type in TEXTS else None
        if array is not None and array.type == "array" and (array.start_byte, array.end_byte) not in seen:
            seen.add((array.start_byte, array.end_byte))
            yield from _listed(tree, array)
    yield from comments_of(comments, language)


def _deep(root: Node, byte: int) -> bool:
    """Whether what stands at `byte` is so deep in the tree that looking at what is above it takes its time."""
    cursor, depth = root.walk(), 0
    while depth <= DEEPEST and cursor.goto_first_child_for_byte(byte) is not None:
        depth += 1
    return depth > DEEPEST


def _whole(node: Node | None) -> Node | None:
    """The literal that `node` is or is part of."""
    while node is not None and node.type not in WHOLE:
        if node.type in ("program", "statement_block", "template_substitution"):
            return None
        node = node.parent
    return node


@dataclass(frozen=True, slots=True)
class _Tree:
    """A text, the bytes that tree-sitter was given for it, and where characters go on: their bytes but the first."""

    text: Text
    data: bytes
    further: tuple[int, ...]

    def part(self, node: Node) -> Text:
        """The source text of a node."""
        return self.between(node.start_byte, node.end_byte)

    def between(self, start: int, end: int) -> Text:
        """The source text between two bytes."""
        return self.text.part(start - bisect_left(self.further, start), end - bisect_left(self.further, end))

    def code(self, node: Node | None) -> str:
        """The source text of a node as a plain string."""
        return "" if node is None else self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _value(tree: _Tree, node: Node, separator: str) -> Iterator[Site]:
    form: Form = "number"
    text = tree.part(node)
    if node.type in TEXTS:
        form, text = "string", _inner(text).unescaped(ESCAPES)
    elif node.type == "jsx_text":
        form = "string"
    elif node.type == "regex":
        form, text = "string", text.unescaped({"/": "/", ".": "."})
    else:
        text = text.without(separator)
        if not text.value.isdigit():
            return
    climb = Climb(tree.code)
    climb.up(node)
    yield Value(text, form, tuple(reversed(climb.names)), climb.call, climb.argument, climb.left)


def _inner(text: Text) -> Text:
    """What stands between the quotes of a text; one that was ended in its line (`backticks`) has none behind it."""
    return text.part(1, len(text.value) - (text.value[-1] == text.value[0]))


def _listed(tree: _Tree, array: Node) -> Iterator[Site]:
    """A list of strings with flags in it, which is a command line word by word."""
    parts = [tree.part(n) for n in array.named_children if n.type in TEXTS]
    words = tuple(_inner(p).unescaped(ESCAPES) for p in parts)
    if len(words) > 1 and any(FLAG.match(w.value) for w in words):
        yield Items(words, (ARGUMENTS,))
