"""Compose files that are broken, endless or absurd: they say nothing, and stop nobody."""

from __future__ import annotations

import pytest

from portscan.connectivity.check import Check
from portscan.connectivity.graph import graph
from portscan.connectivity.verify import verified
from portscan.connectivity.world import World
from portscan.findings import catalogue
from portscan.registry.model import Registry

RULES = catalogue()
ODD = {
    "nothing": "",
    "no mapping": "- a\n- b\n",
    "services that are a list": "services: [a, b]\n",
    "a service that is text": "services: {a: text, b: }\n",
    "it includes itself": "include: [compose.yaml]\nservices: {a: {image: a}}\n",
    "it extends itself": "services: {a: {extends: a, image: a}, b: {extends: {file: compose.yaml, service: b}}}\n",
    "two that extend each other": "services: {a: {extends: b}, b: {extends: a}}\n",
    "it uses the network of itself": "services: {a: {image: a, network_mode: 'service:a'}}\n",
    "two in each other's network": "services: {a: {network_mode: 'service:b'}, b: {network_mode: 'service:a'}}\n",
    "ports that are none": "services: {a: {ports: [x, '1:2:3:4', '99999:1', '5-1:5-1', {target: x}, {}, 0, -1, '0:0']}}\n",
    "an endless variable": "services: {a: {image: '"
    + "${A:-" * 400
    + "', environment: ['$', '${', '${}', '$$$', '${A', '${A:?}']}}\n",
    "a cut quote": "services:\n  a:\n    image: 'x\n",
    "a tab": "services:\n\ta: 1\n",
    "keys without values": "services: {a: {environment: , ports: , networks: , build: , extends: , healthcheck: , command: }}\n",
    "lists where mappings belong": "services: {a: {image: [a], build: [b], environment: {A: [1]}, networks: 3, labels: 4}}\n",
    "strange tags": "services: {a: !reset {image: a}, b: !override [], c: {image: c, ports: !reset null}}\nnetworks: !x [a]\n",
    "an env file that is the file": "services: {a: {image: a, env_file: [compose.yaml, /etc/passwd, ../../x, '~/y', '']}}\n",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_file_stops_nobody(text: str) -> None:
    files = {
        "compose.yaml": text.encode(),
        ".env": b"A=${A}\nB='\nC=\"\\\n=\nexport\nD=$D${D:-$D}\n",
        "compose.override.yaml": b"\xff\xfe",
    }
    check = Check(World(frozenset(files), files.get, "odd"), Registry("registry.yaml", "1", ()), RULES)
    assert verified(check, check.findings()) is not None
    assert len(graph(check).nodes) == len({member.identity for member in check.system.members})
