"""The fields of a record, and what sets them when one is made."""

from __future__ import annotations

from itertools import count
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, cast

from portscan.tuples import FEW, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOTHING: Any = object()


class Field(NamedTuple):
    """A field of a record: what it is when it is not given, whether it can be, and what it counts for."""

    name: str = ""
    default: Any = NOTHING
    default_factory: Any = NOTHING
    init: bool = True
    repr: bool = True
    compare: bool = True
    metadata: Any = None


class Shape(NamedTuple):
    """What a record was declared to be."""

    fields: Mapping[str, Field]
    frozen: bool
    eq: bool


def init_of(kind: type, shape: Shape) -> Callable[..., Any]:
    """Sets every field. Of most kinds few are made in a short run, for which nothing is compiled as long as all is in order."""
    names = tuple(each.name for each in shape.fields.values() if each.init)
    own = [(each.name, each.default_factory, each.default) for each in shape.fields.values() if each.init or _made(each)]
    taken, needed = frozenset(names), frozenset(each.name for each in shape.fields.values() if each.init and not _optional(each))
    put, further, made = object.__setattr__ if shape.frozen else setattr, hasattr(kind, "__post_init__"), count()
    plain = len(names) if len(own) == len(names) and not further else None

    def init(self: Any, *args: Any, **given: Any) -> None:
        if len(args) == plain and not given and next(made) < FEW:  # as half of all are made
            for name, value in zip(names, args, strict=True):
                put(self, name, value)
            return
        values = {**dict(zip(names, args)), **given}  # noqa: B905  (what is too much shows in their number)
        if len(values) < len(args) + len(given) or not needed <= values.keys() <= taken or next(made) >= FEW:
            quick = _compiled(kind, shape)
            quick.__qualname__ = f"{kind.__qualname__}.__init__"
            setattr(kind, "__init__", quick)  # noqa: B010  (a class that is not known)
            quick(self, *args, **given)
            return
        for name, make, default in own:
            put(self, name, values[name] if name in values else default if make is NOTHING else make())
        if further:
            self.__post_init__()

    return init


def _made(each: Field) -> bool:
    return each.default_factory is not NOTHING


def _optional(each: Field) -> bool:
    return each.default is not NOTHING or _made(each)


def _compiled(kind: type, shape: Shape) -> Callable[..., Any]:
    """Sets every field, quickly; those of a class that is frozen behind its back, by their slots where it has any."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_nothing": NOTHING}
    slots = {name: slot for name in shape.fields if isinstance(slot := getattr(kind, name, None), MemberDescriptorType)}
    known |= {f"_slot_{name}": slot.__set__ for name, slot in slots.items()}
    parameters, lines = ["self"], ["pass"]
    for name, each in shape.fields.items():
        value = name
        if each.default_factory is not NOTHING:
            known[f"_make_{name}"] = each.default_factory
            value = f"_make_{name}()" + (f" if {name} is _nothing else {name}" if each.init else "")
        known[f"_default_{name}"] = NOTHING if each.default_factory is not NOTHING else each.default
        parameters += [f"{name}=_default_{name}" if _optional(each) else name] if each.init else []
        if each.init or each.default_factory is not NOTHING:
            behind = f"_slot_{name}(self, {value})" if name in slots else f"_set(self, {name!r}, {value})"
            lines.append(behind if shape.frozen else f"self.{name} = {value}")
    lines += ["self.__post_init__()"] if hasattr(kind, "__post_init__") else []
    body = "\n ".join(lines)
    exec(f"def __init__({', '.join(parameters)}):\n {body}", known)  # noqa: S102  (names of fields, as `dataclasses` does it)
    return cast("Callable[..., Any]", known["__init__"])
