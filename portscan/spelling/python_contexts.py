"""Where in Python a number or a text cannot be read from the environment, or not without a person's consent."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

from portscan.expressions import compiled
from portscan.records import dataclass
from portscan.spelling.python_tree import Step, Tree
from portscan.trees import cst

# files that are called Python and are not run by it
FOREIGN = (
    (compiled(r"\.pyi$"), "a stub is never run: change the module that it describes"),
    (
        compiled(r"(?:\.bzl|(?:^|/)Tiltfile)$"),
        "this is Starlark, which cannot import `os`: pin the line with `# portscan: SERVICE`",
    ),
)
CONSTANT_NAMES = frozenset(("__slots__", "__all__", "__match_args__"))
CONSTANT_TYPES = compiled(r"(?:^|\.)(?:Literal|Annotated)$")
ENUMERATIONS = compiled(r"(?:Enum|Flag)$")
CLASS = compiled(r"_*[A-Z][^\Wa-z]*[a-z]\w*")
TRANSLATIONS = compiled(r"(?:^|\.)(?:_|_l|[a-z]*gettext(?:_lazy|_noop)?)$")
# what is above these roles says nothing of what happens when the code inside runs
BOUNDARIES = frozenset(("FunctionDef.body", "Lambda.body"))


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for a leaf below a role. `safe` is false where a note is enough; `when` looks closer."""

    role: str
    words: str
    declined: bool = True
    when: Callable[[Tree, Step, cst.CSTNode], bool] = lambda _tree, _step, _leaf: True


def _is_text(_tree: Tree, _step: Step, leaf: cst.CSTNode) -> bool:
    return not isinstance(leaf, cst.Integer)


def _is_whole(_tree: Tree, step: Step, leaf: cst.CSTNode) -> bool:
    """Whether a leaf, or the concatenation that it is a part of, is all there is below the role."""
    return step.below is leaf or isinstance(step.below, cst.ConcatenatedString)


def _is_documentation(tree: Tree, step: Step, leaf: cst.CSTNode) -> bool:
    return _is_text(tree, step, leaf) and _is_whole(tree, step, leaf)


def _is_constant_type(tree: Tree, step: Step, _leaf: cst.CSTNode) -> bool:
    return bool(CONSTANT_TYPES.search(tree.code(step.node.value)))


def _is_shown(_tree: Tree, step: Step, _leaf: cst.CSTNode) -> bool:
    return step.node.equal is not None


def _is_identity(tree: Tree, step: Step, leaf: cst.CSTNode) -> bool:
    targets: Any = [step.node] if isinstance(step.node, cst.ComparisonTarget) else step.node.comparisons
    return _is_whole(tree, step, leaf) and any(isinstance(target.operator, (cst.Is, cst.IsNot)) for target in targets)


def _target(tree: Tree, node: Any) -> str:
    return tree.code(node.targets[0].target if isinstance(node, cst.Assign) else node.target)


def _names_constants(tree: Tree, step: Step, _leaf: cst.CSTNode) -> bool:
    return _target(tree, step.node) in CONSTANT_NAMES


def _is_identified(tree: Tree, step: Step, leaf: cst.CSTNode) -> bool:
    return _is_whole(tree, step, leaf) and _is_compared(tree, _target(tree, step.node))


@lru_cache(maxsize=256)
def _is_compared(tree: Tree, target: str) -> bool:
    """Whether a file compares a target of an assignment by `is`."""
    name = re.escape(target)
    return _compares(tree) and bool(re.search(rf"\bis\s+(?:not\s+)?{name}\b|\b{name}\s+is\s+(?!(?:not\s+)?None\b)", tree.text))


@lru_cache(maxsize=4)
def _compares(tree: Tree) -> bool:
    """Whether a file compares anything by `is`: few do."""
    return re.search(r"\bis\s", tree.text) is not None


def is_enumeration(tree: Tree, node: Any) -> bool:
    """Whether a class is an enumeration: by its bases, or by theirs in the same file."""
    return node.name.value in _enumerations(tree) or _has_base(tree, node, ())


@lru_cache(maxsize=4)
def _enumerations(tree: Tree) -> Collection[str]:
    """The names of the classes of a file that are enumerations."""
    classes = [node for node in tree.nodes if isinstance(node, cst.ClassDef)]
    found: set[str] = set()
    while more := {node.name.value for node in classes if _has_base(tree, node, found)} - found:
        found |= more
    return found


def _has_base(tree: Tree, node: Any, names: Collection[str]) -> bool:
    bases = [tree.code(base.value) for base in node.bases]
    return any(base in names or ENUMERATIONS.search(base) for base in bases)


def _is_in_enumeration(tree: Tree, step: Step, _leaf: cst.CSTNode) -> bool:
    return is_enumeration(tree, step.node)


def _is_member_sought(tree: Tree, step: Step, leaf: cst.CSTNode) -> bool:
    """Whether a call may ask an enumeration for its member with a value: one of this file, or what may be one of another."""
    name = tree.code(step.node.func).rpartition(".")[2]
    if len(step.node.args) != 1 or step.below.value is not leaf or step.below.star:
        return False
    return name in _enumerations(tree) or (CLASS.fullmatch(name) is not None and name not in _classes(tree))


@lru_cache(maxsize=4)
def _classes(tree: Tree) -> Collection[str]:
    return {node.name.value for node in tree.nodes if isinstance(node, cst.ClassDef)}


def _is_translated(tree: Tree, step: Step, leaf: cst.CSTNode) -> bool:
    return _is_text(tree, step, leaf) and bool(TRANSLATIONS.search(tree.code(step.node.func)))


IDENTITY = "`is` compares objects: write `==`, then run the fix again"
COMPARED = "the constant is compared by `is`, which the variable's value would fail"
RULES = (
    Rule("Expr.value", "this text is documentation: it cannot read the environment", when=_is_documentation),
    Rule("Annotation.annotation", "a type cannot read the environment: write `int` or `str`"),
    Rule("TypeAlias.value", "a type cannot read the environment: write `int` or `str`"),
    Rule("Subscript.slice", "a type cannot read the environment: write `int` or `str`", when=_is_constant_type),
    Rule("MatchCase.pattern", "a pattern must be a constant: compare in a guard, `case port if port == …`"),
    Rule("FormattedStringExpression.format_spec", "this is a width, not a port: suppress the finding"),
    Rule("FormattedStringExpression.expression", "`{…=}` prints its own source: write the name out", when=_is_shown),
    Rule("ComparisonTarget.comparator", IDENTITY, when=_is_identity),
    Rule("Comparison.left", IDENTITY, when=_is_identity),
    Rule("Assign.value", "these names must be constants: rename what is meant by hand", when=_names_constants),
    Rule("Assign.value", COMPARED, False, _is_identified),
    Rule("AnnAssign.value", COMPARED, False, _is_identified),
    Rule("Param.default", "a default argument is evaluated once, when the function is defined", False),
    Rule("Decorator.decorator", "the decorator may need the text itself, as it stands in the source", False, _is_text),
    Rule("ClassDef.body", "two members of an enumeration with the same value become one", False, _is_in_enumeration),
    Rule("Call.args", "an enumeration is asked for its member with this very value", False, _is_member_sought),
    Rule("Call.args", "translations are looked up by the text in the source", False, _is_translated),
)


def rule_for(tree: Tree, leaf: cst.CSTNode) -> Rule | None:
    """The rule that the strictest role above a leaf comes under."""
    found = []
    for step in tree.above(leaf):
        if step.role in BOUNDARIES:
            break
        found += [rule for rule in RULES if rule.role == step.role and rule.when(tree, step, leaf)]
    return min(found, key=lambda rule: not rule.declined, default=None)


def foreign(path: str) -> str | None:
    """Why a file is not to be changed at all."""
    return next((words for pattern, words in FOREIGN if pattern.search(path)), None)
