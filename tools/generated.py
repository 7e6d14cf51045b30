"""Write the files of this repository that follow from something else in it: `make generated`.

usage: generated.py [--check]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from io import StringIO
from pathlib import Path
from textwrap import dedent
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from portscan.config_reference import full_schema
from portscan.findings import catalogue
from portscan.reporters.rules import as_page
from tools import accuracy as figures
from tools import comparison, error_catalogue, registry_reference
from tools.reference import configuration

TOP = Path(__file__).resolve().parent.parent
WIDEST = 4096
CHECKOUT, SETUP, INSTALL = "Check out", "Set up Python", "Install portscan"


def main() -> int:
    """Write what is stale, or with --check tell whether anything is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a file is out of date")
    args = parser.parse_args()
    stale = [path for path, make in FILES.items() if _present(path) != make()]
    for path in stale:
        sys.stdout.write(f"{path}\n")
        if not args.check:
            (TOP / path).parent.mkdir(parents=True, exist_ok=True)
            (TOP / path).write_text(FILES[path](), encoding="utf-8")
    return int(args.check and bool(stale))


def hooks() -> str:
    """The manifest of hooks, from the catalogue `tools/hooks.yaml`."""
    catalogue = _loaded("tools/hooks.yaml")
    found = [{**hook, **deepcopy(catalogue["shared"])} for hook in catalogue["hooks"]]
    for hook in found:
        if "files" in hook:
            hook["files"] = hook["files"].format(decided=catalogue["decided"])
    return _header("tools/hooks.yaml") + _dumped(found)


def rules() -> str:
    """Every code with its rationale and examples, from `rules/findings`."""
    head = "# Rules\n\n<!-- Made of rules/findings by `make generated`. -->\n\n`portscan explain CODE` prints each of them.\n\n"
    return head + as_page([rule for _, rule in sorted(catalogue().items())])


def workflow() -> str:
    """The reusable workflow: the kit's own, called by others."""
    kit = _loaded("templates/ci/github.yml")
    kit["on"] = {
        "workflow_call": {
            "inputs": {
                "version": {"description": "The version of portscan to install.", "type": "string", "required": True},
            }
        }
    }
    _step(kit, INSTALL)["env"]["PORTSCAN_VERSION"] = "${{ inputs.version }}"
    return _header("templates/ci/github.yml") + _dumped(kit)


def action() -> str:
    """The composite action: the steps of the kit's job, with portscan from the action's own checkout."""
    kit = _loaded("templates/ci/github.yml")
    steps = [_composite(step) for step in kit["jobs"]["ports"]["steps"] if step["name"] not in (CHECKOUT, SETUP, INSTALL)]
    composite = {
        "name": "portscan",
        "description": "Check that every port of the repository is decided by its registry.",
        "branding": {"icon": "anchor", "color": "blue"},
        "inputs": {
            "python": {"description": "The Python to run portscan with, 3.10 or newer.", "default": "python3"},
        },
        "runs": {"using": "composite", "steps": [_own_installation(), *steps]},
    }
    return _header("templates/ci/github.yml") + _dumped(composite)


def _own_installation() -> dict[str, Any]:
    script = (
        '"$PYTHON" -m venv "$RUNNER_TEMP/portscan"\n'
        '"$RUNNER_TEMP/portscan/bin/python" -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH"\n'
    )
    return {
        "name": INSTALL,
        "shell": "bash",
        "env": {"PYTHON": "${{ inputs.python }}"},
        "run": LiteralScalarString(script),
    }


def _composite(step: Any) -> Any:
    """A step with a shell of its own, and with portscan's directory in front of the others."""
    if "run" in step:
        step.insert(1, "shell", "bash")
        step["run"] = LiteralScalarString(f'PATH="$RUNNER_TEMP/portscan/bin:$PATH"\n{step["run"]}')
    return step


def _step(kit: Any, name: str) -> Any:
    return next(step for step in kit["jobs"]["ports"]["steps"] if step["name"] == name)


def _header(source: str) -> str:
    return f"# Generated from {source} by `make generated`; do not edit it here.\n"


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = WIDEST
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _loaded(path: str) -> Any:
    return _yaml().load(TOP / path)


def _dumped(data: Any) -> str:
    stream = StringIO()
    _yaml().dump(data, stream)
    return dedent(stream.getvalue())  # a list is indented even at the top


def _present(path: str) -> str | None:
    file = TOP / path
    return file.read_text(encoding="utf-8") if file.exists() else None


def config_schema() -> str:
    """The JSON Schema of the configuration, for editors."""
    return json.dumps(full_schema(), indent=2, ensure_ascii=False) + "\n"


def accuracy() -> str:
    """The page about accuracy, with the figures of today."""
    return figures.with_table(figures.DOCUMENT.read_text(encoding="utf-8"), figures.table())


FILES: Mapping[str, Callable[[], str]] = {
    ".pre-commit-hooks.yaml": hooks,
    ".github/workflows/port-governance.yml": workflow,
    "action.yml": action,
    "schema/config.schema.json": config_schema,
    "docs/accuracy.md": accuracy,
    "docs/comparison.md": comparison.page,
    "docs/configuration.md": configuration,
    "docs/errors.md": error_catalogue.page,
    "docs/registry.md": registry_reference.page,
    "docs/rules.md": rules,
}

if __name__ == "__main__":
    sys.exit(main())
