"""What speaks against taking a number for a service's former, or for that of a service that moves: one answer for both.

What `migrate` leaves to people because of a doubt no scan may call the service's afterwards, and the other way round.
"""

from __future__ import annotations

import re

from portscan.evidence import last
from portscan.hosts import LOOPBACK, bare_host
from portscan.model import PortLiteral
from portscan.outsiders import words
from portscan.registry.model import Endpoint
from portscan.resolve import Resolved
from portscan.wellknown import directory

# Documents that tell of the past are right about the past.
PAST = re.compile(r"(?i)(^|/)(changelog|changes|history|release[-_ ]?notes)[^/]*$|(^|/)(adrs?|decisions|versioned_docs)/")
# Where an entry of a compose file tells its container about others.
SETTING = re.compile(r"(?:^|\.)(?:environment|args)(?:\.|$)")


def tells_of_the_past(literal: PortLiteral) -> bool:
    """Whether a number stands in a document that says how things were."""
    return literal.context == "doc" and PAST.search(literal.path) is not None


def claimed(resolved: Resolved, endpoint: Endpoint) -> bool:
    """Whether more than the number says that a literal is about an endpoint."""
    claims = (resolved.variable, resolved.host, resolved.mapped, *resolved.pinned)
    owned = resolved.owner is not None and resolved.owner.name == endpoint.service
    return owned or any(each == endpoint for each in claims if each is not None)


def doubt(resolved: Resolved, endpoint: Endpoint) -> str | None:
    """What speaks against a literal of which only the number is known, as the end of a sentence; none when nothing does."""
    literal, outsider = resolved.literal, resolved.outsider
    host = bare_host(literal.host)
    addressed = literal.host is not None and host in LOOPBACK
    holder = literal.owner or (resolved.owner.name if resolved.owner else None)
    stranger = next((name for name in _names(literal) if words(name) and not words(name) & _own_words(endpoint)), None)
    doubts = (
        (host not in LOOPBACK, f"stands behind `{host}`"),
        (outsider is not None, f"goes by the name {outsider.variable if outsider else ''}"),
        (stranger is not None and not addressed, f"goes by the name {stranger}"),
        (holder is not None and not (addressed and _tells(literal)), f"is written for `{holder}`"),
        (literal.language == "dockerfile", "is about the inside of some container"),
        (literal.port in directory().usual and not _named_near(resolved, endpoint), "is a number that many use"),
        (
            literal.context != "code" and not addressed and not _named_near(resolved, endpoint),
            f"says nothing of `{endpoint.service}`",
        ),
    )
    return next((why for speaks, why in doubts if speaks), None)


def _tells(literal: PortLiteral) -> bool:
    """Whether an address may be about somebody else: in files of a service, and in what an entry tells its container."""
    return literal.owner is None or SETTING.search(literal.name or "") is not None


def _names(literal: PortLiteral) -> tuple[str, ...]:
    """What a literal is called: its variables, and what it is assigned to."""
    named = (last(literal.name),) if literal.kind == "named" and literal.name else ()
    return (*literal.variables, *named)


def _own_words(endpoint: Endpoint) -> frozenset[str]:
    return words(endpoint.service) | words(endpoint.variable) | words(endpoint.name or "")


def _named_near(resolved: Resolved, endpoint: Endpoint) -> bool:
    """Whether the passage that a number stands in speaks of the service."""
    said = resolved.place.passage.text.lower()
    return any(word in said for word in _own_words(endpoint) or {endpoint.service.lower()})
