"""The reference of the registry, `docs/registry.md`, from its schema: each key with what it says and how it may look."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).resolve().parent.parent / "schema" / "registry.schema.json"
INTRODUCTION = """# The registry

<!-- Made of schema/registry.schema.json by `make generated`. -->

`config/ports/registry.yaml` is the one place where the ports of a repository are decided. It is YAML, and yours: `portscan new`,
`edit`, `rename`, `remove` and `migrate` change it in place and leave comments, order and quotes as they are; so may you, by hand.
`portscan validate` checks it, and [the rules PS101 and on](rules.md) say what it checks beyond its form.

```yaml title="config/ports/registry.yaml"
version: "1.0.0"
ranges:
  apis: "4000-4099"
  databases: "5400-5499"
services:
  - name: billing            # its variable is BILLING_PORT
    stack: apis
    port: 4001
    paths: [services/billing/**]
    owner: payments
    depends_on: [billing-db]
  - name: billing-db
    stack: databases
    port: 5433               # at which it is published on the host
    container_port: 5432     # at which other containers reach it
    compose_service: db
    container: true
  - name: broker
    stack: apis
    port: 4010
    container: true
    ports:                   # further ports, each with a variable of its own
      management: {port: 4011, container_port: 15672}   # BROKER_MANAGEMENT_PORT
      metrics: {container_port: 15692}                  # published at no port of the host
```

There is a [JSON Schema](../schema/registry.schema.json). Editors with the YAML language server are told of it by a first line
`# yaml-language-server: $schema=` with the path of a copy.
"""
FOLLOWING = (
    ("service", "A service", "An entry of `services`."),
    ("endpoint", "A further port", "An entry of `ports`."),
    ("previous", "A former port", "An entry of `previous`; `portscan migrate` writes them."),
)


def page() -> str:
    """The whole page."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    parts = [INTRODUCTION, "## Keys at the top\n", *_table(schema)]
    for name, title, about in FOLLOWING:
        parts += [f"## {title}\n\n{about}\n", *_table(schema["$defs"][name])]
    for key in ("healthcheck", "governance"):
        holder = schema["$defs"]["service"] if key == "healthcheck" else schema
        parts += [f"## `{key}`\n", *_table(holder["properties"][key])]
    return "\n".join(parts)


def _table(schema: Mapping[str, Any]) -> Iterator[str]:
    needed = _needed(schema)
    yield "| key | says | for example |"
    yield "| --- | --- | --- |"
    for name, said in schema["properties"].items():
        key = f"`{name}`{needed.get(name, '')}"
        yield f"| {key} | {_cell(said['description'])} | {_cell(_example(said))} |"
    yield ""


def _needed(schema: Mapping[str, Any]) -> dict[str, str]:
    """The keys that are needed, and those that are where another one is missing."""
    found = dict.fromkeys(schema.get("required", ()), " (needed)")
    for part in (schema, *schema.get("allOf", ())):
        without = " and ".join(f"`{key}`" for key in part.get("if", {}).get("required", ()))
        found |= dict.fromkeys(part.get("else", {}).get("required", ()), f" (needed without {without})")
    return found


def _example(said: Mapping[str, Any]) -> str:
    found = said.get("examples", said.get("enum", ()))
    return ", ".join(f"`{json.dumps(each)}`" for each in found[:2])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
