"""The reference of the configuration, `docs/configuration.md`, from the declarations in the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from portscan.config import Config, Elsewhere, PerPath, Pin
from portscan.config.tables import Key, keys
from portscan.config_reference import plain, written
from portscan.generators import NAMES, generator

# What cannot be said of one key alone.
INTRODUCTION = """# Configuration

portscan reads `portscan.toml`, or the table `[tool.portscan]` of `pyproject.toml`: the nearest one upward from where it runs,
up to the top of the repository. Both in one directory are an error, and so is a key that is not listed here. Paths and patterns
are relative to the directory of the file. In patterns `*` and `?` stop at a slash and `**` does not; one without a slash matches
at any depth, and one that matches a directory matches all that is in it.

`portscan config` shows what is in force and where each value comes from. There is a [JSON Schema](../schema/config.schema.json),
which `portscan config --schema --output portscan.schema.json` writes; editors that use Taplo are told of it by the first line:

```toml
#:schema ./portscan.schema.json
registry = "config/ports/registry.yaml"
exclude = ["fixtures", "*.snap"]
allow = [80, 443]

[severity]
PS002 = "warning"

[[per-path]]
path = "tests/**"
ignore = ["PS001"]
allow = [3000]
```
"""
TABLES: tuple[tuple[str, str, type[Any]], ...] = (
    ("[registry]", "says where the registry is kept when that is another repository.", Elsewhere),
    ("[[pin]]", "ties a port to a service in a file whose format has no comments.", Pin),
    ("[[per-path]]", "says what is different for some files. Where several match, the last severity counts.", PerPath),
)


def configuration() -> str:
    """The whole page."""
    return "\n".join((INTRODUCTION, *_keys(), *_tables(), *_generators()))


def _keys() -> Iterator[str]:
    yield "## Keys\n"
    yield from _table(keys(Config))


def _tables() -> Iterator[str]:
    for name, purpose, table in TABLES:
        yield f"## `{name}`\n\nIt {purpose}\n"
        yield from _table(keys(table))


def _generators() -> Iterator[str]:
    yield "## `[generate.NAME]`\n"
    yield "What `portscan sync` makes. `[generate.NAME]` is one such table, `[[generate.NAME]]` several of them.\n"
    for name in NAMES:
        module = generator(name)
        yield f"### `[generate.{name}]`\n\n{module.HELP[0].upper()}{module.HELP[1:]}.\n"
        yield from _table(keys(module.Settings))


def _table(declared: Iterable[Key]) -> Iterator[str]:
    yield "| key | holds | default | what for |\n| --- | --- | --- | --- |"
    for key in declared:
        default = "required" if key.required else f"`{written(plain(key, key.default))}`"
        yield f"| `{key.name}` | {_cell(key.kind.title)} | {_cell(default)} | {_cell(key.description)} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", r"\|")
