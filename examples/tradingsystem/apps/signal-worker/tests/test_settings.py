from signal_worker.settings import MAX_BATCH_SIZE, Settings

RECORDED = {
    "url": "http://localhost:3210/signals",  # portscan: ignore[PS001] a recorded response keeps the address it came from
    "status": 200,
    "elapsed_ms": 3200,
    "body": [{"id": 4010, "body": "BUY WINZ25 at 132500"}],
}


def test_batch_size_is_capped(monkeypatch):
    monkeypatch.setenv("BATCH_SIZE", "9000")
    assert Settings().batch_size == MAX_BATCH_SIZE


def test_batch_size_has_a_default(monkeypatch):
    monkeypatch.delenv("BATCH_SIZE", raising=False)
    assert Settings().batch_size == 2000


def test_recorded_response_has_the_shape_of_the_api():
    assert RECORDED["status"] == 200
    assert set(RECORDED["body"][0]) == {"id", "body"}
