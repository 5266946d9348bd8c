package observation

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/trace"
)

// 0.3 is the latency objective's threshold: an objective can only be measured at an edge.
var durationEdges = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5}

var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

const otherMethod = "_OTHER"

// methodLabel bounds the label: a client can invent any number of methods.
func methodLabel(method string) string {
	if slices.Contains(methods, method) {
		return method
	}
	return otherMethod
}

// Metrics are the two request metrics, and what is exposed beside them.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
}

// NewMetrics starts every route and status at 0 before the first request: a counter born at its first error has no
// increase that a rule could see.
func NewMetrics(statusesByRoute map[string][]int, more ...prometheus.Collector) *Metrics {
	metrics := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_requests_total",
			Help: "Requests answered, by route template and status.",
		}, []string{"method", "route", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "http_request_duration_seconds",
			Help:    "Time from the request's arrival to the end of its answer.",
			Buckets: durationEdges,
		}, []string{"method", "route"}),
	}
	metrics.registry.MustRegister(
		metrics.requests,
		metrics.durations,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	metrics.registry.MustRegister(more...)
	for route, statuses := range statusesByRoute {
		metrics.durations.WithLabelValues("GET", route)
		for _, status := range statuses {
			metrics.requests.WithLabelValues("GET", route, strconv.Itoa(status))
		}
	}
	return metrics
}

// observe leaves the span as the duration's exemplar if it is sampled: no other can be looked up.
func (m *Metrics) observe(method, route string, status int, durationSeconds float64, span trace.SpanContext) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	duration := m.durations.WithLabelValues(method, route)
	if with, can := duration.(prometheus.ExemplarObserver); can && span.IsSampled() {
		with.ObserveWithExemplar(durationSeconds, prometheus.Labels{
			"trace_id": span.TraceID().String(), "span_id": span.SpanID().String(),
		})
		return
	}
	duration.Observe(durationSeconds)
}

// Exposition serves the text of all metrics, OpenMetrics (which alone has exemplars) to a scraper that asks for it.
func (m *Metrics) Exposition() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
}
