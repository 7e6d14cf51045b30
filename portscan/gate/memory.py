"""What is kept between runs, and what tells one state of a file from another, with no more than what costs nothing to load."""

import os
import stat
import time
from marshal import loads
from zlib import crc32

from portscan import __version__

TYPE_CHECKING = False  # `typing` is loaded by nobody who only asks
if TYPE_CHECKING:
    from portscan.drawers import Drawers

MAGIC = b"portscan kept 1\n"
SHELF = "gate"
SETTLED = 2_000_000_000  # nanoseconds after which a change can no longer have left the times of a file as they were
LARGEST = 64 << 20  # bytes of a file that is kept
ABSENT, FOLDER, OTHER = "absent", "folder", "other"
PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COMPILED = os.path.join(PACKAGE, "_data", "compiled.bin")  # the rules, in an installation
CODE: list[str] = []  # what `code` has found out

State = tuple[int, int, int, int] | str | None
Fact = tuple[str, State, bytes | None]  # a path, how it was, and the digest of what it held


def directory() -> str | None:
    """Where data is kept: `PORTSCAN_CACHE_DIR`, else the user's cache directory. None where there is no place for it.

    A relative path would lead into the repository that is scanned, and what is found here is believed.
    """
    explicit = os.environ.get("PORTSCAN_CACHE_DIR")
    if explicit:
        return explicit if os.path.isabs(explicit) else None
    shared = (os.environ.get(name, "") for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"))
    base = next(filter(os.path.isabs, shared), None) or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "portscan") if os.path.isabs(base) else None


def unpacked(data: bytes) -> object:
    """What was packed; a `ValueError`, `EOFError` or `TypeError` when it is nothing that can be trusted."""
    body = memoryview(data)[len(MAGIC) + 4 :]
    if not data.startswith(MAGIC) or crc32(body) != int.from_bytes(data[len(MAGIC) : len(MAGIC) + 4], "big"):
        raise ValueError
    return loads(body)  # noqa: S302  (see the checksum)


def digest(*parts: bytes, size: int = 16) -> bytes:
    """What tells contents from others."""
    try:
        from _blake2 import blake2b  # what hashlib hands out, without loading OpenSSL
    except ImportError:
        from hashlib import blake2b
    found = blake2b(digest_size=size)
    for part in parts:
        found.update(b"%d:" % len(part))
        found.update(part)
    return found.digest()


def place(about: bytes, shelf: str = SHELF) -> str | None:
    """The file that is kept about something."""
    folder = directory()
    return os.path.join(folder, shelf, f"{digest(about, size=12).hex()}.bin") if folder else None


def recalled(about: bytes, shelf: str = SHELF) -> object:
    """What is kept about something; None when it is nothing, or nothing that can be trusted."""
    file = place(about, shelf)
    try:
        kept = unpacked(contents(file)) if file else None
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return kept[1] if isinstance(kept, tuple) and len(kept) == 2 and kept[0] == about else None


def contents(path: str) -> bytes:
    """The bytes of a plain file; an `OSError` of anything else."""
    handle, size = _opened(path)
    try:
        data = os.read(handle, size + 1)
    finally:
        os.close(handle)
    if len(data) != size:  # it is being written at this moment
        raise OSError
    return data


def _opened(path: str) -> tuple[int, int]:
    """The handle of a plain file, and its size; an `OSError` of anything else."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    found = os.fstat(handle)
    if stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST:
        return handle, found.st_size
    os.close(handle)
    raise OSError


def state(path: str, *, follow: bool = False) -> State:
    """What the system says of a file without opening it. Of a folder it is only that it is one."""
    try:
        found = os.stat(path) if follow else os.lstat(path)
    except OSError:
        return OTHER if os.path.lexists(path) else ABSENT
    if stat.S_ISREG(found.st_mode):
        return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    return FOLDER if stat.S_ISDIR(found.st_mode) else OTHER


def settled(found: State, now: int) -> State:
    """A state that can be relied on; None of a file that changed a moment ago, and may change again without showing it."""
    return None if isinstance(found, tuple) and max(found[1:3]) + SETTLED >= now else found


def holds(fact: Fact, *, follow: bool = False, anew: bool = False) -> bool:
    """Whether a file is as it was, or holds what it held then. It is read `anew` where its state is not to be trusted."""
    path, before, held = fact
    found = state(path, follow=follow)
    if before is not None and found == before and not (anew and isinstance(found, tuple)):
        return True
    return held is not None and isinstance(found, tuple) and digest(contents(path)) == held


def today() -> int:
    """The number of the day; days end at midnight UTC for everybody."""
    return int(time.time()) // 86_400


def drawers(file: str) -> "Drawers | None":
    """What a file holds to be taken piece by piece; None where there is none that can be trusted."""
    from portscan.drawers import Drawers, Opened  # an answer does without

    try:
        return Drawers(Opened(_opened(file)[0]) if hasattr(os, "pread") else contents(file))
    except (OSError, ValueError, EOFError, TypeError):
        return None


def code() -> str:
    """The state of portscan's own code and rules, as this run found it."""
    if not CODE:
        CODE.append(_code())
    return CODE[0]


def _code() -> str:
    """That of an installation is when it was made, in a checkout it is all files."""
    try:
        found = os.stat(COMPILED)
    except OSError:
        checkout = (PACKAGE, os.path.join(os.path.dirname(PACKAGE), "rules"), os.path.join(os.path.dirname(PACKAGE), "schema"))
        return f"{__version__} {digest(*(part for top in checkout for part in _files(top))).hex()}"
    return f"{__version__} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def _files(top: str) -> list[bytes]:
    found = []
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if name not in ("__pycache__", "node_modules")]
        for name in names:
            path = os.path.join(folder, name)
            about = os.stat(path)
            found.append(f"{path} {about.st_size} {about.st_mtime_ns}".encode("utf-8", "surrogateescape"))
    return sorted(found)
