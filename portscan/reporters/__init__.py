"""The formats of a report, one module each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portscan.model import Report
    from portscan.terminal import Streams

NAMES: tuple[str, ...] = ("text", "json")


class Reporter(Protocol):
    """What a reporter module offers."""

    def render(self, report: Report, streams: Streams, sources: Mapping[str, bytes]) -> str:
        """The report in this format; `sources` holds the bytes of files by path, as far as they are known."""


def reporter(name: str) -> Reporter:
    """The module that renders the format `name`, loaded now."""
    from importlib import import_module

    if name not in NAMES:
        raise KeyError(name)
    return cast("Reporter", import_module(f"portscan.reporters.{name}"))
