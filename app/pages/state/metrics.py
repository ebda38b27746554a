"""/metrics for Prometheus: requests of this process, and the queues of all."""

import time
from typing import Any

from litestar import Request, Response, get
from prometheus_client import Gauge

from app import db
from app.errors import NotFound
from app.http.metrics import Metrics
from app.pages.state import health

FRESH_S = 5.0


@get("/metrics", tags=["operators"])
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Text format of Prometheus. For inside only: through a proxy there is nothing here."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        raise NotFound("There is nothing here.")
    state = request.app.state
    gauges: Gauges = state.setdefault("gauges", None) or Gauges(state.metrics)
    state["gauges"] = gauges
    if time.monotonic() - gauges.read_at > FRESH_S:
        async with db.begin(state.pool) as connection:
            gauges.set(await health.health(state, connection), await health.queues(connection))
    return Response(state.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


class Gauges:
    """Read from the database at most every five seconds, however many ask."""

    def __init__(self, metrics: Metrics) -> None:
        def gauge(name: str, meaning: str, *labels: str) -> Gauge:
            return Gauge(f"perron_{name}", meaning, labels, registry=metrics.registry)

        self.read_at = float("-inf")
        self._redis = gauge("redis_up", "1 when Redis carries changes between processes.")
        self._worker = gauge("worker_swept_seconds", "Since some worker took its turn.")
        self._size = gauge("database_bytes", "Size of the database.")
        self._used = gauge("pool_used", "Connections of this process that are in use.")
        self._events = gauge("outbox_waiting", "Events not heard yet.", "consumer")
        self._oldest = gauge("outbox_oldest_seconds", "Age of the oldest of them.", "consumer")
        self._parked = gauge("outbox_parked", "Events that wait for an operator.", "consumer")
        self._waiting = gauge("steps_waiting", "Steps not taken yet.", "kind")
        self._late = gauge("steps_late", "... that are due for more than a minute.", "kind")
        self._failed = gauge("steps_failed", "Steps that wait for an operator.", "kind")

    def set(self, now: health.Health, queues: health.Queues) -> None:
        self.read_at = time.monotonic()
        self._redis.set(now.redis_works)
        self._worker.set(float("inf") if now.worker_swept_s is None else now.worker_swept_s)
        self._size.set(now.database_bytes)
        self._used.set(now.pool_used)
        for gauge in (self._events, self._oldest, self._parked):
            gauge.clear()
        for depth in queues.consumers:
            self._events.labels(depth.consumer).set(depth.waiting)
            self._oldest.labels(depth.consumer).set(depth.oldest_s)
            self._parked.labels(depth.consumer).set(depth.parked)
        for gauge in (self._waiting, self._late, self._failed):
            gauge.clear()
        for step in queues.steps:
            self._waiting.labels(step.kind).set(step.waiting)
            self._late.labels(step.kind).set(step.late)
            self._failed.labels(step.kind).set(step.failed)


routes: list[Any] = [metrics]
