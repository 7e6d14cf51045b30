"""What a language reader hands on: places in a file where a value is written, and what the syntax says about them.

A reader knows syntax and nothing of ports; `portscan.detect` knows from `rules/detect` which sites hold a port. There are
hundreds for each port that is found, so that they are tuples, which are made faster than anything else.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from portscan.model import Context
from portscan.text import Text
from portscan.tuples import NamedTuple

Form = Literal["number", "string", "word", "prose"]
ITEM = "[]"  # in a key path: an element of a list
ARGUMENTS = "{arguments}"  # the key path of a list that is a command line by its own looks
# `{name: PORT, value: "3000"}`: keys that name what the object is about, and keys that hold its value
NAMING = frozenset(("name", "key", "id"))
HOLDERS = frozenset(("default", "value", "defaultValue", "default_value", "fallback", "initial", "default_factory"))


class Value(NamedTuple):
    """A value in a file.

    `names` leads to it, outermost first: key path, variable, parameter, attribute (`ITEM` for an element of a list).
    `call` is the source text of the function it is handed to, `argument` its place there. `left` is the source text of
    what the value stands in for: the other side of `||`, or a look-up and the arguments before this one.
    """

    text: Text
    form: Form
    names: tuple[str, ...] = ()
    call: str = ""
    argument: int = -1
    left: str = ""
    context: Context = "code"
    owner: str | None = None
    dialect: str = ""


class Command(NamedTuple):
    """A command line, or a directive of a configuration language, split into words.

    `after` is the program whose output it reads, in a pipeline; `names` lead to it in the language it is written in.
    """

    words: tuple[Text, ...]
    context: Context = "code"
    owner: str | None = None
    after: str = ""
    names: tuple[str, ...] = ()


class Items(NamedTuple):
    """A list of plain values. It may be a command line, word by word; the rules know by the key path `names`."""

    words: tuple[Text, ...]
    names: tuple[str, ...]
    context: Context = "code"
    owner: str | None = None
    dialect: str = ""


class Embedded(NamedTuple):
    """A text in another language. `names` leads to it in the outer one."""

    language: str
    text: Text
    context: Context = "code"
    names: tuple[str, ...] = ()
    owner: str | None = None


class Lines(NamedTuple):
    """Texts that people read, documents or comments: each line stands by itself."""

    texts: tuple[Text, ...]
    context: Context = "code"
    owner: str | None = None


Site: TypeAlias = Value | Command | Items | Embedded | Lines
