"""YAML as generators write it: stable, in block style, with every text in quotes that could be read as something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any, Final

from portscan.expressions import compiled
from portscan.generators.escapes import line
from portscan.records import dataclass

WIDEST: Final = 1_000_000  # a line that is broken in the middle of a value would be harder to compare

BARE: Final = compiled(r"[A-Za-z_][A-Za-z0-9_./-]*")
WORDS: Final = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))  # no text for YAML 1.1


@dataclass(frozen=True, slots=True)
class Tagged:
    """A list with a tag, such as `!override` in a compose file."""

    tag: str
    items: Sequence[Any]


def dump(data: Mapping[str, Any]) -> str:
    """The mapping as YAML, its keys in their order."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = WIDEST
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(_node(data), out)
    return out.getvalue()


def _node(value: Any) -> Any:
    """A value as ruamel.yaml writes it the way we want it."""
    from ruamel.yaml.comments import CommentedSeq
    from ruamel.yaml.tag import Tag

    if isinstance(value, Mapping):
        return {_text(key): _node(each) for key, each in value.items()}
    if isinstance(value, Tagged):
        tagged = CommentedSeq(_node(each) for each in value.items)
        tagged.yaml_set_ctag(Tag(suffix=value.tag))
        return tagged
    if isinstance(value, (list, tuple)):
        return CommentedSeq(_node(each) for each in value)
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    """Plain where it is a bare word for every version of YAML; in double quotes otherwise."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    plain = BARE.fullmatch(value) and value.lower() not in WORDS
    return value if plain else DoubleQuotedScalarString(line(value, WIDEST))
