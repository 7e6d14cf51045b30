"""Answers that still hold: the same question with nothing changed, or files of which each is known to say nothing."""

import os

from portscan.gate.memory import SHELF, contents, digest, directory, holds, recalled, state, today
from portscan.gate.question import Question, Rest

TYPE_CHECKING = False  # `typing` is loaded by nobody who only asks
if TYPE_CHECKING:
    from collections.abc import Mapping

FORM = "QqqQ"  # of a state: a size, two times and an inode
KILL = 9  # what `signal` calls SIGKILL, for those who load no more than they must
WIDTH = 16  # bytes of a digest in the store of files that say nothing
STORE = "silent"
MOST_BYTES = 1 << 20  # of that store; half of it is forgotten then
MOST = 999  # files, so that their number is written without a comma


def answer(question: Question) -> tuple[bytes, int] | None:
    """The report and the exit status, if both are certain."""
    try:
        return (None if question.anew else _replayed(question)) or _silent(question)
    except (OSError, ValueError, TypeError, IndexError, AttributeError):  # something changes at this moment, or is damaged
        return None


def _replayed(question: Question) -> tuple[bytes, int] | None:
    """What was said to the same question, if everything that it rested on is as it was."""
    kept = recalled(question.about)
    if not isinstance(kept, tuple):
        return None
    day, premises, named, git, read, text, status = kept
    same = day == today() and all(holds(fact, follow=True) for fact in premises) and all(map(holds, named))
    if not same or (git is not None and not _as_listed(git[0], git[1], read)):
        return None
    return text, status


def stated(files: "Mapping[str, tuple[int, int, int, int]]") -> tuple[bytes, bytes] | None:
    """Paths and how the files were there, in a form of which no more is made than is looked at; None of what does not fit."""
    from struct import error, pack

    try:
        return os.fsencode("\0".join(files)), b"".join(pack(FORM, *state) for state in files.values())
    except error:
        return None


def _as_listed(work_tree: str, untracked: bytes, files: tuple[bytes, bytes]) -> bool:
    """Whether a directory holds the very files that it held, as they were. git looks for new ones meanwhile."""
    from struct import iter_unpack

    from portscan.git.harmless import OTHERS, command, environment

    output, own = os.pipe()
    nothing = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
    actions = ((os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_DUP2, own, 1), nothing)
    pid = os.posix_spawnp("git", command(work_tree, *OTHERS), environment(), file_actions=actions)
    os.close(own)
    same = False
    try:
        listed = zip(os.fsdecode(files[0]).split("\0"), iter_unpack(FORM, files[1]), strict=False)  # of none there is a name
        same = all(_as_it_was(path, before) for path, before in listed) and _all_of(output) == untracked
    finally:
        os.close(output)
        if not same:
            os.kill(pid, KILL)  # nobody asks any more
        _, ended = os.waitpid(pid, 0)
    return same and not ended


def _as_it_was(path: str, before: tuple[int, ...]) -> bool:
    found = os.lstat(path)
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino) == before


def _all_of(pipe: int) -> bytes:
    parts = []
    while part := os.read(pipe, 1 << 16):
        parts.append(part)
    return b"".join(parts)


def _silent(question: Question) -> tuple[bytes, int] | None:
    """That there are no findings, if nothing can be said of any of the files."""
    kept = recalled(question.apart)
    if not isinstance(kept, tuple) or not 0 < len(question.paths) <= MOST:
        return None
    premises, ground, one, many, state, names, listed, chosen = kept
    if not all(holds(fact, follow=True, anew=question.anew) for fact in premises):
        return None
    read = _read(question, {path for path, _, _ in premises})
    if read is None or not listed.isdisjoint(read):  # the baseline may count findings there that are gone
        return None
    known = b"" if question.anew else _store()
    left = {path: data for path, data in read.items() if not held(known, silence(ground, path, data))}
    sieved = _sieved(question, state, chosen, left)
    number = len(read) - len(sieved[0]) if sieved else 0
    if sieved is None or not number:
        return None
    unwanted, doubtful = sieved
    said = one if number == 1 else (b"%d" % number).join(many)
    if doubtful:
        others = {path: data for path, data in read.items() if path not in doubtful and path not in unwanted}
        question.rest = Rest(doubtful, others, ground, names, state, said)
    return None if doubtful else (said, 0)


def _read(question: Question, settings: set[str]) -> dict[str, bytes] | None:
    """The contents of the files, if each is a plain one in its own place that decides nothing, and named once."""
    here = os.path.realpath(question.here) if question.hook else question.here
    for path in question.paths:
        own = os.path.realpath(path) == os.path.join(here, path) if question.hook else True
        plain = own and isinstance(state(path), tuple) and os.path.normpath(path) == path and not os.path.isabs(path)
        if not plain or os.path.abspath(path) in settings:
            return None
    read = {path: contents(path) for path in question.paths}
    return read if len(read) == len(question.paths) else None


def _store() -> bytes:
    try:
        return contents(os.path.join(directory() or "", SHELF, STORE))
    except OSError:
        return b""


def _sieved(
    question: Question, rules: bytes, chosen: tuple[str, str, str] | None, left: dict[str, bytes]
) -> tuple[set[str], dict[str, bytes]] | None:
    """Those of the files that are not wanted, and those in which there may be something; None where more counts than that."""
    if not left:
        return set(), left
    from portscan.gate.sieve import know_expressions, sieve, wanted

    know_expressions()
    found = sieve(rules)
    if found is None or any(found.apart(path, data, question.hook) for path, data in left.items()):
        return None
    unwanted = {path for path in left if not wanted(chosen, path)}
    return unwanted, {path: data for path, data in left.items() if path not in unwanted and not found.empty(path, data)}


def silence(ground: bytes, path: str, data: bytes) -> bytes:
    """What stands in the store for a file that says nothing; `ground` for how files are chosen and read."""
    return digest(ground, path.encode("utf-8", "surrogateescape"), data, size=WIDTH)


def held(known: bytes, one: bytes) -> bool:
    """Whether a digest is among those in the store."""
    at = known.find(one)
    while at >= 0 and at % WIDTH:
        at = known.find(one, at + 1)
    return at >= 0
