"""Reads the log of a step as GitHub's runner does: which lines are commands, and what they say."""

from __future__ import annotations

from typing import NamedTuple

DATA = {"%0D": "\r", "%0A": "\n", "%25": "%"}
PROPERTY = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


class Command(NamedTuple):
    """A command to the runner."""

    name: str
    properties: dict[str, str]
    data: str


def commands(log: str) -> list[Command]:
    """The commands in a log. Lines end at CR, LF or both, and blanks before a command do not matter."""
    found = (_new(line) or _old(line) for line in log.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return [command for command in found if command is not None]


def _new(line: str) -> Command | None:
    """`::name key=value,key=value::data`."""
    text = line.lstrip()
    end = text.find("::", 2)
    if not text.startswith("::") or end < 0:
        return None
    name, _, rest = text[2:end].partition(" ")
    pairs = [pair.split("=", 1) for pair in rest.strip().split(",") if "=" in pair]
    properties = {key: _unescaped(value, PROPERTY) for key, value in pairs if value}
    return Command(name, properties, _unescaped(text[end + 2 :], DATA)) if name else None


def _old(line: str) -> Command | None:
    """`##[name key=value;key=value]data`, which the runner still takes, anywhere in a line."""
    start = line.find("##[")
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    name, _, _ = line[start + 3 : end].partition(" ")
    return Command(name, {}, line[end + 1 :]) if name else None


def _unescaped(text: str, table: dict[str, str]) -> str:
    for escape, character in table.items():
        text = text.replace(escape, character)
    return text
