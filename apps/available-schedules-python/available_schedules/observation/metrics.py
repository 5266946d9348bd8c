from collections.abc import Iterable, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder

from .identity import Identity
from .span_outcomes import SpanOutcomes

# 0.3 is the latency objective's threshold: an objective can only be measured at an edge.
DURATION_EDGES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def method_label(method: str) -> str:
    """Bounds the label: a client can invent any number of methods."""
    return method if method in METHODS else "_OTHER"


class Metrics:
    """The two request metrics, and what became of the spans. `statuses_by_route` is what starts at 0 before
    the first request: a counter born at its first error has no increase that a rule could see."""

    def __init__(self, statuses_by_route: Mapping[str, Iterable[int]], spans: SpanOutcomes) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)
        self._registry.register(spans)
        self._requests = Counter(
            "http_requests_total",
            "Requests answered, by route template and status.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._durations = Histogram(
            "http_request_duration_seconds",
            "Time from the request's arrival to the end of its answer.",
            ["method", "route"],
            buckets=DURATION_EDGES,
            registry=self._registry,
        )
        for route, statuses in statuses_by_route.items():
            self._durations.labels("GET", route)
            for status in statuses:
                self._requests.labels("GET", route, str(status))

    def observe(
        self, method: str, route: str, status: int, duration_seconds: float, identity: Identity
    ) -> None:
        """Counts one request. Its duration is the exemplar of its bucket, if its span can be found."""
        self._requests.labels(method, route, str(status)).inc()
        exemplar = {"trace_id": identity.trace_id, "span_id": identity.span_id} if identity.sampled else None
        self._durations.labels(method, route).observe(duration_seconds, exemplar)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """The text of all metrics and its content type, OpenMetrics if `accept` asks for it."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type
