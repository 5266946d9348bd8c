from collections.abc import Callable, Sequence
from threading import Lock, Thread

import requests
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from ..process.trace_settings import TraceSettings
from .span_outcomes import SpanOutcomes


class SpanExport(SpanProcessor):
    """Hands ended spans to the SDK's batches, whose thread exports them, and counts what becomes of each.

    The limit of the queue is kept here: the SDK would drop from its own without telling whom."""

    def __init__(self, settings: TraceSettings, collector_url: str, outcomes: SpanOutcomes) -> None:
        self._outcomes = outcomes
        self._room = settings.max_queue_size
        self._lock = Lock()
        # The collector is a neighbour, not to be reached through a proxy that is meant for the world outside.
        session = requests.Session()
        session.trust_env = False
        exporter = OTLPSpanExporter(f"{collector_url}/v1/traces", session=session)
        self._batches = BatchSpanProcessor(
            _CountedExporter(exporter, self._leave_queue, outcomes),
            max_queue_size=settings.max_queue_size,
            schedule_delay_millis=settings.schedule_delay_ms,
            max_export_batch_size=settings.max_export_batch_size,
        )

    def on_end(self, span: ReadableSpan) -> None:
        if not (span.context and span.context.trace_flags.sampled):
            return
        with self._lock:
            has_room = self._room > 0
            self._room -= has_room
        if has_room:
            self._batches.on_end(span)
        else:
            self._outcomes.add(dropped=1)

    def close(self, within_seconds: float) -> None:
        """Exports what waits, and gives up what has not been taken in time."""
        # The SDK's own limit is 30 s. Neither this thread nor that of the batches keeps a process up.
        closing = Thread(target=self._batches.shutdown, name="closing the export of spans", daemon=True)
        closing.start()
        closing.join(within_seconds)

    def _leave_queue(self, count: int) -> None:
        with self._lock:
            self._room += count


class _CountedExporter(SpanExporter):
    def __init__(
        self, exporter: SpanExporter, leave_queue: Callable[[int], None], outcomes: SpanOutcomes
    ) -> None:
        self._exporter = exporter
        self._leave_queue = leave_queue
        self._outcomes = outcomes

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self._leave_queue(len(spans))
        result = SpanExportResult.FAILURE
        try:
            result = self._exporter.export(spans)
        finally:
            if result is SpanExportResult.SUCCESS:
                self._outcomes.add(exported=len(spans))
            else:
                self._outcomes.add(dropped=len(spans))
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()
