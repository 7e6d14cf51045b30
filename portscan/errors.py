"""The one exception that a user may see: what is wrong, and what to do about it."""

from __future__ import annotations


class UserError(Exception):
    """The request cannot be carried out as given (exit status 2).

    `title` says what is wrong in one line, `hint` what to do; both are shown as they are.
    """

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.title} {self.hint}".strip() if self.hint else self.title
