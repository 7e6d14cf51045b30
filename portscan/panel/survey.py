"""Looks at a repository once, and puts together what the panel shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portscan.connectivity.graph import graph
from portscan.findings import catalogue
from portscan.git.remote import origin
from portscan.model import position
from portscan.panel.data import Landscape
from portscan.panel.forge import source_link
from portscan.pipeline.connecting import whole_check
from portscan.pipeline.rules import extra_rules
from portscan.pipeline.scanning import scan
from portscan.pipeline.surveys import survey
from portscan.records import replace
from portscan.registry.checks import check

if TYPE_CHECKING:
    from portscan.connectivity.graph import Edge
    from portscan.panel.history import Past
    from portscan.workspace import Workspace


def surveyed(work: Workspace, past: Past, *, live: bool = False) -> Landscape:
    """The landscape of a workspace: its registry's own findings, and those at its literals, with the fixes left out.

    `past` is its history, which is long to read and seldom new.
    """
    rules = catalogue(extra_rules(work.config))
    found = scan(work.root, (), work.registry, work.config, work.today).report.findings
    return Landscape(
        registry=work.registry,
        title=work.top.name or "portscan",
        today=work.today,
        findings=tuple(sorted((*check(work.registry, rules), *found), key=position)),
        uses=survey(work.root, (), work.registry, work.config, work.today).judged,
        calls=_calls(work),
        past=past,
        rules=rules,
        source=_source(work),
        live=live,
    )


def _calls(work: Workspace) -> tuple[Edge, ...]:
    """Who calls whom, by the names that the registry gives to services, and those of compose files for others."""
    drawn = graph(whole_check(work.root, work.registry, work.config))
    names = {node.identity: node.service or node.name for node in drawn.nodes}
    known = (
        replace(edge, source=names[edge.source], target=names[edge.target])
        for edge in drawn.edges
        if {edge.source, edge.target} <= names.keys()
    )
    return tuple(known)


def _source(work: Workspace) -> str | None:
    found = origin(str(work.top))
    return source_link(*found) if found else None
