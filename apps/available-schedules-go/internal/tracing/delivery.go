package tracing

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/signalproof/available-schedules-go/internal/process"
)

var errQueueFull = errors.New("the queue of spans is full, and spans are dropped; " +
	"is the collector fast enough, and OTEL_BSP_MAX_QUEUE_SIZE large enough?")

// delivery stands before the SDK's batch processor, and counts. It keeps the queue's bound itself: the batch processor
// drops what is over it without a word. Every sampled span that ends is exported, dropped or still pending.
type delivery struct {
	ended    prometheus.Counter
	exported prometheus.Counter
	dropped  prometheus.Counter
	pending  atomic.Int64
	bound    int64
	// nil where nothing is exported.
	batches sdktrace.SpanProcessor
}

func newDelivery(bound int64) *delivery {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	return &delivery{
		ended:    counter("otel_spans_ended_total", "Sampled spans that have ended."),
		exported: counter("otel_spans_exported_total", "Spans that the collector has taken."),
		dropped:  counter("otel_spans_dropped_total", "Spans that were lost: the queue was full, or the export failed."),
		bound:    bound,
	}
}

func (d *delivery) exportTo(exporter sdktrace.SpanExporter, settings process.TracingSettings) {
	d.batches = sdktrace.NewBatchSpanProcessor(
		&countedExporter{exporter, d},
		sdktrace.WithBatchTimeout(settings.ScheduleDelay),
		sdktrace.WithMaxQueueSize(settings.MaxQueueSize),
		sdktrace.WithMaxExportBatchSize(settings.MaxExportBatchSize),
	)
}

// OnStart does nothing: only the end counts.
func (d *delivery) OnStart(context.Context, sdktrace.ReadWriteSpan) {}

// OnEnd never waits.
func (d *delivery) OnEnd(span sdktrace.ReadOnlySpan) {
	if !span.SpanContext().IsSampled() {
		return
	}
	d.ended.Inc()
	if d.batches == nil {
		return
	}
	if d.pending.Add(1) > d.bound {
		d.pending.Add(-1)
		d.dropped.Inc()
		otel.Handle(errQueueFull)
		return
	}
	d.batches.OnEnd(span)
}

func (d *delivery) ForceFlush(within context.Context) error {
	if d.batches == nil {
		return nil
	}
	return d.batches.ForceFlush(within)
}

func (d *delivery) Shutdown(within context.Context) error {
	if d.batches == nil {
		return nil
	}
	return d.batches.Shutdown(within)
}

// countedExporter counts what the batch processor has exported.
type countedExporter struct {
	sdktrace.SpanExporter
	delivery *delivery
}

func (e *countedExporter) ExportSpans(within context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(within, spans)
	outcome := e.delivery.exported
	if err != nil {
		outcome = e.delivery.dropped
	}
	outcome.Add(float64(len(spans)))
	e.delivery.pending.Add(-int64(len(spans)))
	return err
}
