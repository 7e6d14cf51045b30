"""The triggers of a language as a run asks them: alone at first, and of many texts behind an automaton.

To make an automaton takes as long as to look through some megabytes without it, so that one is made when as many have been. It is
kept in the user's cache directory, from where the next run takes it sooner.
"""

from __future__ import annotations

from portscan.cache.kept import code_stamp, kept_file, loaded, store
from portscan.triggers import Triggers

KNOWN, NEW = 1 << 18, 1 << 22  # characters after which an automaton from before is taken, and after which one is made
SHELF = "automata"


class Sifting:
    """What a text in one language must hold."""

    __slots__ = ("_found_in", "_seen", "_then", "every", "triggers")

    def __init__(self, triggers: Triggers) -> None:
        self.triggers = triggers
        self.every = triggers.every
        self._found_in = triggers.found_in
        self._seen = 0
        self._then = KNOWN

    def found_in(self, text: str) -> bool:
        """Whether `text` may hold a port."""
        self._seen += len(text)
        if self._seen > self._then and not self.every:
            self._behind_an_automaton(anew=self._then == NEW)
        return self._found_in(text)

    def _behind_an_automaton(self, *, anew: bool) -> None:
        """Ask an automaton first from now on, if there is one."""
        from portscan.triggers.automaton import Sifted, checks_of, compiled, engine

        self._then = 1 << 62 if anew else NEW
        known_as = engine()
        if known_as is None:
            return
        checks = checks_of(self.triggers)
        file = kept_file(SHELF, known_as, code_stamp(), *(f"{check.within} {check.pattern}" for check in checks))
        plain = loaded(file)
        try:
            if plain is None and anew:
                plain = compiled(checks)
                store(file, plain)
            self._found_in = Sifted(self.triggers, plain).found_in if plain else self._found_in
        except ValueError:
            return
