from threading import Event

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.trace import SpanContext, TraceFlags

from available_schedules.observation import span_export
from available_schedules.observation.span_export import SpanExport
from available_schedules.observation.span_outcomes import SpanOutcomes
from available_schedules.process.trace_settings import TraceSettings

URL = "http://127.0.0.1:1"


class Collector:
    """In the place of the exporter; holds every batch until it is told to go on."""

    def __init__(self, result: SpanExportResult | Exception = SpanExportResult.SUCCESS) -> None:
        self.result = result
        self.busy = Event()
        self.go_on = Event()
        self.batches: list[int] = []

    def export(self, spans: list[ReadableSpan]) -> SpanExportResult:
        self.batches.append(len(spans))
        self.busy.set()
        assert self.go_on.wait(20)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def shutdown(self) -> None:
        pass


def span(flags: int = TraceFlags.SAMPLED) -> ReadableSpan:
    return ReadableSpan("a span", SpanContext(1, 2, False, TraceFlags(flags)))


def export_to(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> tuple[SpanExport, SpanOutcomes]:
    monkeypatch.setattr(span_export, "OTLPSpanExporter", lambda *_, **__: collector)
    outcomes = SpanOutcomes()
    settings = TraceSettings(schedule_delay_ms=10, max_queue_size=3, max_export_batch_size=2)
    return SpanExport(settings, URL, outcomes), outcomes


def test_a_full_queue_drops_what_comes_and_counts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    collector = Collector()
    export, outcomes = export_to(collector, monkeypatch)
    export.on_end(span())
    assert collector.busy.wait(20)
    for _ in range(5):
        export.on_end(span())
    assert (outcomes.exported, outcomes.dropped) == (0, 2)
    collector.go_on.set()
    export.close(20)
    assert (outcomes.exported, outcomes.dropped) == (4, 2)
    assert collector.batches == [1, 2, 1]


@pytest.mark.parametrize("result", [SpanExportResult.FAILURE, ValueError("on purpose")])
def test_a_batch_that_is_not_taken_is_dropped(
    monkeypatch: pytest.MonkeyPatch, result: SpanExportResult | Exception
) -> None:
    collector = Collector(result)
    collector.go_on.set()
    export, outcomes = export_to(collector, monkeypatch)
    for _ in range(3):
        export.on_end(span())
    export.close(20)
    assert (outcomes.exported, outcomes.dropped) == (0, 3)


def test_what_is_not_sampled_is_not_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    collector = Collector()
    collector.go_on.set()
    export, outcomes = export_to(collector, monkeypatch)
    export.on_end(span(TraceFlags.DEFAULT))
    export.close(20)
    assert (outcomes.exported, outcomes.dropped, collector.batches) == (0, 0, [])


def test_closing_waits_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    collector = Collector()
    export, outcomes = export_to(collector, monkeypatch)
    export.on_end(span())
    assert collector.busy.wait(20)
    export.close(0.05)
    assert (outcomes.exported, outcomes.dropped) == (0, 0)
    collector.go_on.set()
