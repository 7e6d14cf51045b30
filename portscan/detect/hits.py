"""What the matchers return: digits in a text that denote a port."""

from __future__ import annotations

from portscan.model import HIGHEST_PORT, LOWEST_PORT, Kind, Side
from portscan.tuples import NamedTuple


class Hit(NamedTuple):
    """Digits `start:end` of a site's text. `rule` found them; `kind` is what the syntax around them is."""

    start: int
    end: int
    port: int
    kind: Kind
    rule: str
    host: str | None = None
    side: Side | None = None
    name: str | None = None
    variables: tuple[str, ...] = ()

    def shifted(self, by: int, kind: Kind | None = None) -> Hit:
        """The same hit in a text that begins `by` characters earlier; as one of another kind, if that is given."""
        return self._replace(start=self.start + by, end=self.end + by, kind=kind or self.kind)


def port_of(digits: str) -> int | None:
    """The port that a run of decimal digits denotes, None when it is none (0, too large, a leading zero)."""
    if not digits.isascii() or not digits.isdigit() or len(digits) > 5 or digits[0] == "0":
        return None
    port = int(digits)
    return port if LOWEST_PORT <= port <= HIGHEST_PORT else None
