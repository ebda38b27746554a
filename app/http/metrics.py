"""What an operator's monitoring reads. Counting one request costs a microsecond: it is summed here,
and put into the words of the library when somebody asks."""

from bisect import bisect_left
from collections.abc import Iterator

import msgspec
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

disable_created_metrics()  # type: ignore[no-untyped-call]  # twice the lines, for nobody

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
"""A stranger's own inventions are one, or they would fill our memory."""
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Took(msgspec.Struct):
    """How long the requests of one path took: all of them, and how many up to each bound."""

    seconds: float = 0.0
    within: list[int] = msgspec.field(default_factory=lambda: [0] * (len(BUCKETS_S) + 1))


class Requests(Collector):
    def __init__(self) -> None:
        self._answered: dict[tuple[str, str, int], int] = {}
        self._took: dict[str, Took] = {}

    def note(self, method: str, path: str, status: int, seconds: float) -> None:
        kind = method if method in METHODS else "?", path, status
        self._answered[kind] = self._answered.get(kind, 0) + 1
        took = self._took.get(path)
        if took is None:
            took = self._took[path] = Took()
        took.seconds += seconds
        took.within[bisect_left(BUCKETS_S, seconds)] += 1

    def collect(self) -> Iterator[Metric]:
        answered = CounterMetricFamily(
            "perron_requests", "Requests answered.", labels=("method", "path", "status")
        )
        for (method, path, status), count in self._answered.items():
            answered.add_metric((method, path, str(status)), count)
        yield answered
        lasting = HistogramMetricFamily(
            "perron_request_seconds",
            "Until the answer had left; streams until it began.",
            labels=("path",),
        )
        for path, took in self._took.items():
            lasting.add_metric((path,), _added_up(took.within), took.seconds)
        yield lasting


class Metrics:
    """Of one web process. Paths are templates: an address with a token in it is nobody's label."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Requests()
        self.registry.register(self._requests)
        self.inside = Gauge(
            "perron_requests_inside", "Requests being answered now.", registry=self.registry
        )
        self.shed = Counter(
            "perron_requests_shed_total", "Answered 503 at the door.", registry=self.registry
        )
        self.note = self._requests.note

    def text(self) -> bytes:
        return generate_latest(self.registry)


def _added_up(within: list[int]) -> list[tuple[str, float]]:
    """As the format wants it: each bound counts those below it as well."""
    bounds = [str(bound) for bound in BUCKETS_S] + ["+Inf"]
    return [(bound, sum(within[: at + 1])) for at, bound in enumerate(bounds)]
