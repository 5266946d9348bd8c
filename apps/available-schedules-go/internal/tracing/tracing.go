package tracing

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/signalproof/available-schedules-go/internal/process"
)

const (
	defaultServiceName = "available-schedules-go"
	scope              = "github.com/signalproof/available-schedules-go/internal/observation"
	// Standard error is for people: a collector that stays away is news once a minute, not once a batch.
	reportEvery = time.Minute
)

// Of a batch that the collector cannot take now. The SDK's own first pause of 5 s is longer than a stopping process has.
var retry = otlptracehttp.RetryConfig{
	Enabled:         true,
	InitialInterval: 250 * time.Millisecond,
	MaxInterval:     5 * time.Second,
	MaxElapsedTime:  30 * time.Second,
}

// Tracing makes the app's spans, and delivers those that are sampled.
type Tracing struct {
	provider   *sdktrace.TracerProvider
	tracer     trace.Tracer
	propagator propagation.TextMapPropagator
	delivery   *delivery
}

// New connects to nothing: the first batch does. The error is that of OTEL_RESOURCE_ATTRIBUTES, or of one of the
// exporter's own variables.
func New(settings process.TracingSettings) (*Tracing, error) {
	otel.SetErrorHandler(newReports(process.Announce, reportEvery, time.Now))
	about, err := resource.New(
		context.Background(),
		resource.WithAttributes(semconv.ServiceName(defaultServiceName)),
		resource.WithTelemetrySDK(),
		resource.WithFromEnv(),
	)
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES must be name=value pairs with commas between them: %w", err)
	}
	delivery := &delivery{bound: int64(settings.MaxQueueSize)}
	if settings.Endpoint != "" {
		exporter, err := otlptracehttp.New(
			context.Background(),
			otlptracehttp.WithEndpointURL(settings.Endpoint+"/v1/traces"),
			otlptracehttp.WithRetry(retry),
		)
		if err != nil {
			return nil, fmt.Errorf("spans cannot be exported: %w", err)
		}
		delivery.exportTo(exporter, settings)
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithResource(about),
		sdktrace.WithSampler(sampler(settings)),
		sdktrace.WithSpanProcessor(delivery),
	)
	return &Tracing{provider, provider.Tracer(scope), propagator(settings), delivery}, nil
}

// StartServer starts the span of a request as the child of its caller's span, if there is one.
func (t *Tracing) StartServer(caller Caller, name string, arrived time.Time) trace.Span {
	_, span := t.tracer.Start(
		t.propagator.Extract(context.Background(), caller.carrier()), name,
		trace.WithSpanKind(trace.SpanKindServer), trace.WithTimestamp(arrived),
	)
	return span
}

// Collectors are the counters of what became of the spans.
func (t *Tracing) Collectors() []prometheus.Collector {
	return t.delivery.collectors()
}

// Flush exports what has ended so far, as far as the context lets it.
func (t *Tracing) Flush(within context.Context) {
	if err := t.provider.ForceFlush(within); err != nil {
		otel.Handle(err)
	}
}

// Close exports what has ended, as far as the context lets it, and says how many spans were lost since the start.
func (t *Tracing) Close(within context.Context) {
	if err := t.provider.Shutdown(within); err != nil {
		otel.Handle(err)
	}
	if lost := t.delivery.lost(); lost > 0 {
		process.Announce(fmt.Sprintf("%d of %d spans could not be exported and are lost", lost, t.delivery.ended.Load()))
	}
}

func sampler(settings process.TracingSettings) sdktrace.Sampler {
	samplers := map[process.Sampler]sdktrace.Sampler{
		process.AlwaysOn:  sdktrace.AlwaysSample(),
		process.AlwaysOff: sdktrace.NeverSample(),
		process.Ratio:     sdktrace.TraceIDRatioBased(settings.SampledRatio),
	}
	if settings.ParentBased {
		return sdktrace.ParentBased(samplers[settings.Sampler])
	}
	return samplers[settings.Sampler]
}

func propagator(settings process.TracingSettings) propagation.TextMapPropagator {
	if settings.Propagate {
		return propagation.TraceContext{}
	}
	return propagation.NewCompositeTextMapPropagator()
}
