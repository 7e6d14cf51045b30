"""Which entries of a compose file share the network of the host: in there is no other side, and no mapping leads inside."""

from __future__ import annotations

from portscan.source import Source

MODE = "network_mode"


def on_host(source: Source) -> frozenset[str]:
    """The keys of the services that do."""
    if MODE not in source.text or not source.path.endswith((".yml", ".yaml")):
        return frozenset()
    from portscan.document.document import parse

    data = parse(source.data).data()
    services = data.get("services") if isinstance(data, dict) else None
    entries = services.items() if isinstance(services, dict) else ()
    return frozenset(str(key) for key, entry in entries if isinstance(entry, dict) and entry.get(MODE) == "host")
