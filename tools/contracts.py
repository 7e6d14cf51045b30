"""What others build upon, as data: `make contracts` writes it to tests/contracts, and a test compares.

Read the difference that git shows, and docs/compatibility.md on what it costs, before committing it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from argparse import Action, ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from portscan.cli import main
from portscan.commands import COMMANDS, command
from portscan.config_reference import full_schema
from portscan.console.parsers import command_parser
from portscan.findings import catalogue

TOP = Path(__file__).resolve().parent.parent
GOLDEN = TOP / "tests" / "contracts"
PROSE = ("description", "markdownDescription", "examples", "title", "$comment", "default", "x-taplo", "enumDescriptions")
# Objects whose keys are data: what is counted, or configured.
COUNTED = ("codes", "services", "folders")
# What is handed through as it was written: the value of a setting, the examples of a rule.
OPAQUE = ("value", "examples")
EMPTY = "nothing"
# Commands whose JSON is a contract, each with what it takes to see all of its keys.
DOCUMENTS = {
    "scan": ("scan", "--exit-zero", "--statistics", "--format", "json"),
    "inventory": ("inventory", "--format", "json"),
    "validate": ("validate", "--format", "json", "wrong.yaml"),
    "sync": ("sync", "--check", "--format", "json"),
    "graph": ("graph", "--format", "json"),
    "diff": ("diff", "--format", "json"),
    "audit": ("audit", "--since", "HEAD", "--format", "json"),
    "config": ("config", "--format", "json"),
    "explain": ("explain", "--format", "json"),
}


def commands() -> dict[str, Any]:
    """Every command with its arguments: what is a switch, what takes a value, and which. What all have is said once."""
    found = {name: _arguments(command_parser(command(name))) for name in COMMANDS}
    shared = {key: takes for key, takes in found["scan"].items() if all(each.get(key) == takes for each in found.values())}
    own = {name: {key: takes for key, takes in each.items() if key not in shared} for name, each in found.items()}
    return {"(every command)": shared, **own}


def _arguments(parser: ArgumentParser) -> dict[str, Any]:
    found = (action for action in parser._actions if action.dest != "help")
    return {" ".join(action.option_strings) or f"[{action.dest}]": _takes(action) for action in found}


def _takes(action: Action) -> Any:
    if action.choices is not None:
        return sorted(map(str, action.choices))
    if action.option_strings and action.nargs == 0:
        return "switch"
    return {None: "a value", "?": "perhaps a value", "*": "any number", "+": "one or more"}.get(action.nargs, str(action.nargs))


def codes() -> dict[str, Any]:
    """Every code with its name and severity."""
    return {code: {"name": rule.name, "severity": rule.severity} for code, rule in sorted(catalogue().items())}


def configuration() -> Any:
    """The keys of the configuration and what they take."""
    return _without_prose(full_schema())


def registry() -> Any:
    """The keys of the registry and what they take."""
    return _schema("registry")


def index() -> Any:
    """The document that `generate.index` makes for programs."""
    return _schema("index")


def _schema(name: str) -> Any:
    return _without_prose(json.loads((TOP / "schema" / f"{name}.schema.json").read_text(encoding="utf-8")))


def _without_prose(schema: Any, *, names: bool = False) -> Any:
    """A schema without what is only for people; below `properties`, keys are names and all stay."""
    if isinstance(schema, dict):
        kept = {key: value for key, value in schema.items() if names or key not in PROSE}
        return {key: _without_prose(value, names=not names and key in ("properties", "$defs")) for key, value in kept.items()}
    return [_without_prose(each) for each in schema] if isinstance(schema, list) else schema


def hooks() -> dict[str, Any]:
    """The hooks, and what decides when they run."""
    found = YAML(typ="safe").load(TOP / ".pre-commit-hooks.yaml")
    return {hook["id"]: {key: value for key, value in hook.items() if key not in ("id", "name", "description")} for hook in found}


def ci() -> dict[str, Any]:
    """What callers give to the action and to the reusable workflow."""
    yaml = YAML(typ="safe")
    workflow = yaml.load(TOP / ".github" / "workflows" / "port-governance.yml")
    action = yaml.load(TOP / "action.yml")
    return {
        "action": {name: sorted(each) for name, each in action["inputs"].items()},
        "workflow": {name: each["type"] for name, each in workflow["on"]["workflow_call"]["inputs"].items()},
    }


def documents() -> dict[str, Any]:
    """The shape of each command's JSON: which keys there are, and of which types."""
    with example():
        return {name: shape(json.loads(_said(*arguments))) for name, arguments in DOCUMENTS.items()}


@contextmanager
def example() -> Iterator[Path]:
    """A repository in which every command has something to say."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="portscan-contracts-") as folder:
        root = Path(folder, "example")
        shutil.copytree(TOP / "examples" / "tradingsystem", root)
        shutil.copy(TOP / "tests" / "fixtures" / "registry" / "proposal.yaml", root / "wrong.yaml")
        author = ("-c", "user.name=tester", "-c", "user.email=tester@localhost")
        for arguments in (("init", "--quiet"), ("add", "--all"), (*author, "commit", "--quiet", "--message", "begin")):
            subprocess.run(["git", *arguments], cwd=root, check=True)
        file = root / "config" / "ports" / "registry.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace("port: 3103", "port: 3104", 1), encoding="utf-8")
        os.chdir(root)
        try:
            yield root
        finally:
            os.chdir(before)


def _said(*arguments: str) -> str:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(arguments)
    assert status in (0, 1), f"portscan {' '.join(arguments)}: {status}\n{err.getvalue()}"
    return out.getvalue()


def shape(value: Any) -> Any:
    """The keys and types of a JSON value; of a list that of all its members together."""
    if isinstance(value, dict):
        return {key: "anything" if key in OPAQUE else _below(key, below) for key, below in value.items()}
    if isinstance(value, list):
        return [_together([shape(each) for each in value])]
    return "null" if value is None else {bool: "boolean", int: "number", float: "number", str: "text"}[type(value)]


def _below(key: str, value: Any) -> Any:
    """The shape of what a key has; of an object whose keys are data that of its values."""
    if key in COUNTED and isinstance(value, dict):
        return {"…": _together([shape(each) for each in value.values()])}
    return shape(value)


def _together(shapes: list[Any]) -> Any:
    """One shape that all of these have; alternatives are told in words. An empty list says nothing of its members."""
    told = [each for each in shapes if each != EMPTY]
    tables = [each for each in told if isinstance(each, dict)]
    if tables:
        keys = dict.fromkeys(key for each in tables for key in each)
        merged: Any = {key: _together([each[key] for each in tables if key in each]) for key in keys}
        return merged if len(tables) == len(told) else {"or null": merged}
    lists = [each for each in told if isinstance(each, list)]
    if lists:
        return [_together([member for each in lists for member in each])]
    return " or ".join(sorted({word for each in told for word in each.split(" or ")})) or EMPTY


CONTRACTS: Mapping[str, Callable[[], Any]] = {
    "commands": commands,
    "codes": codes,
    "configuration": configuration,
    "registry": registry,
    "index": index,
    "hooks": hooks,
    "ci": ci,
    "documents": documents,
}


def text(name: str) -> str:
    """A contract as its golden file holds it."""
    return json.dumps(CONTRACTS[name](), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """A line for each thing that is said, so that two contracts can be told apart thing by thing."""
    if isinstance(value, dict) and value:
        for key, below in value.items():
            yield from leaves(below, f"{path}/{key}")
    elif isinstance(value, list) and value:
        for below in value:
            yield from leaves(below, f"{path}/-")
    else:
        yield f"{path}: {json.dumps(value, ensure_ascii=False)}"


def differences(old: str, new: str) -> tuple[list[str], list[str]]:
    """What a contract said and says no longer, and what it says now for the first time."""
    before, after = (dict.fromkeys(leaves(json.loads(each))) for each in (old, new))
    return [line for line in before if line not in after], [line for line in after if line not in before]


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for each in CONTRACTS:
        file = GOLDEN / f"{each}.json"
        if not file.exists() or file.read_text(encoding="utf-8") != text(each):
            file.write_text(text(each), encoding="utf-8")
            sys.stdout.write(f"{re.sub('^.*tests/', 'tests/', file.as_posix())}\n")
