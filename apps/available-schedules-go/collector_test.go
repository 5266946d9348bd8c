package main

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	resource "go.opentelemetry.io/proto/otlp/resource/v1"
	wire "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// runningCollector takes OTLP over HTTP, and keeps the spans.
type runningCollector struct {
	t        *testing.T
	endpoint string
	mutex    sync.Mutex
	taken    []span
	refused  int
}

// span is a span as it came over the wire.
type span struct {
	*wire.Span
	resource *resource.Resource
}

// startCollector starts a collector that first refuses so many batches for the moment.
func startCollector(t *testing.T, refusals int) *runningCollector {
	t.Helper()
	running := &runningCollector{t: t}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running.mutex.Lock()
		defer running.mutex.Unlock()
		if running.refused < refusals {
			running.refused++
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		running.take(r)
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(server.Close)
	running.endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT=" + server.URL
	return running
}

func (c *runningCollector) take(r *http.Request) {
	if r.Method != http.MethodPost || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
		c.t.Errorf("expected POST /v1/traces of protobuf, seen %s %s of %s", r.Method, r.URL.Path, r.Header.Get("Content-Type"))
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Error(err)
	}
	var request collector.ExportTraceServiceRequest
	if err := proto.Unmarshal(body, &request); err != nil {
		c.t.Error(err)
	}
	for _, resource := range request.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			for _, taken := range scope.Spans {
				c.taken = append(c.taken, span{taken, resource.Resource})
			}
		}
	}
}

func (c *runningCollector) spans() []span {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return append([]span{}, c.taken...)
}

// onlySpan is what the collector has; it must be there.
func (c *runningCollector) onlySpan() span {
	c.t.Helper()
	spans := c.spans()
	if len(spans) != 1 {
		c.t.Fatalf("expected exactly one span, saw %d: %v", len(spans), spans)
	}
	return spans[0]
}

func (s span) traceID() string  { return hex.EncodeToString(s.TraceId) }
func (s span) spanID() string   { return hex.EncodeToString(s.SpanId) }
func (s span) parentID() string { return hex.EncodeToString(s.ParentSpanId) }

// attributes are values of Go: string, int64, []any.
func attributes(all []*common.KeyValue) map[string]any {
	found := map[string]any{}
	for _, attribute := range all {
		found[attribute.Key] = value(attribute.Value)
	}
	return found
}

func value(of *common.AnyValue) any {
	switch kind := of.Value.(type) {
	case *common.AnyValue_StringValue:
		return kind.StringValue
	case *common.AnyValue_IntValue:
		return kind.IntValue
	case *common.AnyValue_ArrayValue:
		values := []any{}
		for _, element := range kind.ArrayValue.Values {
			values = append(values, value(element))
		}
		return values
	}
	return of
}
