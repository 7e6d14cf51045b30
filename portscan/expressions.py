"""Regular expressions by their code: what was compiled before, perhaps by another run, is not compiled again.

Compiling takes a commit hook longer than searching. `re` offers no way to keep what it has compiled, but its engine takes the
code back, and looks through it first. What was kept is made by the same Python, and was held against what `re` makes
of it; where there is nothing, or this Python has no such engine, `re` compiles as ever.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # `typing` is loaded by nobody who only searches
if TYPE_CHECKING:
    from collections.abc import Mapping
    from re import Pattern
    from typing import Any

    Key = tuple[str, int]
    Code = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]

try:
    import _sre  # type: ignore[import-not-found]
except ImportError:  # another Python
    _sre = None


class Expressions(dict):  # type: ignore[type-arg]
    """The expressions of one run by pattern and flags, each made when it is first sought; `known` are codes from before."""

    def __init__(self) -> None:
        super().__init__()
        self.known: Mapping[Key, Code] = {}
        self.closed = False  # whether what is not known is none: a `KeyError` says so

    def __missing__(self, key: Key) -> Pattern[str]:
        found = self._restored(key)
        if found is None and self.closed:
            raise KeyError(key)
        found = self[key] = found or _compiled(*key)
        return found

    def fresh(self) -> dict[Key, Code]:
        """The codes of those that were not known, to be kept."""
        every = (
            ((pattern, int(flags)), _code(pattern, int(flags))) for pattern, flags in self if (pattern, flags) not in self.known
        )
        return {key: code for key, code in every if code is not None}

    def _restored(self, key: Key) -> Pattern[str] | None:
        code = self.known.get(key)
        try:
            return _made(key[0], code) if code is not None else None
        except (TypeError, ValueError, RuntimeError, OverflowError):
            return None


EXPRESSIONS = Expressions()


def compiled(pattern: str, flags: int = 0) -> Pattern[str]:
    """An expression, ready to be sought."""
    found: Pattern[str] = EXPRESSIONS[pattern, flags]
    return found


def engine() -> bytes:
    """What tells this Python's expressions from those of others."""
    return repr((sys.version, getattr(_sre, "MAGIC", None), getattr(_sre, "CODESIZE", None))).encode()


def _compiled(pattern: str, flags: int) -> Pattern[str]:
    import re

    return re.compile(pattern, flags)


def _made(pattern: str, code: Code) -> Any:
    flags, plain, groups, by_name, by_number = code
    return _sre.compile(pattern, flags, memoryview(plain).cast("I").tolist(), groups, by_name, by_number)


def _code(pattern: str, flags: int) -> Code | None:
    """The code of an expression; nothing where it would not be the same again."""
    try:
        from re import _compiler as compiler  # type: ignore[attr-defined]
    except ImportError:  # Python 3.10
        import sre_compile as compiler
    try:
        parsed = (
            compiler._parser.parse(pattern, flags) if hasattr(compiler, "_parser") else compiler.sre_parse.parse(pattern, flags)
        )
        plain = b"".join(word.to_bytes(4, sys.byteorder) for word in compiler._code(parsed, flags))
        by_name = dict(parsed.state.groupdict)
        by_number: list[str | None] = [None] * parsed.state.groups
        for name, number in by_name.items():
            by_number[number] = name
        code = (int(flags | parsed.state.flags), plain, parsed.state.groups - 1, by_name, tuple(by_number))
        again, first = _made(pattern, code), _compiled(pattern, flags)
    except (AttributeError, TypeError, ValueError, RuntimeError, OverflowError):  # `re` works in another way
        return None
    return code if again == first and dict(again.groupindex) == dict(first.groupindex) else None
