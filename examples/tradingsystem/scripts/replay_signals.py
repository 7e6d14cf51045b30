#!/usr/bin/env python3
"""Puts the signals of a day back into the cache of a developer machine."""

import argparse
import datetime as dt

import httpx
import redis

CHUNK = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--day", type=dt.date.fromisoformat, default=dt.date(2025, 11, 5))
    parser.add_argument("--limit", type=int, default=5000)
    options = parser.parse_args()

    cache = redis.Redis(host="localhost", port=6379, db=15, socket_timeout=2.5)
    response = httpx.get("http://localhost:3210/signals", params={"limit": options.limit}, timeout=30)
    signals = response.json()
    for start in range(0, len(signals), CHUNK):
        chunk = signals[start : start + CHUNK]
        cache.rpush(f"signals:{options.day:%Y%m%d}", *[str(signal["id"]) for signal in chunk])
    print(f"{len(signals)} signals replayed")


if __name__ == "__main__":
    main()
