package main

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"

	common "go.opentelemetry.io/proto/otlp/common/v1"
	wire "go.opentelemetry.io/proto/otlp/trace/v1"
)

const (
	callersTrace = "4bf92f3577b34da6a3ce929d0e0e4736"
	callersSpan  = "00f067aa0ba902b7"
)

// described is what a span must say of a request, beside what is the same for all requests of the test.
type described struct {
	method, target, fault string
	name                  string
	failed                bool
	attributes            map[string]any
}

var describedRequests = []described{
	{
		method: "GET", target: route + "?" + goodQuery, name: "GET " + route,
		attributes: map[string]any{
			"http.request.method": "GET", "http.route": route, "url.path": route, "url.query": goodQuery,
			"http.response.status_code": int64(200),
		},
	},
	{
		method: "GET", target: route, name: "GET " + route,
		attributes: map[string]any{
			"http.request.method": "GET", "http.route": route, "url.path": route, "http.response.status_code": int64(400),
		},
	},
	{
		method: "GET", target: route + "?" + goodQuery + "&unit_id=belem", name: "GET " + route,
		attributes: map[string]any{
			"http.request.method": "GET", "http.route": route, "url.path": route,
			"url.query": goodQuery + "&unit_id=belem", "http.response.status_code": int64(404),
		},
	},
	{
		method: "GET", target: "/nothing?a=b", name: "GET",
		attributes: map[string]any{
			"http.request.method": "GET", "url.path": "/nothing", "url.query": "a=b", "http.response.status_code": int64(404),
		},
	},
	{
		method: "POST", target: route, name: "POST " + route,
		attributes: map[string]any{
			"http.request.method": "POST", "http.route": route, "url.path": route, "http.response.status_code": int64(405),
		},
	},
	{
		method: "HEAD", target: route + "?" + goodQuery, name: "HEAD " + route,
		attributes: map[string]any{
			"http.request.method": "HEAD", "http.route": route, "url.path": route, "url.query": goodQuery,
			"http.response.status_code": int64(200),
		},
	},
	{
		method: "BREW", target: route, name: "HTTP " + route,
		attributes: map[string]any{
			"http.request.method": "_OTHER", "http.request.method_original": "BREW", "http.route": route, "url.path": route,
			"http.response.status_code": int64(405),
		},
	},
	{
		method: "get", target: "/", name: "HTTP",
		attributes: map[string]any{
			"http.request.method": "_OTHER", "http.request.method_original": "get", "url.path": "/",
			"http.response.status_code": int64(404),
		},
	},
	{
		// One byte that is no UTF-8 would cost the whole batch.
		method: "GET", target: "/%FF", name: "GET",
		attributes: map[string]any{
			"http.request.method": "GET", "url.path": "/\uFFFD", "http.response.status_code": int64(404),
		},
	},
	{
		method: "GET", target: route + "?" + goodQuery, fault: `"status":500,"count":1,"logged_status":200`,
		name: "GET " + route, failed: true,
		attributes: map[string]any{
			"http.request.method": "GET", "http.route": route, "url.path": route, "url.query": goodQuery,
			"http.response.status_code": int64(500), "error.type": "500",
		},
	},
	{
		method: "GET", target: route + "?" + goodQuery, fault: `"latency_ms":150,"count":1`, name: "GET " + route,
		attributes: map[string]any{
			"http.request.method": "GET", "http.route": route, "url.path": route, "url.query": goodQuery,
			"http.response.status_code": int64(200),
		},
	},
}

// differencesOf says in words what of a span is not as the row has it.
func differencesOf(row described, id string, line logLine, seen span) []string {
	expected := maps.Clone(row.attributes)
	maps.Copy(expected, map[string]any{
		"url.scheme": "http", "server.address": "dev.local", "server.port": int64(8080),
		"http.request.header.x-request-id": []any{id},
	})
	status := wire.Status_STATUS_CODE_UNSET
	if row.failed {
		status = wire.Status_STATUS_CODE_ERROR
	}
	var found []string
	note := func(part string, expected, seen any) {
		if !reflect.DeepEqual(expected, seen) {
			found = append(found, fmt.Sprintf("%s: expected %v, seen %v", part, expected, seen))
		}
	}
	note("name", row.name, seen.Name)
	note("kind", wire.Span_SPAN_KIND_SERVER, seen.Kind)
	has := attributes(seen.Attributes)
	for name := range expected {
		note(name, expected[name], has[name])
		delete(has, name)
	}
	note("more attributes", map[string]any{}, has)
	note("status", status, seen.GetStatus().GetCode())
	note("trace id", line.TraceID, seen.traceID())
	note("span id", line.SpanID, seen.spanID())
	note("microseconds", int64(math.Round(line.DurationSeconds*1e6)), int64(seen.EndTimeUnixNano-seen.StartTimeUnixNano)/1000)
	return found
}

func TestEveryObservedRequestIsOneSpanAndNothingElseIs(t *testing.T) {
	collector := startCollector(t, 0)
	app := startApp(t, collector.endpoint)
	lines := map[string]logLine{}
	for number, row := range describedRequests {
		if row.fault != "" {
			app.startFault(row.fault)
		}
		id := fmt.Sprint("request-", number)
		seen := app.request(row.method, row.target, map[string]string{"X-Request-Id": id})
		lines[id] = app.onlyLogLine()
		expected := "00-" + lines[id].TraceID + "-" + lines[id].SpanID + "-01"
		if traceparent := seen.header.Get("traceparent"); traceparent != expected {
			t.Errorf("%s: expected the answer to carry %s, seen %s", id, expected, traceparent)
		}
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		app.request("GET", path, nil)
	}
	if code := app.end(syscall.SIGTERM); code != 0 {
		t.Errorf("expected exit code 0, seen %d: %s", code, app.errors())
	}
	spans := map[string]span{}
	for _, taken := range collector.spans() {
		id, _ := attributes(taken.Attributes)["http.request.header.x-request-id"].([]any)
		spans[fmt.Sprint(id...)] = taken
	}
	if len(collector.spans()) != len(describedRequests) || len(spans) != len(describedRequests) {
		t.Fatalf("expected %d spans, one a request, seen %d: %v", len(describedRequests), len(collector.spans()), spans)
	}
	for number, row := range describedRequests {
		id := fmt.Sprint("request-", number)
		for _, difference := range differencesOf(row, id, lines[id], spans[id]) {
			t.Errorf("%s %s %s: %s", row.method, row.target, row.fault, difference)
		}
		if parent := spans[id].parentID(); parent != "" {
			t.Errorf("%s: expected no parent, seen %s", id, parent)
		}
	}
	slow := spans[fmt.Sprint("request-", len(describedRequests)-1)]
	if took := slow.EndTimeUnixNano - slow.StartTimeUnixNano; took < 150e6 {
		t.Errorf("expected the injected latency within the span, seen %d ns", took)
	}
}

func TestSeesEveryPartOfASpanThatIsWrong(t *testing.T) {
	wrong := span{Span: &wire.Span{Attributes: []*common.KeyValue{{Key: "more", Value: &common.AnyValue{}}}}}
	var parts []string
	for _, difference := range differencesOf(describedRequests[9], "id", logLine{TraceID: "a", SpanID: "b", DurationSeconds: 1}, wrong) {
		part, _, _ := strings.Cut(difference, ":")
		parts = append(parts, part)
	}
	slices.Sort(parts)
	expected := []string{
		"error.type", "http.request.header.x-request-id", "http.request.method", "http.response.status_code", "http.route",
		"kind", "microseconds", "more attributes", "name", "server.address", "server.port", "span id", "status", "trace id",
		"url.path", "url.query", "url.scheme",
	}
	if !slices.Equal(parts, expected) {
		t.Errorf("expected differences in %q, seen in %q", expected, parts)
	}
}

func TestASpanIsTheChildOfItsCallers(t *testing.T) {
	collector := startCollector(t, 0)
	app := startApp(t, collector.endpoint)
	app.request("GET", route, map[string]string{"traceparent": "00-" + callersTrace + "-" + callersSpan + "-01"})
	app.end(syscall.SIGTERM)
	if seen := collector.onlySpan(); seen.traceID() != callersTrace || seen.parentID() != callersSpan {
		t.Errorf("expected %s and the parent %s, seen %s and %s", callersTrace, callersSpan, seen.traceID(), seen.parentID())
	}
}

func TestAnUnsampledCallerIsFollowedAndNothingIsExported(t *testing.T) {
	collector := startCollector(t, 0)
	app := startApp(t, collector.endpoint)
	seen := app.request("GET", route, map[string]string{"traceparent": "00-" + callersTrace + "-" + callersSpan + "-00"})
	line := app.onlyLogLine()
	if expected := "00-" + callersTrace + "-" + line.SpanID + "-00"; seen.header.Get("traceparent") != expected ||
		line.TraceID != callersTrace || line.SpanID == callersSpan {
		t.Errorf("expected %s with a span of its own, seen %s, logged %s", expected, seen.header.Get("traceparent"), line.TraceID)
	}
	if seen := app.spansTotal(); seen != (spansTotal{}) {
		t.Errorf("expected no span to be counted, seen %+v", seen)
	}
	app.end(syscall.SIGTERM)
	if spans := collector.spans(); len(spans) != 0 {
		t.Errorf("expected no span, seen %v", spans)
	}
}

func TestWithoutPropagatorsACallerIsIgnored(t *testing.T) {
	collector := startCollector(t, 0)
	app := startApp(t, collector.endpoint, "OTEL_PROPAGATORS=none")
	answer := app.request("GET", route, map[string]string{"traceparent": "00-" + callersTrace + "-" + callersSpan + "-00"})
	line := app.onlyLogLine()
	app.end(syscall.SIGTERM)
	seen := collector.onlySpan()
	if seen.traceID() == callersTrace || seen.parentID() != "" {
		t.Errorf("expected a new trace, seen %s with the parent %q", seen.traceID(), seen.parentID())
	}
	expected := "00-" + seen.traceID() + "-" + seen.spanID() + "-01"
	if logged := "00-" + line.TraceID + "-" + line.SpanID + "-01"; answer.header.Get("traceparent") != expected || logged != expected {
		t.Errorf("expected %s, seen %s, logged %s", expected, answer.header.Get("traceparent"), logged)
	}
}

func TestSaysOfWhomASpanIs(t *testing.T) {
	for _, row := range []struct {
		environment []string
		expected    map[string]any
	}{
		{nil, map[string]any{"service.name": "available-schedules-go"}},
		{
			[]string{"OTEL_SERVICE_NAME=mine", "OTEL_RESOURCE_ATTRIBUTES=service.name=other,service.version=2,k8s.pod.name=a%20b"},
			map[string]any{"service.name": "mine", "service.version": "2", "k8s.pod.name": "a b"},
		},
	} {
		collector := startCollector(t, 0)
		app := startApp(t, append(row.environment, collector.endpoint)...)
		app.get()
		app.end(syscall.SIGTERM)
		seen := attributes(collector.onlySpan().resource.Attributes)
		for _, name := range []string{"telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version"} {
			if seen[name] == nil {
				t.Errorf("expected %s", name)
			}
			delete(seen, name)
		}
		if !reflect.DeepEqual(seen, row.expected) {
			t.Errorf("expected %v, seen %v", row.expected, seen)
		}
	}
}
