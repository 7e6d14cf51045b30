"""The graph of who calls whom: for people as text, for pages as Mermaid and Graphviz, for programs as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from itertools import groupby
from typing import Any, Final

from portscan.connectivity.graph import Edge, Graph, Node
from portscan.terminal import printable

VERSION = 1
ON_HOST = "on the host"
ELSEWHERE = "elsewhere"


def as_text(graph: Graph) -> str:
    """A paragraph for each service that calls or is published, faults marked by `!` and their code."""
    nodes = {node.identity: node for node in graph.nodes}
    calls = {source: list(those) for source, those in groupby(graph.edges, key=lambda edge: edge.source)}
    lines: list[str] = []
    for node in graph.nodes:
        lines += [_headline(node), *(_call(edge, nodes) for edge in calls.get(node.identity, ()))]
    lines += [f"! {each.message or f'{each.port}/{each.protocol} is published twice'}  PS203" for each in graph.conflicts]
    faults = sum(bool(edge.fault) for edge in graph.edges) + len(graph.conflicts)
    lines.append(f"{len(graph.nodes)} services, {len(graph.edges)} calls, {faults} faults.")
    return "\n".join(map(printable, lines)) + "\n"


def _headline(node: Node) -> str:
    ports = ", ".join(f"{port.published} → {port.target}" if port.published else str(port.target) for port in node.ports)
    where = {"container": ", ".join(node.networks) or "no network", "host": ON_HOST, "external": ELSEWHERE}[node.kind]
    owner = f"{node.project}/" if node.project else ""
    return f"{owner}{node.name}  [{where}]{f'  {ports}' if ports and node.kind == 'container' else ''}"


def _call(edge: Edge, nodes: Mapping[str, Node]) -> str:
    mark, code = ("!", f"  {edge.fault}") if edge.fault else (" ", "")
    where = f" on {edge.network}" if edge.network else ""
    place = f"  ({edge.place.path}:{edge.place.line})" if edge.place else ""
    return f"  {mark} → {nodes[edge.target].name} by {edge.host}:{edge.port}{where}{place}{code}"


def as_mermaid(graph: Graph) -> str:
    """A flowchart, a box for each project; faults are red, and say their code."""
    names = {node.identity: f"n{index}" for index, node in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    for project, those in groupby(graph.nodes, key=lambda node: node.project):
        inner = [f"{names[node.identity]}{_shape(node)}" for node in those]
        lines += _boxed(project, inner)
    for index, edge in enumerate(graph.edges):
        arrow = "-.->" if edge.fault else "-->"
        lines.append(f'  {names[edge.source]} {arrow}|"{_label(edge)}"| {names[edge.target]}')
        if edge.fault:
            lines.append(f"  linkStyle {index} stroke:#c00,color:#c00")
    return "\n".join(lines) + "\n"


def _boxed(project: str, inner: list[str]) -> Iterator[str]:
    if not project:
        yield from (f"  {line}" for line in inner)
        return
    identity = re.sub(r"\W", "_", project)
    yield f'  subgraph p_{identity}["{_plain(project)}"]'
    yield from (f"    {line}" for line in inner)
    yield "  end"


def _shape(node: Node) -> str:
    published = ", ".join(port.published for port in node.ports if port.published)
    text = _plain(node.name) + (f"<br/>{_plain(published)}" if published else "")
    opening, closing = {"container": ('["', '"]'), "host": ('(["', '"])'), "external": ('{{"', '"}}')}[node.kind]
    return f"{opening}{text}{closing}"


def _label(edge: Edge) -> str:
    network = f" {edge.network}" if edge.network else ""
    return _plain(f"{edge.fault} {edge.host}:{edge.port}{network}".strip())


def _plain(text: str) -> str:
    """Text that means nothing to Mermaid."""
    return re.sub(r'["<>&#\[\]{}|`\\]', lambda match: f"#{ord(match[0])};", printable(text))


def as_dot(graph: Graph) -> str:
    """The same for Graphviz."""
    lines = ["digraph ports {", "  rankdir=LR;", '  node [shape=box, fontname="sans-serif"];']
    for index, (project, those) in enumerate(groupby(graph.nodes, key=lambda node: node.project)):
        inner = [f"{_quoted(node.identity)} [label={_quoted(node.name)}{_style(node)}];" for node in those]
        if project:
            lines += [
                f"  subgraph cluster_{index} {{",
                f"    label={_quoted(project)};",
                *(f"    {line}" for line in inner),
                "  }",
            ]
        else:
            lines += [f"  {line}" for line in inner]
    for edge in graph.edges:
        color = ', color="#cc0000", fontcolor="#cc0000", style=dashed' if edge.fault else ""
        text = f"{edge.fault} {edge.host}:{edge.port}".strip()
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [label={_quoted(text)}{color}];")
    return "\n".join((*lines, "}")) + "\n"


def _style(node: Node) -> str:
    return {"container": "", "host": ", shape=ellipse", "external": ", shape=hexagon"}[node.kind]


def _quoted(text: str) -> str:
    return '"' + printable(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_json(graph: Graph) -> str:
    """Everything, for a program; the keys are those of the values in `portscan.connectivity.graph`."""
    return json.dumps({"version": VERSION, **data(graph)}, indent=2) + "\n"


def data(graph: Graph) -> dict[str, Any]:
    """The graph as plain data."""
    nodes = [{"id": node.identity, **{k: v for k, v in asdict(node).items() if k != "identity"}} for node in graph.nodes]
    return {
        "nodes": nodes,
        "edges": [{**asdict(edge), "fault": edge.fault or None} for edge in graph.edges],
        "conflicts": [asdict(each) for each in graph.conflicts],
    }


RENDERERS: Final[Mapping[str, Callable[[Graph], str]]] = {
    "text": as_text,
    "mermaid": as_mermaid,
    "dot": as_dot,
    "json": as_json,
}
