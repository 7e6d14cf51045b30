"""JavaScript and TypeScript: `Number(process.env.X || 3103)`, templates, and sums where a template would change the text.

`||` and not `??`: a variable that is set to nothing counts as unset, and `Number("")` would be 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from portscan.expressions import compiled
from portscan.model import PortLiteral
from portscan.records import dataclass
from portscan.source import Source
from portscan.spelling import Binding, Change, Declined, Spelled
from portscan.spelling.javascript_compared import compared
from portscan.spelling.javascript_contexts import foreign, rule_for
from portscan.spelling.javascript_environments import NODE, environment
from portscan.spelling.javascript_modules import constant
from portscan.spelling.javascript_names import is_taken
from portscan.spelling.javascript_tree import Tree, parsed
from portscan.spelling.places import holds, touched

if TYPE_CHECKING:
    from tree_sitter import Node

# what means something else in a template than in a text: backticks, fields, octal escapes
NO_TEMPLATE = compiled(r"`|\$\{|\\[0-9]")
ESCAPE = compiled(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]+\}|[0-7]{1,3}|.)", re.DOTALL)
ENTITY = compiled(r"[&\\`]|\$\{")
# roles in which `a || b` and `a + b` need no parentheses
OPEN = frozenset(
    (
        *("variable_declarator.value", "pair.value", "arguments.", "array.", "assignment_expression.right", "return_statement."),
        *("augmented_assignment_expression.right", "assignment_pattern.right", "object_assignment_pattern.right"),
        *("required_parameter.value", "optional_parameter.value", "public_field_definition.value", "field_definition.value"),
        *("parenthesized_expression.", "template_substitution.", "jsx_expression.", "arrow_function.body", "throw_statement."),
        *("ternary_expression.consequence", "ternary_expression.alternative", "switch_case.value", "subscript_expression.index"),
        *("computed_property_name.", "sequence_expression.", "sequence_expression.left", "sequence_expression.right"),
        *("export_statement.value", "spread_element.", "yield_expression."),
    )
)
NOT_GIVEN = (
    "a browser gets no variables but those with {prefix}, and nothing sets {name}: "
    "set it in an env file, or have `portscan sync` do so (`public` of `generate.env`)"
)
ODD = "a backtick in this file is one too many, or the other one is missing: mend that, then run the fix again"
IN_ESCAPE = "the digits are part of an escape: write the text without it"
MARKUP = "write the attribute as an expression in braces, then run the fix again"
SPREAD = "the text runs over several lines, whose ends would vanish beside an expression: put the number on a line of its own"


def bind(source: Source, start: int, end: int, literal: PortLiteral, binding: Binding) -> Spelled | Declined:
    """Read the variable in place of the digits, with them as fallback, in the way of the environment the file runs in."""
    tree = parsed(source.path, source.text)
    leaf = tree.leaf(start, end)
    if binding.variable in literal.variables:
        return Spelled((Change(start, end, source.text[start:end]),))
    if tree.odd:
        return Declined(ODD)
    if leaf is None:
        return Declined("this is no plain number or text: bind the port by hand")
    rule = rule_for(tree, leaf)
    words = foreign(source.path) or (rule.words if rule and rule.declined else None)
    if words:
        return Declined(words)
    reading = _constant(source.path, tree, start, binding) if binding.module else _environment(source.path, tree, binding)
    if isinstance(reading, Declined):
        return reading
    changes = _Place(tree, leaf, start, end, reading).changes()
    if isinstance(changes, Declined):
        return changes
    note = "; ".join(words for words in (rule.words if rule else "", reading.note) if words)
    return Spelled((*reading.imported, *changes), "unsafe" if note else "safe", note)


def held(source: Source) -> Iterator[tuple[int, int]]:
    """The characters of what values are held against."""
    return compared(parsed(source.path, source.text))


@dataclass(frozen=True, slots=True)
class _Reading:
    """The expression that reads the port: a text from the environment, or with `constant` a number from a module."""

    expression: str
    constant: bool = False
    note: str = ""
    imported: tuple[Change, ...] = ()

    def number(self, digits: str) -> str:
        """A number."""
        return self.expression if self.constant else f"Number({self.within(digits)})"

    def within(self, fallback: str) -> str:
        """What stands in a template or between alternatives."""
        return self.expression if self.constant else f"{self.expression} || {fallback}"

    def text(self, code: str) -> str:
        """A text."""
        return f"String({self.expression})" if self.constant else self.within(code)


def _constant(path: str, tree: Tree, offset: int, binding: Binding) -> _Reading | Declined:
    found = constant(tree, path, binding.module, binding.variable, offset)
    if isinstance(found, Declined) or not is_taken(tree, "String"):
        return found if isinstance(found, Declined) else _Reading(found.expression, True, imported=found.imported)
    return Declined("`String` is another thing in this file: import the constant by hand")


def _environment(path: str, tree: Tree, binding: Binding) -> _Reading | Declined:
    found = environment(path, tree, binding.tools)
    if not found.lookup:
        return Declined(found.note)
    for name in (found.lookup.partition(".")[0], "Number"):
        if is_taken(tree, name):
            return Declined(f"`{name}` is another thing in this file: read the variable by hand")
    name = found.name(binding.variable)
    if name != binding.variable and found.lookup == NODE and binding.given is not None and name not in binding.given:
        return Declined(NOT_GIVEN.format(prefix=found.prefix, name=name))
    called = f"it is called {name} there, and " if found.note and name != binding.variable else ""
    return _Reading(found.of(binding.variable, tree.quote), note=f"{called}{found.note}")


def faults(source: Source) -> int:
    """The places where tree-sitter had to leave something out or to think something up."""
    tree = parsed(source.path, source.text)
    return tree.odd + (sum(node.is_error or node.is_missing for node in tree.nodes()) if tree.root.has_error else 0)


@dataclass(frozen=True)
class _Place:
    """The digits `start:end` in their leaf, and what is to read the port there."""

    tree: Tree
    leaf: Node
    start: int
    end: int
    reading: _Reading

    def changes(self) -> tuple[Change, ...] | Declined:
        """The changes, by what the digits stand in."""
        kinds = {"number": self._number, "string": self._text, "template_string": self._template, "jsx_text": self._markup}
        return kinds[self.leaf.type]()

    @property
    def digits(self) -> str:
        return self.tree.text[self.start : self.end]

    def _number(self) -> tuple[Change, ...]:
        if self._converted():
            return (Change(self.start, self.end, self._closed(self.reading.within(self.digits))),)
        return (Change(self.start, self.end, self.reading.number(self.digits)),)

    def _closed(self, value: str) -> str:
        """`value` in parentheses where its operator needs them."""
        return value if self.reading.constant or self._open() else f"({value})"

    def _converted(self) -> bool:
        """Whether the number is an alternative of what `Number(…)` converts anyway."""
        for step in self.tree.above(self.leaf):
            if step.role == "call_expression.arguments":
                return self.tree.code(step.node.child_by_field_name("function")) == "Number"
            if step.node.type not in ("binary_expression", "arguments", "parenthesized_expression"):
                return False
            if step.node.type == "binary_expression" and self._operator(step.node) not in ("||", "??"):
                return False
        return False

    def _template(self) -> tuple[Change, ...] | Declined:
        return Declined(IN_ESCAPE) if self._escaped() else (self._field(),)

    def _escaped(self) -> bool:
        """Whether some of the digits belong to an escape."""
        return touched(ESCAPE, self.tree.text, self.tree.span(self.leaf), self.start, self.end)

    def _field(self) -> Change:
        return Change(self.start, self.end, f"${{{self.reading.within(self.digits)}}}")

    def _text(self) -> tuple[Change, ...] | Declined:
        first, last = self.tree.span(self.leaf)
        if self._escaped():
            return Declined(IN_ESCAPE)
        if next(self.tree.above(self.leaf)).node.type == "jsx_attribute":
            return self._attribute(first, last)
        if (first + 1, last - 1) == (self.start, self.end):
            return (Change(first, last, self._spaced(first, self._closed(self.reading.text(self.tree.text[first:last])))),)
        if holds(NO_TEMPLATE, self.tree.text, first, last):
            return self._sum(first, last)
        return (Change(first, first + 1, "`"), self._field(), Change(last - 1, last, "`"))

    def _attribute(self, first: int, last: int) -> tuple[Change, ...] | Declined:
        if (first + 1, last - 1) == (self.start, self.end):
            return (Change(first, last, f"{{{self.reading.text(self.tree.text[first:last])}}}"),)
        if holds(ENTITY, self.tree.text, first, last):
            return Declined(MARKUP)
        return (Change(first, first + 1, "{`"), self._field(), Change(last - 1, last, "`}"))

    def _sum(self, first: int, last: int) -> tuple[Change, ...]:
        """The text taken apart, and the variable between its parts."""
        quote, before, after = self.tree.text[first], first + 1 < self.start, self.end < last - 1
        value = self.reading.text(f"{quote}{self.digits}{quote}")
        value = value if self.reading.constant else f"({value})"
        value = (f"{quote} + " if before else "") + value + (f" + {quote}" if after else "")
        piece = Change(self.start if before else first, self.end if after else last, value)
        if self._open():
            return (piece,)
        return (Change(first, first, self._spaced(first, "(")), piece, Change(last, last, ")"))

    def _markup(self) -> tuple[Change, ...] | Declined:
        first, last = self.tree.span(self.leaf)
        before, after = self.tree.text[first : self.start], self.tree.text[self.end : last]
        begins = before.strip() and not before.rpartition("\n")[2].strip()
        ends = after.strip() and not after.partition("\n")[0].strip() and "\n" in after
        if begins or ends:
            return Declined(SPREAD)
        return (Change(self.start, self.end, f"{{{self.reading.within(self.digits)}}}"),)

    def _open(self) -> bool:
        """Whether the place needs no parentheses: by its role, or as an alternative."""
        step = next(self.tree.above(self.leaf))
        return step.role in OPEN or (step.node.type == "binary_expression" and self._operator(step.node) == "||")

    def _operator(self, node: Node) -> str:
        return self.tree.code(node.child_by_field_name("operator"))

    def _spaced(self, at: int, value: str) -> str:
        """`value` apart from a keyword that stands right in front of it: `return"3103"`."""
        before = self.tree.text[at - 1 : at]
        return f" {value}" if before.isidentifier() or before == "$" else value
