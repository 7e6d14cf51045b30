"""How Compose files are called: cheap to ask, before anything of them is read."""

from __future__ import annotations

import re

from portscan.expressions import compiled

COMPOSE = compiled(r"(^|[-._/])compose([-._][^/]*)?\.ya?ml\Z", re.IGNORECASE)
ENDS = (".yml", ".yaml")  # which of thousands of paths few have
USUAL = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
INVOCATIONS = "invocations"  # what is asked of a script: what it hands to Compose
ON_TOP = ("compose.override.yaml", "compose.override.yml", "docker-compose.override.yml", "docker-compose.override.yaml")
