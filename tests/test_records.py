"""Records are dataclasses: what Python's own would do, they do, and Python's own functions take them for such."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import pytest

from portscan import fields, records

T = TypeVar("T")
Maker = Any  # the decorator and `field` of a module


def declared(maker: Maker, **options: bool) -> tuple[type[Any], ...]:
    """The same classes, made by Python's own decorator or by ours."""

    @maker.dataclass(**options)
    class Plain:
        """With and without defaults."""

        name: str
        port: int = 80
        tags: list[str] = maker.field(default_factory=list)
        note: str = maker.field(default="", repr=False, compare=False)

        def __len__(self) -> int:
            return self.port

    @maker.dataclass(**options)
    class Derived(Plain):
        """Further fields, and another default."""

        port: int = 443
        more: tuple[int, ...] = ()

    @maker.dataclass(**options)
    class Worked(Generic[T]):
        """A field that is worked out."""

        values: tuple[int, ...]
        total: int = maker.field(init=False, compare=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "total", sum(self.values))

    @maker.dataclass(**options)
    class Alone:
        """One field, and a method of its own."""

        value: Mapping[str, int]

        def __repr__(self) -> str:
            return "alone"

    @maker.dataclass(**options)
    class Empty:
        """No field."""

    return Plain, Derived, Worked, Alone, Empty


ARGUMENTS: tuple[tuple[int, tuple[Any, ...], dict[str, Any]], ...] = (
    (0, ("a",), {}),
    (0, ("a", 1), {"note": "n"}),
    (0, ("a", 1, ["x"], "other"), {}),
    (0, (), {}),
    (0, ("a", 1, [], "", 5), {}),
    (0, ("a",), {"unknown": 1}),
    (1, ("a",), {}),
    (1, ("a",), {"more": (1, 2)}),
    (2, ((1, 2),), {}),
    (2, ((1, 2), 3), {}),
    (3, ({"a": 1},), {}),
    (4, (), {}),
)
OPTIONS = [
    {"frozen": frozen, "slots": slots, "eq": eq} for frozen in (True, False) for slots in (True, False) for eq in (True, False)
]


def outcome(action: Callable[[], Any]) -> Any:
    """What an action gives, or which kind of error it ends with."""
    try:
        return action()
    except (TypeError, AttributeError, ValueError) as error:
        return type(error)


@pytest.mark.parametrize("few", [0, 1, fields.FEW])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize(("number", "positional", "named"), ARGUMENTS)
def test_they_are_made_shown_and_compared_like_dataclasses(
    few: int,
    options: dict[str, bool],
    number: int,
    positional: tuple[Any, ...],
    named: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fields, "FEW", few)
    seen = []
    for maker in (dataclasses, records):
        kind = declared(maker, **options)[number]
        made = outcome(lambda kind=kind: kind(*positional, **named))
        if not isinstance(made, type):
            shown = repr(made).replace(f" at {id(made):#x}", "")
            again = kind(*positional, **named)
            hashed = outcome(lambda made=made, again=again: hash(made) == hash(again))
            changed = isinstance(outcome(lambda made=made: setattr(made, "port", 7)), type)
            strange = isinstance(outcome(lambda made=made: setattr(made, "strange", 7)), type)
            state = {each.name: getattr(made, each.name) for each in dataclasses.fields(made)}
            kept = hasattr(kind, "port"), hasattr(made, "__dict__"), kind.__match_args__, kind.__qualname__
            made = (
                shown,
                made == again,
                made != again,
                made == 1,
                hashed,
                changed,
                strange,
                state,
                kept,
                dataclasses.asdict(again),
            )
        seen.append(made)
    assert seen[0] == seen[1]


def test_equality_asks_for_the_same_class_and_for_what_counts() -> None:
    plain, derived, *_ = declared(records, frozen=True)
    assert plain("a", 1, [], "x") == plain("a", 1, [], "y") != plain("a", 2)
    assert plain("a", 443) != derived("a")
    with pytest.raises(TypeError):
        hash(plain("a"))  # a list is in it


def test_a_list_of_its_own_for_each() -> None:
    plain = declared(records)[0]
    one, other = plain("a"), plain("b")
    one.tags.append("x")
    assert (one.tags, other.tags) == (["x"], [])


@records.dataclass(frozen=True, slots=True)
class Kept:
    """At the top of a module, where pickle finds it."""

    name: str
    port: int = 1


def test_they_can_be_sent_and_copied() -> None:
    kept = Kept("a", 5)
    assert pickle.loads(pickle.dumps(kept)) == copy.copy(kept) == copy.deepcopy(kept) == kept


@pytest.mark.parametrize("replace", [records.replace, dataclasses.replace])
def test_some_fields_are_replaced(replace: Callable[..., Any]) -> None:
    assert replace(Kept("a", 5), port=6) == Kept("a", 6)
    worked = declared(records, frozen=True)[2]((1, 2))
    assert replace(worked, values=(5,)).total == 5
    with pytest.raises(TypeError):
        replace(Kept("a"), strange=1)


def test_dataclasses_takes_them_for_its_own() -> None:
    assert dataclasses.is_dataclass(Kept)
    assert [(each.name, each.default) for each in dataclasses.fields(Kept)] == [("name", dataclasses.MISSING), ("port", 1)]
    assert [(each.name, each.default) for each in records.fields(Kept)] == [("name", records.MISSING), ("port", 1)]

    @dataclasses.dataclass(frozen=True)
    class Further(Kept):
        more: int = 2

    assert repr(Further("a")).endswith("Further(name='a', port=1, more=2)")


def test_frozen_ones_say_that_they_are() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError, match="name"):
        Kept("a").name = "b"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError, match="port"):
        del Kept("a").port  # type: ignore[misc]


def test_neither_dataclasses_nor_what_it_needs_is_loaded() -> None:
    script = (
        "import sys; from portscan.records import dataclass, replace\n"
        "@dataclass(frozen=True, slots=True)\nclass A:\n    x: int = 1\n"
        "print(replace(A(), x=2), A() == A(1), 'dataclasses' in sys.modules, 'inspect' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "A(x=2) True False False\n"


TREES = """
import sys
if {plainly}:
    import libcst
from portscan.trees import MetadataWrapper, PositionProvider, cst
text = open({file!r}).read()
tree = cst.parse_module(text)
spots = MetadataWrapper(tree).resolve(PositionProvider)
names = [type(node).__name__ for node in spots]
places = sorted((str(place.start), str(place.end)) for place in spots.values())
other = tree.with_changes(header=[cst.EmptyLine(comment=cst.Comment("# new"))])
first = tree.body[0]
print(tree.code == text, len(names), names[:50], places[::100], other.code[:5], tree.deep_clone().code == text)
print(first == first, first == first.deep_clone(), hash(first) == hash(first), repr(first)[:300], tree.deep_equals(other))
print({{type(node).__name__: [each.name for each in __import__("dataclasses").fields(node)] for node in spots}})
try:
    cst.Name("")
except Exception as error:
    print(type(error).__name__, error)
"""


def test_libcst_is_the_same_with_our_way_of_making_classes() -> None:
    said = []
    for plainly in (True, False):
        script = TREES.format(plainly=plainly, file=__file__)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        assert not done.stderr
        said.append(done.stdout)
    assert said[0] == said[1]
    assert "CSTValidationError" in said[0]


def test_dataclasses_is_as_it_was_when_libcst_is_loaded() -> None:
    script = (
        "import dataclasses as d; before = [d.dataclass, d.field, d.fields, d.replace]; from portscan.trees import cst\n"
        "print(before == [d.dataclass, d.field, d.fields, d.replace], hasattr(cst.Name, '__record__'))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"


def test_libcst_that_asks_for_more_is_loaded_plainly() -> None:
    script = (
        "from portscan import records\n"
        "def dataclass(*_, **__):\n    raise TypeError\n"
        "records.dataclass = dataclass\n"
        "from portscan.trees import cst\n"
        "print(cst.parse_module('x = 1').code, hasattr(cst.Name, '__record__'))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "x = 1 False\n"
