"""Files of rules that are data alone, as they were read before: a hook has no time for YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portscan.cache.kept import code_stamp, kept_file, loaded, stamp, store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def remembered(file: Any, read: Callable[[bytes], dict[str, Any]]) -> Mapping[str, Any]:
    """What a file holds in plain form, which is `read` out of it if it is not known."""
    kept = kept_file("rules", code_stamp(), stamp(file))
    known = loaded(kept)
    if isinstance(known, dict):
        return known
    found = read(file.read_bytes())
    store(kept, found)
    return found
