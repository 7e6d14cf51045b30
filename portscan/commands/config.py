"""`portscan config`: what is in force, and where each value comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from portscan.terminal import deliver

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable

    from portscan.config_reference import Setting
    from portscan.terminal import Streams

NAME: Final = "config"
TOPIC: Final = "set up"
HELP: Final = "show the settings in force, and where each comes from"
FORMATS: Final = ("toml", "json")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--show", action="store_true", help="show what is in force (the default)")
    what.add_argument("--schema", action="store_true", help="show the JSON Schema of the configuration, for an editor")
    parser.add_argument("--format", choices=FORMATS, default="toml", help="how to show it (default: toml)")
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")


def run(args: Namespace, streams: Streams) -> int:
    """Show the configuration; it need not name a registry that is there."""
    from pathlib import Path

    from portscan.config_reference import as_toml, full_schema, in_force
    from portscan.workspace import load_config

    if args.schema:
        deliver(_json(full_schema()), streams, args.output)
        return 0
    config = load_config(args, Path.cwd())
    settings = in_force(config, {"registry": args.registry} if args.registry else {})
    from portscan.secrets import hidden

    shown = as_toml(settings) if args.format == "toml" else _json(_report(settings, config.file))
    deliver("".join(map(hidden, shown.splitlines(keepends=True))), streams, args.output)
    return 0


def _report(settings: Iterable[Setting], file: object) -> dict[str, Any]:
    rows = [{"key": s.key.name, "value": s.value, "source": s.source, "description": s.key.description} for s in settings]
    return {"version": 1, "file": str(file) if file else None, "settings": rows}


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2) + "\n"
