"""One page with everything in it: script, style and data, under a policy that lets nothing else in."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any, Final

ASSETS: Final = "assets"
BUILD: Final = "Build it with `make panel`, or install portscan from a wheel."
# What could end the element that the data stands in, or begin another one, is written as an escape of JSON.
ESCAPES: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def page(data: dict[str, Any]) -> str:
    """The document of the page. A live one may ask its own server for news; no page may ask anybody else for anything."""
    script, style = asset("panel.js"), asset("style.css")
    policy = escape(policy_of(script, style, live=bool(data["live"])))
    return (
        "<!doctype html>\n"
        '<html lang="en" data-theme="system">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(str(data['title']))}</title>\n<style>{style}</style>\n</head>\n"
        '<body>\n<div id="app"><noscript>This page needs JavaScript.</noscript></div>\n'
        f'<script type="application/json" id="data">{embedded(data)}</script>\n<script>{script}</script>\n</body>\n</html>\n'
    )


def embedded(data: dict[str, Any]) -> str:
    """The data as JSON that no text in it can break out of, in ASCII."""
    return json.dumps(data, separators=(",", ":")).translate(ESCAPES)


def policy_of(script: str, style: str, *, live: bool) -> str:
    """The Content-Security-Policy: this very script and this very style, and nothing else."""
    connect = "'self'" if live else "'none'"
    parts = (
        "default-src 'none'",
        f"script-src {_hash(script)}",
        f"style-src {_hash(style)}",
        f"connect-src {connect}",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(parts)


def asset(name: str) -> str:
    """The text of a built file."""
    from portscan.errors import UserError

    try:
        return (files("portscan.panel") / ASSETS / name).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise UserError("the panel's page is not built", BUILD) from None


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
