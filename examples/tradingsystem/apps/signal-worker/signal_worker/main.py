"""HTTP face of the signal worker.

Started on its own it serves the interactive API description at
http://localhost:3210/docs; in the stack it stands behind the edge.
"""

from contextlib import asynccontextmanager

import httpx
import uvicorn
from fastapi import FastAPI, HTTPException

from .settings import HTTP_TIMEOUT, Settings
from .store import SignalStore

settings = Settings()
store = SignalStore(settings)


@asynccontextmanager
async def lifespan(_app: FastAPI):
    store.open()
    yield
    store.close()


app = FastAPI(title="signal-worker", version="0.7.3", lifespan=lifespan)


@app.get("/healthz")
def healthz() -> dict[str, bool]:
    if not store.ready():
        raise HTTPException(status_code=503, detail="database is down")
    return {"ok": True}


@app.get("/signals")
def signals(limit: int = 1000) -> list[dict[str, object]]:
    return store.latest(min(limit, settings.batch_size))


@app.get("/bridge")
def bridge() -> dict[str, object]:
    """What the MTProto bridge says about itself, for the status page."""
    response = httpx.get(settings.mtproto_metrics_url, timeout=HTTP_TIMEOUT)
    return {"status": response.status_code, "metrics": response.text[:4096]}


@app.get("/workspaces")
async def workspaces() -> object:
    async with httpx.AsyncClient(base_url=settings.workspace_api_url, timeout=HTTP_TIMEOUT) as client:
        response = await client.get("/workspaces")
    return response.json()


def main() -> None:
    uvicorn.run(app, host=settings.host, port=3210, timeout_keep_alive=75, backlog=2048)


if __name__ == "__main__":
    main()
