"""Shared by the tests of spellers: texts in which «» marks the digits that are to be bound."""

from __future__ import annotations

from portscan.edit import applied
from portscan.knowledge import shipped
from portscan.model import Edit, PortLiteral
from portscan.pipeline.reading import reading
from portscan.source import Source, decode
from portscan.spelling import Binding, Declined, Spelled, speller


def marked(path: str, text: str, encoding: str = "utf-8") -> tuple[Source, int, int]:
    """The source without its marks, and the characters between them."""
    start, end = text.index("«"), text.index("»") - 1
    source = decode(path, text.replace("«", "").replace("»", "").encode(encoding))
    assert isinstance(source, Source)
    return source, start, end


def literal_at(source: Source, start: int) -> PortLiteral:
    """The literal that the readers find at a character."""
    found = reading(shipped()).read(source)
    assert isinstance(found, tuple)
    return next(each for each in found if source.character(each.span.start) == start)


def bound(name: str, path: str, text: str, variable: str | Binding = "API_PORT") -> tuple[str, Spelled] | Declined:
    """The text after the speller `name` has bound the marked digits, and what it said; or why it declined."""
    source, start, end = marked(path, text)
    binding = variable if isinstance(variable, Binding) else Binding(variable)
    spelled = speller(name).bind(source, start, end, literal_at(source, start), binding)
    if isinstance(spelled, Declined):
        return spelled
    edits = [
        Edit(
            path,
            source.byte_span(change.start, change.end),
            source.location(change.start, change.end),
            source.text[change.start : change.end].encode(),
            change.after.encode(),
        )
        for change in spelled.changes
    ]
    return applied(source.data, edits).decode(), spelled


def variables_of(path: str, text: str) -> list[str]:
    """Every variable that a literal of the text falls back from."""
    source = decode(path, text.encode())
    assert isinstance(source, Source)
    found = reading(shipped()).read(source)
    assert isinstance(found, tuple)
    return [variable for literal in found for variable in literal.variables]
