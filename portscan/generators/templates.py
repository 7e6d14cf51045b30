"""Templates of generated texts: Jinja2 in its sandbox, every value escaped for the format that is written."""

from __future__ import annotations

from collections.abc import Mapping
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portscan.errors import UserError
from portscan.generators.escapes import ESCAPES
from portscan.regular import read
from portscan.resources import folder

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

HINT = "Mend the template, or leave `template` out of the configuration."


class Raw(str):
    """Text that is written as it is, since it was made safe already."""

    __slots__ = ()


def render(top: Path, own: str | None, shipped: str, escape: str, values: Mapping[str, Any]) -> str:
    """The template `own`, a path from `top`, or else the shipped one, filled with `values`; it ends with a line end.

    Every expression passes through the escape of that name; a filter of any name in `ESCAPES` takes its place, and
    `raw` lets a value through as it is. A template that cannot be read or filled is a `UserError`.
    """
    from jinja2 import TemplateError

    label = own or f"templates/{shipped}"
    source = _own(top, own) if own else (folder("templates") / shipped).read_text(encoding="utf-8")
    try:
        text = _environment(escape).from_string(source).render(values)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        place = f"{label}:{line}" if line else label
        raise UserError(f"the template {place} cannot be filled: {error}", HINT) from None
    return f"{text.rstrip()}\n"


def _environment(escape: str) -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def finish(value: Any) -> Any:
        if isinstance(value, (Raw, int)):
            return value
        return ESCAPES[escape]("" if value is None else str(value))

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, finalize=finish
    )
    environment.filters.update({name: _raw(make) for name, make in ESCAPES.items()}, raw=lambda value: Raw(value))
    return environment


def _raw(make: Any) -> Any:
    return lambda value: Raw(make(str(value)))


def _own(top: Path, path: str) -> str:
    file = top / path
    if Path(realpath(top)) not in Path(realpath(file)).parents:
        raise UserError(f"the template {path} lies outside the repository", "Name one from the top of the repository.")
    try:
        return read(file).decode("utf-8")
    except FileNotFoundError:
        raise UserError(f"there is no template {path}", "Paths of templates are from the top of the repository.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"the template {path} cannot be read: {error}", HINT) from None
