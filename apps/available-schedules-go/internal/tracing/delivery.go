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
	ended    atomic.Int64
	exported atomic.Int64
	dropped  atomic.Int64
	pending  atomic.Int64
	bound    int64
	// nil where nothing is exported.
	batches sdktrace.SpanProcessor
}

// collectors are the three counts as metrics.
func (d *delivery) collectors() []prometheus.Collector {
	counter := func(name, help string, count *atomic.Int64) prometheus.Collector {
		options := prometheus.CounterOpts{Name: name, Help: help}
		return prometheus.NewCounterFunc(options, func() float64 { return float64(count.Load()) })
	}
	return []prometheus.Collector{
		counter("otel_spans_ended_total", "Sampled spans that have ended.", &d.ended),
		counter("otel_spans_exported_total", "Spans that the collector has taken.", &d.exported),
		counter("otel_spans_dropped_total", "Spans that were lost: the queue was full, or the export failed.", &d.dropped),
	}
}

// lost is how many spans were to be exported, and have not been.
func (d *delivery) lost() int64 {
	if d.batches == nil {
		return 0
	}
	return d.ended.Load() - d.exported.Load()
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
	d.ended.Add(1)
	if d.batches == nil {
		return
	}
	if d.pending.Add(1) > d.bound {
		d.pending.Add(-1)
		d.dropped.Add(1)
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
	outcome := &e.delivery.exported
	if err != nil {
		outcome = &e.delivery.dropped
	}
	outcome.Add(int64(len(spans)))
	e.delivery.pending.Add(-int64(len(spans)))
	return err
}
