"""Texts that try to be more than text, and a registry that holds one of them wherever it may hold any."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from portscan.config import Config
from portscan.generators import NAMES
from portscan.generators.claims import Claim, Place, claims
from portscan.registry.loader import load
from portscan.registry.model import Registry
from tests.generators.helpers import REGISTRY, registry_of

TODAY = date(2026, 1, 1)
BENIGN = "plain words"

TEXTS = {
    "newlines": "one\ntwo\r\nthree\rfour\u2028five\u2029six\x85seven\x0beight",
    "backticks": "`touch pwned` ```\nfence\n```",
    "substitution": "$(touch pwned) ${HOME} $HOME $((1+1)) ${{ secrets.X }} %PATH% !history",
    "pipes": "a | b || c | touch pwned |",
    "comment ends": "--> */ #} *) ]]> -- <!-- x --> {/* x */} ''' \"\"\" =end",
    "braces": "{ {{ 7*7 }} {% raw %} {process.exit(1)} } ${alert(1)} {`x`}",
    "markup": "<script>alert(1)</script> <img src=x onerror=alert(1)> </td></table> &lt; &amp; [x](javascript:alert(1)) ![i](http://x)",
    "quotes": "\" ' \\\" \\' \\ \\\\ \"; touch pwned; ' && touch pwned # '\"",
    "keywords": 'end subgraph click A href "javascript:alert(1)"; style A fill:#f00 %%{init: {}}%% ---',
    "yaml": "- a: b\n  c: [d, {e: f}] # g &h *i !!python/object:os.system ? | > %TAG @x",
    "assignment": "X=1\nPATH=/tmp\nexport LD_PRELOAD=x",
    "emoji": "👩‍💻 ports 🚢 naïve Ž 漢字",
    "right to left": "abc \u202etxt.exe\u202c \u2066x\u2069 \u200f\u200b\ufeff שלום",
    "markdown": "# heading\n* item\n1. item\n> quote\n***\n| a | b |\n|---|---|\n[ref]: http://x\n- [ ] task",
    "front matter": "---\ntitle: x\n---\nimport x from 'fs'\nexport const y = 1",
    "prometheus": '{{ $labels.job }} {{ printf "%s" . }} up{job="x"} or vector(1)',
    "codeowners": "* @everybody\n/secrets @me !negated \\#",
    "long": "word " * 2000,
    "unbroken": "x" * 10_000,
}


def registry(text: str) -> Registry:
    """A registry with `text` as every name, owner, description or path that may be any text."""
    path = f"/{text}"
    first: dict[str, Any] = {
        "name": "api", "stack": text, "port": 3200, "container_port": 80, "protocol": "http", "container": True,
        "owner": text, "description": text, "notes": text, "exposure": "gateway", "gatewayPath": path, "networks": [text],
        "profiles": [text], "compose_service": text, "paths": [text], "depends_on": ["db", "bridge"], "aliases": ["api.internal"],
        "healthcheck": {"endpoint": path, "expected": 200}, "ports": {"admin": {"port": 3201, "protocol": text}},
        "previous": [{"port": 3205, "until": "2030-01-31"}],
    }  # fmt: skip
    more: list[dict[str, Any]] = [
        {"name": "edge", "stack": text, "port": 3100, "protocol": "http", "container": True, "owner": text, "description": text},
        {
            "name": "db",
            "stack": "data",
            "port": 5433,
            "container_port": 5432,
            "protocol": "postgres",
            "container": True,
            "owner": text,
        },
        {"name": "cache", "stack": "data", "port": 6379, "protocol": "redis", "container": True, "description": text},
        {"name": "queue", "stack": "data", "port": 5672, "protocol": "rabbitmq", "container": True},
        {"name": "rpc", "stack": "data", "port": 5601, "protocol": "grpc", "container": True},
        {"name": "bridge", "stack": "native", "port": 4007, "protocol": text, "container": False, "notes": text},
        {"name": "old", "stack": "native", "port": 4008, "status": "deprecated", "replacement": text},
        {"name": "vendor", "external": True, "port": 443, "protocol": "https", "host": "vendor.example.com", "description": text},
    ]
    ranges = {text: "3000-3999", "data": "5000-6999", "native": "4000-4099"}
    governance = {"approvers": [text, "@platform/architecture"], "adr": text}
    loaded = load(REGISTRY, registry_of([first, *more], ranges=ranges, governance=governance, lastUpdated="2025-11-18").encode())
    assert loaded.registry is not None, [finding.message for finding in loaded.findings]
    return loaded.registry


# By generator: settings that ask for everything it can make; `{text}` is where one may hold any text. The rest is tried as it is.
EVERYTHING: dict[str, dict[str, Any]] = {
    "compose": {"path": "compose/{name}.yml"},
    "codeowners": {"handles": {"{text}": "@platform/ports"}, "also": ["portscan.toml"]},
    "docs": {"path": "docs/ports.mdx", "front-matter": {"description": "{text}"}},
    "health": {"gateway": "edge"},
    "onboarding": {"health": "scripts/ports-health.sh"},
    "prometheus-targets": {"gateway": "edge"},
    "modules": {"paths": ["ports.py", "ports.ts", "ports.mjs", "ports.cjs"]},
    "env": {"path": ".env.shared", "container-path": ".env.containers", "gateway": "edge", "public": ["VITE_", "NEXT_PUBLIC_"]},
}


def generated(text: str, base: Path, names: tuple[str, ...] = NAMES) -> tuple[Claim, ...]:
    """What those generators make of the registry that holds `text`, each with all that it can make."""
    tables = tuple((name, filled(EVERYTHING.get(name, {}), text)) for name in names)
    place = Place(base, base / REGISTRY)
    return claims(registry(text), Config(generate=tables), place, TODAY)


def filled(value: Any, text: str) -> Any:
    """A setting with the text in its place."""
    if isinstance(value, dict):
        return {key.replace("{text}", text): filled(each, text) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, text) for each in value]
    return value.replace("{text}", text) if isinstance(value, str) else value
