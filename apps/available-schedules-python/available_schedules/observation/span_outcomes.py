from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock

from prometheus_client.core import CounterMetricFamily


@dataclass(slots=True, eq=False)
class SpanOutcomes:
    """What became of the sampled spans. Of those that ended, some may still wait for their export:
    without a collector all of them do, and no more is ever known of them."""

    ended: int = 0
    exported: int = 0
    dropped: int = 0
    _lock: Lock = field(default_factory=Lock)

    def add(self, *, ended: int = 0, exported: int = 0, dropped: int = 0) -> None:
        """Spans end and are exported in different threads."""
        with self._lock:
            self.ended += ended
            self.exported += exported
            self.dropped += dropped

    def collect(self) -> Iterator[CounterMetricFamily]:
        """The metrics, as a registry asks for them."""
        with self._lock:
            ended, exported, dropped = self.ended, self.exported, self.dropped
        yield CounterMetricFamily("otel_spans_ended", "Sampled spans that have ended.", ended)
        yield CounterMetricFamily("otel_spans_exported", "Spans that the collector has taken.", exported)
        yield CounterMetricFamily(
            "otel_spans_dropped", "Spans lost to a full queue or an export that failed.", dropped
        )
