"""Numbers on the command line."""

from __future__ import annotations


def positive(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isascii() or not text.isdigit() or not int(text):
        from argparse import ArgumentTypeError  # a hook has no parser of arguments

        raise ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)
