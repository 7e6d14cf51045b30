"""Settings, read once from the environment."""

import os
from dataclasses import dataclass, field

MAX_BATCH_SIZE = 5000
SIGNAL_TTL_SECONDS = 3600
HTTP_TIMEOUT = 8.5
TIMESCALE_PORT = int(os.getenv("TELEGRAM_TIMESCALE_PORT", "5433"))


def _int(name: str, default: int) -> int:
    return int(os.environ.get(name) or default)


@dataclass(frozen=True)
class Settings:
    """What one process of the worker needs to know."""

    host: str = "0.0.0.0"
    port: int = int(os.environ.get("SIGNAL_WORKER_PORT", "3210"))
    database_url: str = os.getenv("DATABASE_URL") or f"postgresql://telegram:telegram@localhost:{TIMESCALE_PORT}/telegram"
    redis_url: str = os.getenv("REDIS_URL", "redis://localhost:6379/1")
    workspace_api_url: str = os.getenv("WORKSPACE_API_URL", "http://localhost:3200")
    mtproto_metrics_url: str = os.getenv("MTPROTO_METRICS_URL", "")
    batch_size: int = field(default_factory=lambda: min(_int("BATCH_SIZE", 2000), MAX_BATCH_SIZE))
