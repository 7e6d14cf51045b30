"""Templates of generated texts: Jinja2 in its sandbox, every value escaped for the format that is written."""

from __future__ import annotations

from collections.abc import Mapping
from marshal import dumps, loads
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portscan.bounded import TooMuch, apart
from portscan.errors import UserError
from portscan.generators.escapes import ESCAPES
from portscan.regular import read
from portscan.resources import folder

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

# What the template of a repository may take: a page is filled in milliseconds. One larger than `LARGEST` would not be read.
SECONDS, PATIENCE, MEMORY, LARGEST = 5, 120, 2 << 30, 8 << 20
FAILURES = (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError)
HINT = "Mend the template, or leave `template` out of the configuration."


class Raw(str):
    """Text that is written as it is, since it was made safe already."""

    __slots__ = ()


def render(top: Path, own: str | None, shipped: str, escape: str, values: Mapping[str, Any]) -> str:
    """The template `own`, a path from `top`, or else the shipped one, filled with `values`; it ends with a line end.

    Every expression passes through the escape of that name; a filter of any name in `ESCAPES` takes its place, and
    `raw` lets a value through as it is. A template that cannot be read or filled is a `UserError`; one of the repository is
    filled in a process of its own, with bounds to what it may take.
    """
    if own is None:
        return _filled((folder("templates") / shipped).read_text(encoding="utf-8"), escape, values)
    source = _own(top, own)
    try:
        made = apart(lambda: dumps(_tried(source, own, escape, values)), SECONDS, MEMORY, PATIENCE)
        failed, text = loads(made)  # noqa: S302  (our own process wrote it)
    except TooMuch:
        raise UserError(f"the template {own} takes too much time or memory", HINT) from None
    if failed:
        raise UserError(f"the template {failed} cannot be filled: {text}", HINT)
    if len(text) > LARGEST:
        raise UserError(f"the template {own} makes more than {LARGEST >> 20} MiB", HINT)
    return str(text)


def _tried(source: str, label: str, escape: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Where a template failed, empty if it did not; and the text, or what is wrong with it."""
    from jinja2 import TemplateError

    try:
        text = _filled(source, escape, values)[: LARGEST + 1]
        text.encode()
        return "", text
    except (TemplateError, *FAILURES) as error:
        line = getattr(error, "lineno", None)
        return f"{label}:{line}" if line else label, str(error)


def _filled(source: str, escape: str, values: Mapping[str, Any]) -> str:
    return f"{_environment(escape).from_string(source).render(values).rstrip()}\n"


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
