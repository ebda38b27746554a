"""What an operator's monitoring reads. Counting one request costs some microseconds."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

disable_created_metrics()  # type: ignore[no-untyped-call]  # twice the lines, for nobody

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
"""A stranger's own inventions are one, or they would fill our memory."""
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Of one web process. Paths are templates: an address with a token in it is nobody's label."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "perron_requests_total",
            "Requests answered.",
            ("method", "path", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "perron_request_seconds",
            "Until the answer had left; streams until it began.",
            ("path",),
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self.inside = Gauge(
            "perron_requests_inside", "Requests being answered now.", registry=self.registry
        )
        self.shed = Counter(
            "perron_requests_shed_total", "Answered 503 at the door.", registry=self.registry
        )

        self._kinds: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        """Found again without asking for labels, which locks: there are as many as in the registry."""

    def note(self, method: str, path: str, status: int, seconds: float) -> None:
        kind = method if method in METHODS else "?", path, status
        known = self._kinds.get(kind)
        if known is None:
            of_path = self.seconds.labels(path)
            known = self._kinds[kind] = self.requests.labels(kind[0], path, str(status)), of_path
        requests, took = known
        requests.inc()
        took.observe(seconds)

    def text(self) -> bytes:
        return generate_latest(self.registry)
