"""Reports. Each format is a module in `formats`, and what lies there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from portscan.members import members, module_of
from portscan.records import dataclass
from portscan.reporters import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from portscan.findings import FindingRule
    from portscan.model import Report
    from portscan.pages import Page
    from portscan.terminal import Streams

NAMES: tuple[str, ...] = members(formats.__path__)


class Memory(Protocol):
    """How pages of reports looked before."""

    def recall(self, page: Page) -> tuple[Any, ...] | None:
        """What was made of this page, in plain form."""

    def keep(self, page: Page, data: bytes | None, made: tuple[Any, ...]) -> None:
        """Take in what was made of a page of a file with the contents `data`."""


@dataclass(frozen=True, slots=True)
class Options:
    """What may be chosen about a report. `command` is what was run, by which reports of one commit are told apart.

    `rules` loads those that the findings may be of, by code; None stands for the shipped ones. `fixes` tells whether fixes were
    worked out for the findings. Where there is a `memory`, what was made of a page before need not be made again.
    """

    command: str = "scan"
    fingerprints: bool = True
    statistics: bool = False
    rules: Callable[[], Mapping[str, FindingRule]] | None = None
    fixes: bool = False
    memory: Memory | None = None


USUAL = Options()


class Reporter(Protocol):
    """What a reporter module offers.

    FROM_THE_TOP: it is read where only the repository is known, not the directory in which portscan ran.
    FIXES: it shows how a finding is to be mended, so that fixes are worked out for it.
    STATISTICS: it can show the figures of `--statistics`.
    """

    FROM_THE_TOP: bool
    FIXES: bool
    STATISTICS: bool

    def render(self, report: Report, streams: Streams, sources: Mapping[str, bytes], options: Options = USUAL) -> Iterable[str]:
        """The report in this format, whole or in pieces; `sources` holds the bytes of files by path, as far as they are known."""


def reporter(name: str) -> Reporter:
    """The module that renders the format `name`, loaded now."""
    from importlib import import_module

    if name not in NAMES:
        raise KeyError(name)
    return cast("Reporter", import_module(module_of(formats.__name__, name)))
