"""Files of rules that are data alone, as they were read before: a hook has no time for YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portscan.cache.kept import code_stamp, kept_file, loaded, stamp, store

if TYPE_CHECKING:
    from collections.abc import Mapping


def remembered(file: Any) -> Mapping[str, Any]:
    """What a file holds in plain form, which is read out of it if it is not known."""
    kept = kept_file("rules", code_stamp(), stamp(file))
    known = loaded(kept)
    if isinstance(known, dict):
        return known
    from portscan.document.document import parse

    found: dict[str, Any] = parse(file.read_bytes()).data()
    store(kept, found)
    return found
