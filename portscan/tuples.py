"""Named tuples whose names need not be looked into: `typing` compiles each annotation, and something for each tuple at once.

What makes a tuple of a kind is compiled when many of it have been made; of most kinds a short run makes few.
"""

from __future__ import annotations

from collections import namedtuple
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")

FEW = 50  # tuples or records of a kind that are made in the time in which what makes them quicker is compiled
GETTER: Any = type(namedtuple("One", "first").first)  # type: ignore[attr-defined]  # what Python has for an item by its name


class _Kind(type):
    """Makes a class of tuples out of what was declared, as `typing` does."""

    def __new__(cls, name: str, _bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        names = tuple(body.get("__annotations__", ()))
        defaults = {each: body.pop(each) for each in names if each in body}
        items = {each: GETTER(index, f"Item {index}") for index, each in enumerate(names)}
        about = {"_fields": names, "_field_defaults": defaults, "__match_args__": names, "__slots__": ()}
        made = type(name, (tuple,), {**METHODS, **body, **items, **about})
        _few_of(made, names, defaults)
        return made


def _few_of(kind: Any, names: tuple[str, ...], defaults: Mapping[str, Any]) -> None:
    """Have the class make its tuples without anything that is compiled for it, as long as they are few and all is in order."""
    number, put = count(), tuple.__new__

    def new(own: type[Any], *args: Any, **given: Any) -> Any:
        rest = names[len(args) :]
        known = given.keys() <= {*rest} and all(name in given or name in defaults for name in rest)
        if known and len(args) <= len(names) and next(number) < FEW:
            return put(own, (*args, *(given[name] if name in given else defaults[name] for name in rest)))
        kind.__new__ = staticmethod(_compiled(names, defaults))
        return kind.__new__(own, *args, **given)

    kind.__new__ = staticmethod(new)


def _compiled(names: tuple[str, ...], defaults: Mapping[str, Any]) -> Callable[..., Any]:
    """What makes a tuple quickly, and complains of what is not in order."""
    known: dict[str, Any] = {"_put": tuple.__new__, **{f"_default_{name}": value for name, value in defaults.items()}}
    taken = ", ".join(f"{name}=_default_{name}" if name in defaults else name for name in names)
    made = eval(f"lambda _kind, {taken}: _put(_kind, ({''.join(f'{name}, ' for name in names)}))", known)  # noqa: S307  (names)
    made.__name__ = "__new__"
    return cast("Callable[..., Any]", made)


def _make(cls: Any, values: Iterable[Any]) -> Any:
    made = tuple.__new__(cls, values)
    if len(made) != len(cls._fields):
        raise TypeError(f"expected {len(cls._fields)} values, got {len(made)}")
    return made


def _replace(self: Any, /, **changes: Any) -> Any:
    made = tuple.__new__(type(self), map(changes.pop, self._fields, self))
    if changes:
        raise ValueError(f"unknown fields: {', '.join(changes)}")
    return made


def _asdict(self: Any) -> dict[str, Any]:
    return dict(zip(self._fields, self, strict=True))


def _shown(self: Any) -> str:
    return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"


METHODS = {
    "_make": classmethod(_make),
    "_replace": _replace,
    "_asdict": _asdict,
    "__repr__": _shown,
    "__getnewargs__": lambda self: tuple(self),
}

__all__ = ("NamedTuple",)

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    NamedTuple = type.__new__(_Kind, "NamedTuple", (), {})
