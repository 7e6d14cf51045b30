"""Python: `int(os.environ.get("X") or 3103)`, f-strings, and concatenation where those would change the text.

`or` stands where a second argument of `get` would do for an unset variable but not for an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from portscan.model import PortLiteral
from portscan.records import dataclass, replace
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled
from portscan.spelling.python_compared import compared
from portscan.spelling.python_contexts import foreign, rule_for
from portscan.spelling.python_imports import Lookup, constant, lookup, taken
from portscan.spelling.python_strings import String, quotes_of
from portscan.spelling.python_tree import Tree, parsed
from portscan.trees import cst

# roles in which `a or b` needs no parentheses; `a + b` needs none in the second set either
OPEN = frozenset(
    (
        *("Arg.value", "Assign.value", "AnnAssign.value", "AugAssign.value", "NamedExpr.value", "Param.default", "Return.value"),
        *("Element.value", "DictElement.key", "DictElement.value", "Index.value", "Slice.lower", "Slice.upper", "Lambda.body"),
        *("If.test", "While.test", "Assert.test", "IfExp.test", "IfExp.body", "IfExp.orelse", "CompIf.test", "For.iter"),
        *("FormattedStringExpression.expression", "Yield.value"),
    )
)
OPEN_TO_SUM = OPEN | {"Comparison.left", "ComparisonTarget.comparator", "BooleanOperation.left", "BooleanOperation.right"}
NO_QUOTE = "every kind of quotes is taken by the f-strings around: read the variable into a name first"
IN_ESCAPE = "the digits are part of an escape: write the text without it"
NO_SPLIT = "the text cannot be split here: read the variable into a name first"


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Read the variable in place of the digits, with them as fallback; `import os` is put in where it is missing."""
    if binding.variable in literal.variables:
        return Spelled((Change(start, end, source.text[start:end]),))
    tree = parsed(source.text)
    leaf = tree.leaf(start, end) if tree else None
    if tree is None:
        return Declined("libcst cannot read this file: mend it, or bind the port by hand")
    if leaf is None:
        return Declined("this is no plain number or text: bind the port by hand")
    rule = rule_for(tree, leaf)
    words = foreign(source.path) or (rule.words if rule and rule.declined else None)
    if words:
        return Declined(words)
    found = constant(tree, start, source.path, binding.module) if binding.module else lookup(tree, start)
    if isinstance(found, Declined):
        return found
    changes = _Place(tree, leaf, start, end, found, binding.variable).changes()
    if isinstance(changes, Declined):
        return changes
    return Spelled((*found.imported, *changes), "unsafe" if rule else "safe", rule.words if rule else "")


def held(source: Source) -> Iterator[tuple[int, int]]:
    """The characters of what values are held against."""
    tree = parsed(source.text)
    return compared(tree) if tree else iter(())


def faults(source: Source) -> int:
    """1 when libcst refuses the text."""
    return int(parsed(source.text) is None)


@dataclass(frozen=True)
class _Place:
    """The digits `start:end` in their leaf, and the look-up that is to stand for them."""

    tree: Tree
    leaf: Any
    start: int
    end: int
    lookup: Lookup
    variable: str

    def changes(self) -> tuple[Change, ...] | Declined:
        """The changes but for the import."""
        if isinstance(self.leaf, cst.Integer):
            return self._number()
        string = self._string
        if string.escaped(self.start, self.end):
            return Declined(IN_ESCAPE)
        return self._text(string) if isinstance(self.leaf, cst.SimpleString) else self._field(())

    @property
    def digits(self) -> str:
        return self.tree.text[self.start : self.end]

    @property
    def taken(self) -> set[str]:
        """The quotes of the f-strings around: before Python 3.12 they must not stand inside."""
        around = (step.node for step in self.tree.above(self.leaf))
        return {quotes_of(node.start)[0] for node in around if isinstance(node, cst.FormattedString)}

    def _number(self) -> tuple[Change, ...] | Declined:
        quote = _quote(self.tree.text, self.taken)
        if quote is None:
            return Declined(NO_QUOTE)
        if self._converted():
            return (Change(self.start, self.end, self.lookup.within(self.variable, quote, self.digits)),)
        if not self.lookup.constant and taken(self.tree, "int"):
            return Declined("`int` is another thing in this file: convert the variable by hand")
        return (Change(self.start, self.end, self.lookup.number(self.variable, quote, self.digits)),)

    def _converted(self) -> bool:
        """Whether the number is an alternative of what `int(…)` converts anyway."""
        for step in self.tree.above(self.leaf):
            if isinstance(step.node, cst.Call):
                return len(step.node.args) == 1 and self.tree.code(step.node.func) == "int" and not taken(self.tree, "int")
            alternative = isinstance(step.node, cst.BooleanOperation) and isinstance(step.node.operator, cst.Or)
            if not alternative and step.role != "Arg.value":
                return False
        return False

    def _field(self, around: tuple[Change, ...], own: str = "") -> tuple[Change, ...] | Declined:
        """A replacement field in an f-string, or in a text that `around` makes one."""
        quote = _quote("", self.taken | set(own))
        if quote is None:
            return Declined(NO_QUOTE)
        return (*around, Change(self.start, self.end, f"{{{self.lookup.within(self.variable, quote, self.digits)}}}"))

    @property
    def _string(self) -> String:
        """The string, or the f-string, that the digits stand in."""
        node = self.leaf if isinstance(self.leaf, cst.SimpleString) else self.tree.parents[self.leaf]
        return _string(self.tree, *self.tree.span(node))

    def _text(self, string: String) -> tuple[Change, ...] | Declined:
        if string.body == self.digits and not string.bytes and self._whole() is self.leaf:
            value = self.lookup.text(self.variable, string.quotes[0], string.code)
            value = value if self.lookup.constant or self._open(OPEN) else f"({value})"
            return (Change(string.first, string.last, self._spaced(string.first, value)),)
        if string.bytes or string.braced or _quote("", {string.quotes[0]} | self.taken) is None:
            return self._sum(string)
        first = string.first  # `f` does not go with `u`
        return self._field((Change(first, first + (string.prefix in ("u", "U")), self._spaced(first, "f")),), string.quotes[0])

    def _sum(self, string: String) -> tuple[Change, ...] | Declined:
        """The text taken apart, and the variable between its parts. A part of an implicit concatenation keeps empty ends."""
        if string.unsplittable(self.start):
            return Declined(NO_SPLIT)
        quote, whole = string.quotes[0], self._whole()
        before = whole is not self.leaf or string.inside < self.start
        after = whole is not self.leaf or self.end < string.last - len(string.quotes)
        value = self.lookup.text(self.variable, quote, f"{quote}{self.digits}{quote}")
        value = (value if self.lookup.constant else f"({value})") + (".encode()" if string.bytes else "")
        value = (f"{string.quotes} + " if before else "") + value + (f" + {string.prefix}{string.quotes}" if after else "")
        piece = Change(self.start if before else string.first, self.end if after else string.last, value)
        begin, finish = self.tree.span(whole)
        if (before or after) and not self._open(OPEN_TO_SUM):
            return (Change(begin, begin, self._spaced(begin, "(")), piece, Change(finish, finish, ")"))
        return (piece if before else replace(piece, after=self._spaced(begin, value)),)

    def _whole(self) -> Any:
        """The text with those that are concatenated to it by standing next to it."""
        whole = self.leaf
        for step in self.tree.above(self.leaf):
            if not isinstance(step.node, cst.ConcatenatedString):
                break
            whole = step.node
        return whole

    def _open(self, roles: frozenset[str]) -> bool:
        """Whether the place needs no parentheses: by its role, as an alternative, or because it has them."""
        whole = self._whole()
        step = next(self.tree.above(whole))
        alternative = isinstance(step.node, cst.BooleanOperation) and isinstance(step.node.operator, cst.Or)
        return bool(whole.lpar) or alternative or (step.role in roles and not getattr(step.node, "star", ""))

    def _spaced(self, at: int, value: str) -> str:
        """`value` apart from a keyword that stands right in front of it: `return"3103"`."""
        before = self.tree.text[at - 1 : at]
        return f" {value}" if before.isidentifier() else value


@lru_cache(maxsize=16)
def _string(tree: Tree, first: int, last: int) -> String:
    return String(first, last, tree.text[first:last])


def _quote(text: str, taken: set[str]) -> str | None:
    """The kind of quotes with which the strings of `text` mostly begin, of those that are not taken."""
    free = [quote for quote in ('"', "'") if quote not in taken]
    return max(free, key=lambda quote: _beginnings(text, quote), default=None)


@lru_cache(maxsize=8)
def _beginnings(text: str, quote: str) -> int:
    """How many strings of a text begin with a kind of quotes."""
    return len(re.findall(rf"[\[({{=,:]\s*{quote}", text))
