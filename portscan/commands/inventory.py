"""`portscan inventory`: every port literal of the repository. It needs no registry."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from portscan.errors import UserError
from portscan.numbers import positive
from portscan.terminal import deliver, printable

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from portscan.reporters.inventory import Inventory
    from portscan.terminal import Streams

    Rules = Sequence[Mapping[str, Any]]

NAME: Final = "inventory"
TOPIC: Final = "find and fix"
HELP: Final = "list every port literal; needs no registry"
FORMATS = ("table", "ports", "json", "csv", "xlsx")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and directories (default: the current directory)")
    parser.add_argument(
        "--format", choices=FORMATS, default="table", help="how to show them (default: table; ports: a line for each port)"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")
    parser.add_argument("--jobs", type=positive, metavar="N", help="processes that share the work (default: all processors)")
    parser.add_argument("--explain", metavar="PATH:LINE", help="say why the numbers on a line are taken for ports")


def run(args: Namespace, streams: Streams) -> int:
    """Show the inventory, or explain a line of it."""
    from pathlib import Path

    from portscan.console.progress import ticking

    if args.explain:
        return _explain(args, Path.cwd(), streams)
    if args.format == "xlsx" and args.output is None and streams.out.isatty():
        raise UserError("a workbook is no text for a terminal", "Name a file with --output.")
    with ticking(streams.err, "portscan inventory", quiet=args.quiet):
        inventory = _literals(args, Path.cwd(), args.paths)
    deliver(_rendered(inventory, args.format, streams), streams, args.output)
    return 0


def _literals(args: Namespace, root: Path, paths: list[str]) -> Inventory:
    """The literals under `paths`. What a registry calls a port is one."""
    from portscan.pipeline.inventories import literals
    from portscan.workspace import load_config, registry_at_hand

    config = load_config(args, root)
    return literals(root, paths, config, args.jobs, registry_at_hand(args, root, config))


def _rendered(inventory: Inventory, form: str, streams: Streams) -> str | bytes:
    from portscan.reporters import inventory as forms

    if form == "table":
        return forms.as_table(inventory, streams)
    if form == "ports":
        from portscan.reporters.ports import as_ports

        return as_ports(inventory, streams)
    renders: dict[str, Callable[[Inventory], str | bytes]]
    renders = {"json": forms.as_json, "csv": forms.as_csv, "xlsx": forms.as_xlsx}
    return renders[form](inventory)


def _explain(args: Namespace, root: Path, streams: Streams) -> int:
    from portscan.reporters.explanation import explanation

    place = str(args.explain)
    path, line = _place(place)
    if (root / path).is_dir():
        raise UserError(f"--explain: {path} is a directory", "Name a line of a file: PATH:LINE.")
    inventory = _literals(args, root, [path])
    here = [literal for literal in inventory.literals if literal.location.line == line]
    if here:
        data = inventory.sources.get(here[0].path)
        streams.out.write(explanation(here, data, partial(_described, _rules(args, root)), streams))
    else:
        unread = [f"{printable(one.path)} was not read: {printable(one.reason)}." for one in inventory.skipped]
        streams.out.write("\n".join(unread or [f"No port literal was found at {printable(place)}."]) + "\n")
    return 0


def _place(place: str) -> tuple[str, int]:
    path, _, line = place.rpartition(":")
    if not path or not line.isdecimal():
        raise UserError(f"--explain: {place!r} is not PATH:LINE", "For example: --explain docker-compose.yml:14")
    return path, int(line)


def _rules(args: Namespace, root: Path) -> Rules:
    """The rules by which numbers are taken for ports here."""
    from portscan.pipeline.rules import known_rules
    from portscan.workspace import load_config, registry_at_hand

    config = load_config(args, root)
    return known_rules(config, registry_at_hand(args, root, config)).rules


def _described(rules: Rules, rule: str) -> str:
    """The rule's name and title, and the file to look it up in."""
    found = next((known for known in rules if known.get("id") == rule), None)
    return f"{rule}: {found['title']} ({found['file']})" if found else rule
