"""Files in which nothing can be found, which shows without reading them: they lack what any rule needs to find a port.

What it goes by was worked out by a run that had loaded the rules (`portscan/glance.py`). It is certain or in doubt; whoever
reads the file knows more. What it is not even to be asked about is `apart`.
"""

import os

from portscan.drawers import VACANT, Drawers
from portscan.expressions import EXPRESSIONS, engine
from portscan.gate.memory import drawers, place, recalled
from portscan.kinds import Kinds
from portscan.triggers import Triggers, compile_triggers

SHELF, COMPILED = "sieve", "expressions"
LARGEST = 1 << 20  # bytes
WORD = b"portscan"  # in whatever case: something is said to us
MARKED = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
HEAD = 1024  # bytes in which a line may name the encoding

# Paths that are let in, and those that are kept out, as expressions; and where their patterns begin, as seen from here.
Chosen = tuple[str, str, str]


class Sieve:
    """The sieve for the rules that `state` names."""

    __slots__ = ("bundles", "compose", "endings", "folders", "kinds", "names", "sought", "state")

    def __init__(self, state: bytes, kinds: tuple, compose: str, passed_over: tuple) -> None:  # type: ignore[type-arg]
        self.state = state
        self.kinds = Kinds(*kinds)
        self.compose = compose
        self.folders, self.names, self.endings, self.bundles = passed_over
        self.sought: dict[str, Triggers | None] = {}

    def apart(self, path: str, data: bytes, hook: bool) -> bool:
        """Whether more counts for a file than its text: other files, or a reason not to read it."""
        *folders, name = path.split("/")
        if len(data) > LARGEST or EXPRESSIONS[self.compose, 2].search(path) or name == "portscan.lock":
            return True
        low = name.lower()
        named = name in self.names or low.startswith(".portscan-") or low.endswith(self.endings)
        bundled = low.endswith(self.bundles[0]) and len(data) > self.bundles[1] * (data.count(b"\n") + 1)
        return hook and (named or bundled or not self.folders.isdisjoint(folders))

    def empty(self, path: str, data: bytes) -> bool:
        """Whether it is certain that nothing can be said of a file. What would have to be compiled first is not asked."""
        EXPRESSIONS.closed = True
        try:
            return self._empty(path, data)
        except (KeyError, UnicodeDecodeError):
            return False
        finally:
            EXPRESSIONS.closed = False

    def _empty(self, path: str, data: bytes) -> bool:
        if not spoken_to(data) and not data.startswith(MARKED) and b"\0" not in data and b"coding" not in data[:HEAD]:
            language, certain = self.kinds.of(path)
            triggers = self._triggers(language) if certain and language else None
            if triggers is not None:
                return not triggers.found_in(data.decode())
            return certain and not language
        return False

    def _triggers(self, language: str) -> Triggers | None:
        """What a text must hold; None where nobody has asked yet."""
        if language not in self.sought:
            plain = recalled(about(self.state, language), SHELF)
            self.sought[language] = compile_triggers(plain[0]) if isinstance(plain, tuple) else None
        return self.sought[language]


def wanted(chosen: Chosen | None, path: str) -> bool:
    """Whether the configuration lets a file in that somebody hands over with others."""
    if chosen is None:
        return True
    include, exclude, prefix = chosen
    anchored = path if prefix == "." else os.path.normpath(os.path.join(prefix, path)).replace(os.sep, "/")
    return EXPRESSIONS[include, 0].match(anchored) is not None and EXPRESSIONS[exclude, 0].match(anchored) is None


def spoken_to(data: bytes) -> bool:
    """Whether something in a file may be said to portscan."""
    return WORD in data.lower()


def sieve(state: bytes) -> Sieve | None:
    """The sieve as it was kept."""
    kept = recalled(about(state), SHELF)
    return Sieve(state, *kept) if isinstance(kept, tuple) else None


def about(state: bytes, language: str = "") -> bytes:
    """What is kept of the sieve as a whole, and for each language."""
    return b"%s %s" % (state, language.encode())


def know_expressions() -> None:
    """Take the expressions that were compiled by a run before."""
    if not EXPRESSIONS.known:
        EXPRESSIONS.known = kept_codes()


def kept_codes() -> Drawers:
    """Their codes, as they were kept."""
    file = place(engine(), COMPILED)
    found = drawers(file) if file else None
    return found if found is not None and found.about == engine() else VACANT
