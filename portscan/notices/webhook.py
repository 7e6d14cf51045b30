"""Posts JSON to a webhook. The address is a secret: it is read from the environment and never shown."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit

from portscan import __version__
from portscan.bounded import TooMuch, patience
from portscan.errors import UserError

TRIES: Final = 4
PATIENCE: Final = 10.0  # seconds without a word; one try takes at most twice as long, however often a server says a little
LONGEST_PAUSE: Final = 60.0  # seconds; a server that asks for more is told off, not waited for
TOO_MANY: Final = 429

Sleep = Callable[[float], None]


class _Stay(urllib.request.HTTPRedirectHandler):
    """A webhook does not move; a redirect would carry what is posted to somebody else."""

    def redirect_request(self, *args: Any) -> None:
        """Follow nothing."""


def address_from(name: str, environ: Mapping[str, str]) -> str:
    """The address that the variable `name` holds."""
    address = environ.get(name, "").strip()
    if not address:
        raise UserError(f"the variable {name} is not set", "Put the address of the webhook into it.")
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("https", "http") and parts.hostname and parts.hostname.encode("idna") and address.isascii()
    except ValueError:
        usable = None
    if not usable:
        raise UserError(f"{name} holds no address of a webhook", "It begins with https://.")
    return address


def post(name: str, address: str, payload: Mapping[str, Any], sleep: Sleep = time.sleep) -> None:
    """Post the payload, again where the server is busy or out of reach; a `UserError` says how it ended."""
    body = json.dumps(payload).encode()
    for number in range(1, TRIES + 1):
        again, reason = _tried(address, body)
        if again is None:
            return
        if again < 0 or number == TRIES:
            raise UserError(f"the webhook that {name} names did not take the message: {reason}", "See that it is still valid.")
        sleep(min(max(again, 2.0 ** (number - 1)), LONGEST_PAUSE))


def _tried(address: str, body: bytes) -> tuple[float | None, str]:
    """None when it went well, seconds to wait before another try, or less than nothing when there is no use in one."""
    headers = {"Content-Type": "application/json", "User-Agent": f"portscan/{__version__}"}
    request = urllib.request.Request(address, body, headers, method="POST")  # noqa: S310  (the scheme was looked at)
    try:
        with patience(2 * PATIENCE), urllib.request.build_opener(_Stay).open(request, timeout=PATIENCE):
            return None, ""
    except TooMuch:
        return -1.0, "it came to no end"
    except HTTPError as error:
        with error:
            busy = error.code == TOO_MANY or error.code >= 500
            return (_pause(error.headers.get("Retry-After")) if busy else -1.0), f"it answered {error.code}"
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        return 0.0, str(getattr(reason, "strerror", None) or type(reason).__name__).lower()


def _pause(asked: str | None) -> float:
    """The seconds that a server asks for; a date, which some send, is as good as nothing."""
    return float(asked) if asked and asked.isascii() and asked.isdigit() else 0.0
