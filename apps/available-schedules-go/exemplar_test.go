package main

import (
	"fmt"
	"strings"
	"testing"
)

var openMetrics = map[string]string{"Accept": "application/openmetrics-text;version=1.0.0;q=0.9,text/plain;q=0.5"}

// exemplars are the label sets of the duration's exemplars.
func exemplars(app *runningApp, accept map[string]string) []string {
	app.t.Helper()
	var found []string
	for line := range strings.Lines(app.request("GET", "/metrics", accept).body) {
		if _, rest, has := strings.Cut(line, " # "); has && strings.HasPrefix(line, "http_request_duration_seconds_bucket{") {
			labels, _, _ := strings.Cut(rest, " ")
			found = append(found, labels)
		}
	}
	return found
}

func TestTheExemplarOfADurationIsItsSpan(t *testing.T) {
	app := startApp(t)
	app.get()
	line := app.onlyLogLine()
	seen := exemplars(app, openMetrics)
	either := []string{
		fmt.Sprintf(`{trace_id=%q,span_id=%q}`, line.TraceID, line.SpanID),
		fmt.Sprintf(`{span_id=%q,trace_id=%q}`, line.SpanID, line.TraceID),
	}
	if len(seen) != 1 || (seen[0] != either[0] && seen[0] != either[1]) {
		t.Errorf("expected one exemplar %s, seen %q", either[0], seen)
	}
	if plain := app.request("GET", "/metrics", nil).body; strings.Contains(plain, " # ") || strings.Contains(plain, line.TraceID) {
		t.Errorf("expected no exemplar in the plain format")
	}
}

func TestAnUnsampledSpanIsNoExemplar(t *testing.T) {
	app := startApp(t)
	app.request("GET", route, map[string]string{"traceparent": "00-" + callersTrace + "-" + callersSpan + "-00"})
	if seen := exemplars(app, openMetrics); len(seen) != 0 {
		t.Errorf("expected no exemplar, seen %q", seen)
	}
}
