"""Questions at a terminal. Without one, and without answers on the command line, a command says which flags to give."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from portscan.errors import UserError

Check = Callable[[str], "str | None"]


class Asker(Protocol):
    """Somebody who can be asked. Ctrl-C and Ctrl-D are a `KeyboardInterrupt`, whatever was answered before."""

    def text(self, question: str, default: str = "", check: Check | None = None) -> str:
        """A line of text; `check` says what is wrong with it."""

    def choice(self, question: str, options: Sequence[str], default: str | None = None) -> str:
        """One of the options."""

    def yes(self, question: str, *, default: bool = True) -> bool:
        """Yes or no."""


def at_terminal() -> bool:
    """Whether somebody can be asked."""
    return all(stream is not None and not stream.closed and stream.isatty() for stream in (sys.stdin, sys.stdout))


def asker(flags: str) -> Asker:
    """Somebody to ask; a `UserError` that names the `flags` to give where nobody is there."""
    if not at_terminal():
        raise UserError("there is no terminal to ask at", f"Give the answers on the command line: {flags}.")
    try:
        import questionary
    except ImportError:
        hint = f"Run: pip install 'portscan-registry[ask]', or give the answers on the command line: {flags}."
        raise UserError("questions need the library questionary, which is not installed", hint) from None
    return _Questionary(questionary)


class _Questionary:
    """The questions of questionary."""

    def __init__(self, library: Any) -> None:
        self._library = library

    def text(self, question: str, default: str = "", check: Check | None = None) -> str:
        def judged(answer: str) -> bool | str:
            return (check(answer.strip()) if check else None) or True

        return str(_answered(self._library.text(question, default=default, validate=judged))).strip()

    def choice(self, question: str, options: Sequence[str], default: str | None = None) -> str:
        chosen = default if default in options else None
        return str(_answered(self._library.select(question, choices=list(options), default=chosen)))

    def yes(self, question: str, *, default: bool = True) -> bool:
        return bool(_answered(self._library.confirm(question, default=default)))


def _answered(question: Any) -> Any:
    try:
        return question.unsafe_ask()
    except EOFError:
        raise KeyboardInterrupt from None


def agreed(question: str) -> bool:
    """A plain yes or no, which needs no library; anything but yes is no."""
    sys.stdout.write(f"{question} [y/N] ")
    sys.stdout.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise KeyboardInterrupt
    return answer.strip().lower() in ("y", "yes")
