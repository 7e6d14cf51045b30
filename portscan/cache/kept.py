"""Files in the user's cache directory: safe to delete at any time, to damage, and to write from several processes at once.

They hold plain data and a checksum. One that is missing or damaged is as good as none; one that cannot be written costs time.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from portscan.drawers import VACANT, Drawers, filled
from portscan.errors import UserError
from portscan.expressions import compiled
from portscan.gate import memory
from portscan.gate.memory import MAGIC, code, digest, directory, unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = compiled(r"[0-9a-f]{24}\.(?:bin|\d+\.tmp)")  # ours, whatever else somebody keeps in that directory
MARKS = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# portscan keeps here what it need not work out again.\n",
}
LARGEST, MOST_FILES, MOST_BYTES = 64 << 20, 64, 256 << 20
# The form of marshal with shared objects is smaller than the one that is the same everywhere, but its bytes tell how often each
# object was referred to where it was written, which differs from one Python to the next.
SHARED = 4


def cache_directory() -> Path:
    """Where data is kept between runs: `PORTSCAN_CACHE_DIR`, else the user's cache directory.

    A relative path would lead into the repository that is scanned, and what is found here is believed. The user's own variable
    must not say so; one that says so for all programs is no valid one (XDG Base Directory Specification).
    """
    found = directory()
    explicit = os.environ.get("PORTSCAN_CACHE_DIR")
    if found is None and explicit:
        raise UserError(f"PORTSCAN_CACHE_DIR is no whole path: {explicit}", "Begin it at the root, outside of what is scanned.")
    if found is None:
        raise RuntimeError("there is no home directory")
    from pathlib import Path  # a glance does without

    return Path(found)


def made(folder: Path) -> Path:
    """A folder of the cache directory. One that is new says of itself that neither git nor a scan need look into it."""
    top = cache_directory()
    if not top.exists():
        top.mkdir(parents=True, exist_ok=True)
        for name, text in MARKS.items():
            (top / name).write_text(text, encoding="ascii")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept_file(shelf: str, *about: str | bytes) -> Path | None:
    """The file on a shelf for what depends on `about`, and on this Python; None when there is no home to keep it in."""
    parts = (each.encode("utf-8", "surrogateescape") if isinstance(each, str) else each for each in about)
    name = digest(str(sys.implementation.cache_tag).encode(), *parts, size=12).hex()
    try:
        return cache_directory() / shelf / f"{name}.bin"
    except RuntimeError:
        return None


def loaded(file: Path | None) -> Any:
    """What was stored; None when there is nothing, or nothing that can be trusted."""
    try:
        return unpacked(file.read_bytes()) if file else None
    except (OSError, ValueError, EOFError, TypeError):
        return None


def drawers(file: Path | None) -> Drawers | None:
    """What was stored to be taken piece by piece."""
    return memory.drawers(str(file)) if file else None


def packed(content: Any, form: int = SHARED) -> bytes:
    """Plain data with its checksum, in a form that every Python since 3.4 reads."""
    data = marshal.dumps(content, form)
    return MAGIC + zlib.crc32(data).to_bytes(4, "big") + data


def store(file: Path | None, content: Any) -> bool:
    """Keep plain data; on its shelf, what was not used for longest makes room. Whether it is no more than may be kept."""
    try:
        data = packed(content)
    except ValueError:  # something in it is no plain data
        return False
    return _written(file, data)


def store_drawers(file: Path | None, about: str | bytes | None, things: Mapping[Any, Any], before: Drawers = VACANT) -> Drawers:
    """Keep plain data to be taken piece by piece, with what was kept so `before`."""
    data = filled(about, things, before)
    _written(file, data)
    return Drawers(data)


def _written(file: Path | None, data: bytes) -> bool:
    """Keep bytes, if they are not too many."""
    if file is None or len(data) > LARGEST:
        return file is None
    scratch = file.with_suffix(f".{os.getpid()}.tmp")
    try:
        made(file.parent)
        scratch.write_bytes(data)
        scratch.replace(file)
        _pruned(file.parent)
    except OSError:
        with suppress(OSError):
            scratch.unlink()
    return True


def added(shelf: str, name: str, data: bytes, most: int) -> None:
    """Write more of a list behind what there is, at once; when that has more than `most` bytes, its older half is left out."""
    try:
        folder = cache_directory() / shelf
    except RuntimeError:  # there is no home to keep it in
        return
    file = made(folder) / name
    known = file.read_bytes() if file.exists() else b""
    if len(known) > most:
        scratch = file.with_suffix(f".{os.getpid()}.tmp")
        scratch.write_bytes(known[most // 2 :])
        scratch.replace(file)
    if data:
        with file.open("ab", buffering=0) as stream:
            stream.write(data)


def _pruned(folder: Path) -> None:
    states = [(entry.stat(), entry.path) for entry in os.scandir(folder) if NAME.fullmatch(entry.name)]
    total = 0
    for number, (state, path) in enumerate(sorted(states, key=lambda each: -each[0].st_mtime_ns)):
        total += state.st_size
        if number >= MOST_FILES or total > MOST_BYTES:
            with suppress(FileNotFoundError):
                os.unlink(path)  # noqa: PTH108  (a glance does without `pathlib`)


def stamp(file: Any) -> str:
    """What tells one state of a file from another; of one inside an archive, its contents."""
    from pathlib import Path

    if not isinstance(file, Path):
        return f"{file.name}:{digest(file.read_bytes()).hex()}"
    state = file.stat()
    return f"{file}:{state.st_size}:{state.st_mtime_ns}"


def code_stamp() -> str:
    """The state of portscan's own code."""
    return code()
