"""Where signals are kept: TimescaleDB for good, Redis for the last hour."""

import psycopg
import redis

from .settings import SIGNAL_TTL_SECONDS, Settings


class SignalStore:
    """Both stores behind one small interface."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database: psycopg.Connection | None = None
        self.cache = redis.Redis.from_url(settings.redis_url, socket_timeout=2.5)

    def open(self) -> None:
        self.database = psycopg.connect(self.settings.database_url, connect_timeout=10)

    def close(self) -> None:
        if self.database is not None:
            self.database.close()

    def ready(self) -> bool:
        return self.database is not None and not self.database.closed

    def latest(self, limit: int) -> list[dict[str, object]]:
        assert self.database is not None
        rows = self.database.execute("SELECT id, body FROM signals ORDER BY id DESC LIMIT %s", (limit,)).fetchall()
        self.cache.set("signals:last", len(rows), ex=SIGNAL_TTL_SECONDS)
        return [{"id": identity, "body": body} for identity, body in rows]
