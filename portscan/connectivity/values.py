"""Plain YAML values as Compose turns them into text."""

from __future__ import annotations

from portscan.document.nodes import Scalar
from portscan.expressions import compiled

OCTAL = compiled(r"[-+]?0[0-7]+")


def shown(node: Scalar) -> str:
    """The value as text: what is quoted as it is, numbers and truths as Compose writes them."""
    if not node.plain or "$" in node.text:
        return node.text
    if OCTAL.fullmatch(node.text):
        return str(int(node.text, 8))
    value = node.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}" if value == int(value) and abs(value) < 1e21 else str(value)
    return str(value)
