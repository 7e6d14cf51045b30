"""What a look-up in front of a value says of it: the variables that it is the default of, or that it is not one."""

from __future__ import annotations

from collections.abc import Sequence

from portscan.detect.hits import Hit
from portscan.detect.syntax import near, variables
from portscan.expressions import compiled
from portscan.patterns import Pattern
from portscan.sites import Value

# The look-up in front has a fallback of its own: `f(env.A || 80, 90)`. An empty text is none: `parseInt(env.A || "", 10) || 80`.
ANOTHERS = compiled(r"""(?:\|\||\?\?|\bor\b)(?!\s*(?:''|""|``)\s*,\s*\d+\s*\))[^,]*,""")
# The other branch of a choice between the ports of http and https: what a scheme says is nobody's to decide.
OF_SCHEME = {port: compiled(rf"(?<![\w.]){other}[\"'`]?\s*[:;]\s*[\"'`]?$") for port, other in (("80", "443"), ("443", "80"))}
APART = compiled(r"(?:[)\]]|\benv\.\w+)\s*,\s*$")  # a look-up in front is an argument of its own: `connect(getenv("H"), 80)`


def found_in_front(lookups: Sequence[Pattern], left: str, inherited: tuple[str, ...]) -> tuple[str, ...]:
    """The variables that are looked up in front of a value, unless the look-up has a fallback of its own."""
    reached = near(left)
    return inherited if ANOTHERS.search(reached) else (*variables(lookups, reached), *inherited)


def as_default(hit: Hit, site: Value, looked_up: tuple[str, ...]) -> Hit:
    """The hit as the default of what is looked up in front, if it is."""
    if _of_scheme(site):
        # The port without the look-up that told that it is one, and that it does not follow.
        return hit._replace(kind="named", name=None) if hit.kind == "default" else hit
    if not looked_up or (hit.kind == "call" and APART.search(near(site.left))):
        return hit
    return hit._replace(kind="default", variables=looked_up)


def _of_scheme(site: Value) -> bool:
    """Whether a value is the default port of a scheme: `env.PORT || (url.protocol === "https:" ? 443 : 80)`."""
    other = OF_SCHEME.get(site.text.value.strip("\"'` "))
    return other is not None and other.search(near(site.left)) is not None
