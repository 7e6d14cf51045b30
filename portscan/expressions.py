"""Regular expressions by their code: what was compiled before, perhaps by another run, is not compiled again.

Compiling takes a commit hook longer than searching. `re` offers no way to keep what it has compiled, but its engine takes the
code back, and looks through it first. What was kept is made by the same Python, the way in which `re` makes it; where there
is nothing, or this Python has no such engine, or `re` makes something else of the first expression, `re` compiles as ever.
"""

from __future__ import annotations

import sys

from portscan.drawers import VACANT

TYPE_CHECKING = False  # `typing` is loaded by nobody who only searches
if TYPE_CHECKING:
    from re import Pattern
    from typing import Any

    Key = tuple[str | bytes, int]
    Code = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]

try:
    import _sre  # type: ignore[import-not-found]
except ImportError:  # another Python
    _sre = None


class Expressions(dict):  # type: ignore[type-arg]
    """The expressions of one run by pattern and flags, each made when it is first sought; `known` are codes from before."""

    def __init__(self) -> None:
        super().__init__()
        self.known = VACANT
        self.fresh: dict[Key, Code] = {}  # the codes of those that were not known, to be kept
        self.usual: bool | None = None  # whether this Python compiles as it is known here; None when nobody has asked
        self.closed = False  # whether what is not known is none: a `KeyError` says so

    def __missing__(self, key: Key) -> Pattern[str]:
        found = self._restored(key)
        if found is None and self.closed:
            raise KeyError(key)
        found = self[key] = found or self._compiled(key)
        return found

    def _restored(self, key: Key) -> Pattern[str] | None:
        code: Code | None = self.known.get(key)
        try:
            return _made(key[0], code) if code is not None else None
        except DAMAGED:
            return None

    def _compiled(self, key: Key) -> Pattern[str]:
        """Compiled anew, and its code written down."""
        pattern: Any = key[0]
        flags = int(key[1])
        if self.usual is None:
            self.usual = _agrees()
        code = _code(pattern, flags) if self.usual else None
        if code is None:
            import re

            return re.compile(pattern, flags)
        self.fresh[pattern, flags] = code
        found: Pattern[str] = _made(pattern, code)
        return found


DAMAGED = (TypeError, ValueError, RuntimeError, OverflowError)
EXPRESSIONS = Expressions()


def compiled(pattern: str, flags: int = 0) -> Pattern[str]:
    """An expression, ready to be sought."""
    found: Pattern[str] = EXPRESSIONS[pattern, flags]
    return found


def compiled_bytes(pattern: bytes, flags: int = 0) -> Pattern[bytes]:
    """The same for bytes."""
    found: Pattern[bytes] = EXPRESSIONS[pattern, flags]
    return found


def engine() -> bytes:
    """What tells this Python's expressions from those of others."""
    return repr((sys.version, getattr(_sre, "MAGIC", None), getattr(_sre, "CODESIZE", None))).encode()


def _made(pattern: str | bytes, code: Code) -> Any:
    flags, plain, groups, by_name, by_number = code
    return _sre.compile(pattern, flags, memoryview(plain).cast("I").tolist(), groups, by_name, by_number)


def _agrees() -> bool:
    """Whether what is made here of an expression is what `re` makes of it."""
    if _sre is None:
        return False
    import re

    pattern, flags = r"(?i:a|(?P<one>b{2,3}))(?=\1?)[^\W\d]*?$", int(re.MULTILINE)
    code, plain = _code(pattern, flags), re.compile(pattern, flags)
    made = _made(pattern, code) if code is not None else None
    return made == plain and dict(made.groupindex) == dict(plain.groupindex)


def _code(pattern: str | bytes, flags: int) -> Code | None:
    """The code of an expression, as `re` makes it; nothing where this Python works in another way."""
    try:
        from re import _compiler as compiler  # type: ignore[attr-defined]
    except ImportError:  # Python 3.10
        import sre_compile as compiler
    try:
        parser = compiler._parser if hasattr(compiler, "_parser") else compiler.sre_parse
        parsed = parser.parse(pattern, flags)
        from array import array

        plain = array("I", compiler._code(parsed, flags)).tobytes()
    except (AttributeError, TypeError, ValueError, RuntimeError, OverflowError):
        return None
    by_name = dict(parsed.state.groupdict)
    by_number: list[str | None] = [None] * parsed.state.groups
    for name, number in by_name.items():
        by_number[number] = name
    return int(flags | parsed.state.flags), plain, parsed.state.groups - 1, by_name, tuple(by_number)
