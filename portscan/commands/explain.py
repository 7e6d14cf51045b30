"""`portscan explain`: what a code means, why there is the rule, and what it finds in its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portscan.terminal import deliver

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping, Sequence

    from portscan.findings import FindingRule
    from portscan.terminal import Streams

NAME: Final = "explain"
TOPIC: Final = "find and fix"
HELP: Final = "say what a code means, why, and show examples"
FORMATS = ("text", "json", "markdown")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the command's arguments."""
    what = "a code, its name, or the beginning of several codes (default: list all)"
    parser.add_argument("codes", nargs="*", metavar="CODE", help=what)
    parser.add_argument("--format", choices=FORMATS, default="text", help="how to show it (default: text)")
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")


def run(args: Namespace, streams: Streams) -> int:
    """Explain the rules that are named, or list all there are; the rules of the configuration count as well."""
    from pathlib import Path

    from portscan.findings import catalogue
    from portscan.pipeline.rules import extra_rules
    from portscan.workspace import load_config

    known = catalogue(extra_rules(load_config(args, Path.cwd())))
    deliver(_rendered(_named(args.codes, known), args.format, bool(args.codes), streams), streams, args.output)
    return 0


def _rendered(rules: Sequence[FindingRule], form: str, whole: bool, streams: Streams) -> str:
    from portscan.reporters import rules as shown

    if form == "json":
        return shown.as_json(rules)
    if form == "markdown":
        return shown.as_page(rules)
    return "\n".join(shown.explained(rule, streams) for rule in rules) if whole else shown.listed(rules, streams)


def _named(names: Sequence[str], known: Mapping[str, FindingRule]) -> list[FindingRule]:
    """The rules that are meant, each once and in the order of their codes."""
    found = {rule.code: rule for name in names for rule in _meant(name, known)} if names else known
    return [rule for _, rule in sorted(found.items())]


def _meant(name: str, known: Mapping[str, FindingRule]) -> list[FindingRule]:
    from portscan.findings import no_code

    found = [rule for code, rule in known.items() if code.startswith(name.upper()) or rule.name == name.lower()]
    if found:
        return found
    raise no_code(name, known)
