"""`portscan graph`: who calls whom on the example, in four forms."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from portscan.cli import main
from portscan.connectivity.graph import Edge, Graph, Node
from portscan.reporters.graph import as_dot, as_mermaid

TOP = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = Path(shutil.copytree(TOP / "examples" / "tradingsystem", tmp_path / "example"))
    monkeypatch.chdir(root)
    return root


def shown(form: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["graph", "--format", form]) == 0
    return capsys.readouterr().out


def test_the_text_names_calls_networks_and_faults(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown("text", capsys)
    assert "tradingsystem-apps/edge  [backend_net, frontend_net, telegram_net]  3100 → 80" in text
    assert "→ workspace-api by workspace-api:3200 on backend_net  (infra/nginx/edge.conf:17)" in text
    assert "! → telegram-mtproto by localhost:4007  (tools/compose/docker-compose.telegram.yml:18)  PS201" in text
    assert re.search(r"! `grafana` publishes 3350/tcp .*PS203", text)


def test_the_json_is_whole(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph: dict[str, Any] = json.loads(shown("json", capsys))
    assert set(graph) == {"version", "nodes", "edges", "conflicts"}
    names = {node["id"] for node in graph["nodes"]}
    assert len(names) == len(graph["nodes"]) == 17
    assert {end for edge in graph["edges"] for end in (edge["source"], edge["target"])} <= names
    assert {edge["fault"] for edge in graph["edges"]} == {None, "PS201", "PS204", "PS205", "PS206"}
    assert all(edge["message"] for edge in graph["edges"] if edge["fault"])
    assert graph["conflicts"][0]["services"] == ["tradingsystem-apps/pgadmin", "tradingsystem-monitoring/grafana"]


def test_without_a_registry_the_compose_files_speak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["graph"]) == 2
    assert "no compose file" in capsys.readouterr().err
    (tmp_path / "compose.yaml").write_text("services:\n  a: {image: a, environment: ['U=redis://b:6379']}\n  b: {image: redis}\n")
    assert "→ b by b:6379" in shown("text", capsys)


@pytest.mark.parametrize("form", ["text", "mermaid", "dot"])
def test_names_steer_no_terminal(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    name = r"a\e]0;x\a\u202e\r\n::error::hi"
    (tmp_path / "compose.yaml").write_text(f'services:\n  "{name}": {{image: x, ports: ["4010:80"], networks: ["n\\e[1m"]}}\n')
    text = shown(form, capsys)
    assert "::error::hi" in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]|^::", text, re.MULTILINE)


def test_names_mean_nothing_to_the_languages_of_drawings() -> None:
    odd = 'a"]; x --> y <b>|{}\\'
    graph = Graph((Node("p/1", odd, "container", odd), Node("h/2", odd, "host")), (Edge("p/1", "h/2", odd, 1, odd),), ())
    mermaid, dot = as_mermaid(graph), as_dot(graph)
    assert not [
        line for line in mermaid.splitlines() if "x --> y" in line.replace('"', "")[: line.find("#") if "#" in line else 0]
    ]
    assert mermaid.count('"') == 8
    unescaped = re.sub(r"\\.", "", dot)
    assert all(line.count('"') % 2 == 0 for line in unescaped.splitlines())


def test_the_drawings_are_complete(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mermaid, dot = shown("mermaid", capsys), shown("dot", capsys)
    calls = len(json.loads(shown("json", capsys))["edges"])
    assert mermaid.startswith("flowchart LR\n")
    assert mermaid.count("-.->") == mermaid.count("stroke:#c00") == 4
    assert dot.startswith("digraph ports {")
    assert dot.endswith("}\n")
    assert dot.count(" -> ") == mermaid.count("-->") + mermaid.count("-.->") == calls
