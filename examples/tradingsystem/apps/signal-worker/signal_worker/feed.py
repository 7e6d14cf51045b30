"""Market data: the vendor's stream, and the exchange calendar."""

import json
from collections.abc import AsyncIterator

import httpx
import websockets

STREAM_URL = "wss://feed.marketdata.example.net:8443/v2/quotes"
CALENDAR_URL = "https://calendar.example.com:9443/v1/sessions"

# Close codes after which the vendor asks us to stay away for a while.
BACK_OFF = {1008: 60, 1013: 300, 4029: 900}


async def quotes(symbols: list[str]) -> AsyncIterator[dict[str, object]]:
    """Quotes for `symbols`, as they come."""
    async with websockets.connect(STREAM_URL, ping_interval=20, max_size=65536) as stream:
        await stream.send(json.dumps({"op": "subscribe", "symbols": symbols, "depth": 5000}))
        async for message in stream:
            yield json.loads(message)


def trading_days(year: int = 2025) -> list[str]:
    """Days on which the exchange is open."""
    response = httpx.get(CALENDAR_URL, params={"year": year}, timeout=10.0)
    return [day["date"] for day in response.json() if day["status"] != 1001]
