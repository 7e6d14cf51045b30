"""Dataclasses whose methods are made when they are first called: most of what a short run loads it never makes.

What Python's own `dataclasses` offers beyond that sees in a record one of its kind, and is loaded when it looks.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar, cast

from portscan.fields import NOTHING, Field, Shape, init_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")

FIELDS, PARAMETERS, OWN = "__dataclass_fields__", "__dataclass_params__", "__record__"


class _Kin:
    """An attribute by which `dataclasses` knows its own, made when it is asked for."""

    def __init__(self, attribute: str) -> None:
        self.attribute = attribute

    def __get__(self, instance: object, kind: type) -> Any:
        owner = next(each for each in kind.__mro__ if vars(each).get(self.attribute) is self)
        found = getattr(_twin(owner), self.attribute)
        setattr(owner, self.attribute, found)
        return found


def _dataclass(kind: type[T] | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True) -> Any:
    """As `dataclasses.dataclass` is."""
    if kind is None:
        return lambda decorated: _made(decorated, slots, frozen=frozen, eq=eq)
    return _made(kind, slots, frozen=frozen, eq=eq)


def _field(
    *,
    default: Any = NOTHING,
    default_factory: Any = NOTHING,
    init: bool = True,
    repr: bool = True,  # noqa: A002  (as it is called there)
    compare: bool = True,
    metadata: Any = None,
) -> Any:
    """As `dataclasses.field` is."""
    return Field("", default, default_factory, init, repr, compare, metadata)


def _fields(record: Any) -> tuple[Field, ...]:
    """As `dataclasses.fields` is."""
    shape: Shape | None = getattr(record, OWN, None)
    if shape is None:
        from dataclasses import fields

        return cast("tuple[Field, ...]", fields(record))
    return tuple(shape.fields.values())


def _replace(record: T, /, **changes: Any) -> T:
    """As `dataclasses.replace` is."""
    for each in _fields(record):
        if each.init:
            changes.setdefault(each.name, getattr(record, each.name))
    return type(record)(**changes)


__all__ = ("MISSING", "dataclass", "field", "fields", "replace")

if TYPE_CHECKING:
    from dataclasses import MISSING, dataclass, field, fields, replace
else:
    MISSING, dataclass, field, fields, replace = NOTHING, _dataclass, _field, _fields, _replace


def _made(kind: type[T], slots: bool, *, frozen: bool, eq: bool) -> type[T]:
    """The class with its methods, and where it has `slots`, anew."""
    fields = {name: each for base in kind.__mro__[:0:-1] if OWN in vars(base) for name, each in getattr(base, OWN).fields.items()}
    own = (name for name, annotated in kind.__annotations__.items() if not _of_class(annotated))
    declared = {name: _declared(name, vars(kind).get(name, NOTHING)) for name in own}
    fields.update(declared)
    methods = {
        **_methods(frozen=frozen, eq=eq),
        OWN: Shape(fields, frozen, eq),
        FIELDS: _Kin(FIELDS),
        PARAMETERS: _Kin(PARAMETERS),
    }
    methods["__match_args__"] = tuple(each.name for each in fields.values() if each.init)
    further = {name: method for name, method in methods.items() if vars(kind).get(name) is None}
    if slots:
        return _slotted(kind, declared, further)
    for name, each in declared.items():
        _default(kind, name, each)
    for name, method in further.items():
        setattr(kind, name, method)
    return kind


def _of_class(annotated: Any) -> bool:
    """Whether what is annotated belongs to the class itself."""
    if isinstance(annotated, str):
        return annotated.startswith(("ClassVar", "typing.ClassVar"))
    return getattr(annotated, "__origin__", annotated) is ClassVar


def _declared(name: str, given: Any) -> Field:
    return given._replace(name=name) if isinstance(given, Field) else Field(name, given)


def _default(kind: type, name: str, declared: Field) -> None:
    """What the class itself holds of a field."""
    if declared.default is not NOTHING:
        setattr(kind, name, declared.default)
    elif name in vars(kind):
        delattr(kind, name)


def _slotted(kind: type[T], declared: Iterable[str], methods: Mapping[str, Any]) -> type[T]:
    """The same class again: slots can only be had from the beginning."""
    inherited = {name for base in kind.__mro__[1:] for name in getattr(base, "__slots__", ())}
    left_out = {*declared, "__dict__", "__weakref__"}
    body = {name: value for name, value in vars(kind).items() if name not in left_out}
    body |= {**methods, "__slots__": tuple(name for name in declared if name not in inherited)}
    body |= {"__getstate__": _state, "__setstate__": _restore, "__qualname__": kind.__qualname__}
    maker: Any = type(kind)
    return cast("type[T]", maker(kind.__name__, kind.__bases__, body))


def _methods(*, frozen: bool, eq: bool) -> dict[str, Any]:
    methods: dict[str, Any] = {"__init__": _first(_init_of, "__init__"), "__repr__": _shown}
    if frozen:
        methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
    if eq:
        methods |= {"__eq__": _first(_equality_of, "__eq__"), "__hash__": _first(_hash_of, "__hash__") if frozen else None}
    return methods


def _first(maker: Callable[[type], Callable[..., Any]], name: str) -> Callable[..., Any]:
    """A method that is made when it is called for the first time."""

    def method(self: Any, *args: Any, **given: Any) -> Any:
        owner = next(each for each in type(self).__mro__ if vars(each).get(name) is method)
        made = maker(owner)
        made.__qualname__ = f"{owner.__qualname__}.{name}"
        setattr(owner, name, made)
        return made(self, *args, **given)

    return method


def _init_of(kind: type) -> Callable[..., Any]:
    return init_of(kind, getattr(kind, OWN))


def _compared(kind: type) -> Callable[[Any], Any]:
    names = [each.name for each in _fields(kind) if each.compare]
    return attrgetter(*names) if names else lambda _record: ()


def _equality_of(kind: type) -> Callable[..., Any]:
    values = _compared(kind)

    def equal(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return equal


def _hash_of(kind: type) -> Callable[..., Any]:
    values = _compared(kind)
    return lambda self: hash(values(self))


def _shown(self: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in _fields(self) if each.repr)
    return f"{type(self).__qualname__}({shown})"


def _refuse(self: Any, name: str, *_: Any) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r} of {type(self).__qualname__}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in _fields(self)]


def _restore(self: Any, state: Iterable[Any]) -> None:
    for each, value in zip(_fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)


def _twin(kind: type) -> type:
    """A dataclass of Python's own with the same fields."""
    import dataclasses

    shape: Shape = getattr(kind, OWN)
    own: list[tuple[str, Any, Any]] = []
    for each in shape.fields.values():
        given = {name: value for name, value in each._asdict().items() if name != "name" and value is not NOTHING}
        own.append((each.name, Any, dataclasses.field(**given)))
    return dataclasses.make_dataclass(kind.__name__, own, frozen=shape.frozen, eq=shape.eq)
