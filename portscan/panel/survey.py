"""Looks at a repository once, and puts together what the panel shows of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from portscan import git
from portscan.findings import catalogue
from portscan.model import position
from portscan.panel.data import Landscape
from portscan.panel.forge import source_link
from portscan.pipeline import extra_rules, scan, survey
from portscan.registry.checks import check

if TYPE_CHECKING:
    from portscan.workspace import Workspace


def surveyed(work: Workspace, *, live: bool = False) -> Landscape:
    """The landscape of a workspace: its registry's own findings, and those at its literals, with the fixes left out."""
    rules = catalogue(extra_rules(work.config))
    found = scan(work.root, (), work.registry, work.config, work.today).report.findings
    return Landscape(
        registry=work.registry,
        title=work.top.name or "portscan",
        today=work.today,
        findings=tuple(sorted((*check(work.registry, rules), *found), key=position)),
        uses=survey(work.root, (), work.registry, work.config, work.today).judged,
        rules=rules,
        source=_source(work),
        live=live,
    )


def with_problem(land: Landscape, problem: str) -> Landscape:
    """The last good landscape, and why there is no newer one."""
    return replace(land, problem=problem)


def _source(work: Workspace) -> str | None:
    found = git.origin(str(work.top))
    return source_link(*found) if found else None
