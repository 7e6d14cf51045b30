"""The inventory, every port literal there is, as a table, JSON, CSV or a workbook."""

from __future__ import annotations

from io import BytesIO, StringIO
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol

from portscan.errors import UserError
from portscan.reporters.columns import aligned, widths
from portscan.reporters.formats.json import document, skipped_rows
from portscan.reporters.unread import passed_over_line, unread_block
from portscan.reporters.words import count
from portscan.terminal import cells, paint, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portscan.model import PortLiteral, Skipped
    from portscan.terminal import Streams

KEYS = ("path", "line", "column", "end_column", "port", "kind", "context", "bound", "variable", "host", "language")
HEADINGS = ("LINE:COL", "PORT", "KIND", "CONTEXT", "VARIABLE", "HOST")
RIGHT = frozenset((0, 1))
FORMULA = ("=", "+", "-", "@")
WIDEST_COLUMN = 60


class Inventory(Protocol):
    """What is shown; the pipeline makes one."""

    @property
    def literals(self) -> tuple[PortLiteral, ...]:
        """In the order of their places."""

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What was not read."""

    @property
    def files(self) -> int:
        """How many files were read."""

    @property
    def sources(self) -> Mapping[str, bytes]:
        """The bytes of files by path, as far as they were kept."""


def row(literal: PortLiteral) -> dict[str, Any]:
    """One literal, with the keys of the contract."""
    return {
        "path": literal.path,
        "line": literal.location.line,
        "column": literal.location.column,
        "end_column": literal.location.end_column,
        "port": literal.port,
        "kind": literal.kind,
        "context": literal.context,
        "bound": literal.bound,
        "variable": literal.variable,
        "host": literal.host,
        "language": literal.language,
    }


def as_json(inventory: Inventory) -> str:
    """The contract of `portscan inventory --format json`."""
    return document(literals=[row(literal) for literal in inventory.literals], skipped=skipped_rows(inventory.skipped))


def as_csv(inventory: Inventory) -> str:
    """A row for each literal below a row of names, for spreadsheets, which must not take a cell for a formula."""
    import csv

    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(KEYS)
    for literal in inventory.literals:
        writer.writerow([_inert(value) for value in row(literal).values()])
    return out.getvalue()


def as_xlsx(inventory: Inventory) -> bytes:
    """A workbook with a sheet of literals and one of what was not read."""
    try:
        from openpyxl import Workbook
    except ImportError:
        raise UserError("workbooks need openpyxl", "Run: pip install 'portscan-registry[xlsx]'") from None
    book = Workbook(write_only=True)
    _sheet(book, "literals", KEYS, [tuple(row(literal).values()) for literal in inventory.literals])
    _sheet(book, "not read", ("path", "reason"), [(one.path, one.reason) for one in inventory.skipped])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def as_table(inventory: Inventory, streams: Streams) -> str:
    """A table for people, grouped by file."""
    lines = [_cut(_cells_of(literal), streams.width) for literal in inventory.literals]
    wide = widths((HEADINGS, *lines))
    parts = [paint(aligned(HEADINGS, wide, RIGHT), "dim", streams.color)] if lines else []
    numbered = zip(inventory.literals, lines, strict=True)
    for path, group in groupby(numbered, key=lambda pair: pair[0].path):
        parts.append(paint(printable(path), "path", streams.color))
        parts += [aligned(line, wide, RIGHT) for _, line in group]
    last = passed_over_line(inventory.skipped, streams) + total(inventory)
    blocks = ("".join(f"{part}\n" for part in parts), unread_block(inventory.skipped, streams), last)
    return "\n".join(block for block in blocks if block)


def total(inventory: Inventory) -> str:
    """How much there is, in a line."""
    ports = len({literal.port for literal in inventory.literals})
    bound = sum(literal.bound for literal in inventory.literals)
    files = len({literal.path for literal in inventory.literals})
    if not inventory.literals:
        return f"No port literals in {count(inventory.files, 'file')}.\n"
    found = (
        f"{count(len(inventory.literals), 'port literal')} ({count(ports, 'different port')}, {bound:,} bound to the environment)"
    )
    return f"{found} in {files:,} of {count(max(inventory.files, files), 'file')}.\n"


def _cells_of(literal: PortLiteral) -> tuple[str, ...]:
    place = f"{literal.location.line}:{literal.location.column}"
    variable, host = printable(literal.variable or "-"), printable(literal.host or "-")
    return place, str(literal.port), literal.kind, literal.context, variable, host


def _cut(line: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Long variables and hosts share the room that the fixed columns leave."""
    room = max((width - 44) // 2, 12)
    return tuple(f"{text[: room - 1]}…" if cells(text) > room else text for text in line)


def _inert(value: Any) -> Any:
    """Text without control characters; what a spreadsheet would calculate gets the mark that makes it text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _sheet(book: Any, title: str, keys: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(keys))}{len(rows) + 1}"
    for i, key in enumerate(keys):
        longest = max((len(str(line[i])) for line in rows), default=0)
        sheet.column_dimensions[get_column_letter(i + 1)].width = min(max(longest, len(key)) + 2, WIDEST_COLUMN)
    for line in (keys, *rows):
        sheet.append([_cell(sheet, value) for value in line])


def _cell(sheet: Any, value: Any) -> Any:
    """A cell; text is marked as text, so that nothing in it is calculated."""
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, printable(value))
    cell.data_type = "s"
    return cell
