"""Edits a registry in place: the file's own style, its comments and the order of its entries stay as they are.

A change says what the values are to be; only the bytes that write them are replaced. The result is read again and compared
with the values that were intended, so that an anchor, a merge or an odd layout is never silently bent: where the text cannot
be edited safely, nothing is changed and a person is asked to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from portscan.document.document import parse
from portscan.errors import UserError
from portscan.registry.editing.changes import Change, intended
from portscan.registry.editing.page import Awkward, page
from portscan.registry.editing.splices import spliced, splices

BOM: Final = b"\xef\xbb\xbf"


def edited(label: str, data: bytes, changes: Iterable[Change]) -> bytes:
    """The registry in `data` with the changes made one after the other; paths speak of the file as it then is.

    `data` must be a registry that can be read. A `UserError` that names the file `label` when it cannot be edited in place.
    """
    bom = data[: len(BOM)] if data.startswith(BOM) else b""
    text = data[len(bom) :].decode("utf-8")
    for change in changes:
        try:
            text = _changed(label, text, change)
        except UnicodeEncodeError:
            raise _refusal(label, change, "what is to stand there is no UTF-8") from None
    return bom + text.encode("utf-8")


def _changed(label: str, text: str, change: Change) -> str:
    wanted = intended(parse(text.encode("utf-8")).data(), change)
    try:
        after = spliced(text, splices(page(text), change))
    except Awkward as problem:
        raise _refusal(label, change, str(problem)) from None
    result = parse(after.encode("utf-8"))
    if result.problems or result.data() != wanted:
        raise _refusal(label, change, "its layout, or an anchor that others use, would change more than that")
    return after


def _refusal(label: str, change: Change, reason: str) -> UserError:
    where = ".".join(str(part) for part in change.path)
    return UserError(f"{label}: `{where}` cannot be edited in place: {reason}", "Nothing was changed. Edit it by hand.")
