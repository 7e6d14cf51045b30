"""The catalogue of errors, `tests/errors/catalogue`: every message that `tools.raised` finds, with its cause, what to do, and
how it is provoked. The page `docs/errors.md` is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from tools.raised import OPEN, Message, messages, skeleton

TOP: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = TOP / "tests" / "errors" / "catalogue"
OPTION: Final = re.compile(r"(?<![\w`-])(--[a-z][\w-]*)(?![^`]*`(?:[^`]*`[^`]*`)*[^`]*$)")
INTRODUCTION: Final = """# Errors

<!-- Made of tests/errors/catalogue by `make generated`. -->

What portscan cannot do it says in one line on standard error, and exits with 2:

```text
portscan: git knows no revision 'v9'. Name a branch, a tag or a commit.
```

The first sentence says what is wrong, the rest what to do. Nothing was written then, unless the line says so. This page has
all of these lines, with what stands differently each time in braces: {errors} errors, {documents} ways in which a registry is no
YAML, and {reasons} reasons for which a file is not read. A test provokes every one of them, and another one finds those that
are missing here.

The other statuses are 0 when there is nothing to report, 1 when there is (`portscan explain CODE` says what a finding means),
[3 for a bug](#a-bug) and 130 when somebody pressed Ctrl-C.
"""
BUG: Final = """## A bug

Whatever else goes wrong is a fault of portscan. It exits with 3 and prints a report that is made to be pasted into an issue:

```text
portscan: this is a bug in portscan. Please report it with these lines:
  portscan 1.0.0, CPython 3.12.1, linux
  command: portscan scan --fix src
  KeyError: 'web'
    portscan/resolve.py:120 in _of_host
    portscan/judge/literals.py:88 in verdict
```

It holds the versions, the command line as it was typed, the exception, and the last six places in the code, without the
directories of your machine. No file is put into it; an exception may quote a word that portscan was looking at, so read it
before you post it. [Security](../SECURITY.md) says where to send what should not be public. Files are as they were: a write
that was under way is undone, or finished by the next command.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as it is catalogued. `made` is where it comes from, none for what argparse says."""

    topic: str
    says: str
    because: str
    remedy: str
    trials: tuple[Mapping[str, Any], ...]
    made: Message | None

    @property
    def kind(self) -> str:
        """An `error`, what is wrong with an `argument` or a `document`, or the `reason` not to read a file."""
        return self.made.kind if self.made else "error"


@dataclass(frozen=True, slots=True)
class Topic:
    """What belongs together."""

    title: str
    about: str
    entries: tuple[Entry, ...]


@cache
def catalogue() -> tuple[Topic, ...]:
    """All topics, in their order."""
    known = {skeleton(each.says): each for each in messages()}
    return tuple(_topic(YAML(typ="safe").load(file), known) for file in sorted(FOLDER.glob("*.yaml")))


def entries() -> Iterator[Entry]:
    """All entries."""
    return (entry for topic in catalogue() for entry in topic.entries)


def missing() -> list[str]:
    """The messages that nobody has catalogued, with their places."""
    known = {skeleton(entry.says) for entry in entries()} | OPEN
    return [f"{each.module}:{each.line}: {each.says}" for each in messages() if skeleton(each.says) not in known]


def _topic(data: Mapping[str, Any], known: Mapping[str, Message]) -> Topic:
    return Topic(data["topic"], data["about"], tuple(_entry(data["topic"], each, known) for each in data["entries"]))


def _entry(topic: str, data: Mapping[str, Any], known: Mapping[str, Message]) -> Entry:
    made = known.get(skeleton(data["says"]))
    trials = data["try"] if isinstance(data["try"], list) else [data["try"]]
    hint = made.hint if made else None
    remedy = data.get("do") or OPTION.sub(r"`\1`", hint or "")
    return Entry(topic, data["says"], data["because"], remedy, tuple(trials), made)


def page() -> str:
    """The page about errors."""
    kinds = [entry.kind for entry in entries()]
    reasons, documents = kinds.count("reason"), kinds.count("document")
    counts = {"errors": len(kinds) - reasons - documents, "documents": documents, "reasons": reasons}
    head = INTRODUCTION.format(**counts)
    return "\n".join((head, *(line for topic in catalogue() for line in _section(topic)), BUG))


def _section(topic: Topic) -> Iterator[str]:
    yield f"## {topic.title}\n\n{topic.about}\n\n| it says | because | what to do |\n| --- | --- | --- |"
    for entry in topic.entries:
        yield f"| {_code(entry.says)} | {_cell(entry.because)} | {_cell(entry.remedy)} |"
    yield ""


def _code(text: str) -> str:
    marks = "``" if "`" in text else "`"
    inner = f" {text} " if text.startswith("`") or text.endswith("`") else text
    return f"{marks}{_cell(inner)}{marks}"


def _cell(text: str) -> str:
    return text.strip("\n").replace("|", r"\|").replace("\n", " ")
